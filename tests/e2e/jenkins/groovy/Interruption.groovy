/** Somebody aborted the build, as FlowInterruptedException. */
class Interruption extends Exception {
}
