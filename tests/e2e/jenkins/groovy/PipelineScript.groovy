/** A Jenkinsfile or a variable of a library: what it does not define itself is a step. */
abstract class PipelineScript extends Script {
    Object methodMissing(String name, Object args) {
        return binding.getVariable('steps').invokeMethod(name, args)
    }
}
