/** A step failed, as hudson.AbortException: the build fails, without a stack trace. */
class Failure extends Exception {
    Failure(String message) { super(message) }
}
