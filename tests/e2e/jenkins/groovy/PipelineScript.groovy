/** A Jenkinsfile or a variable of a library: what it does not define itself is a step. */
abstract class PipelineScript extends Script {
    Object methodMissing(String name, Object args) {
        // A step of a plugin that is not installed, as Jenkins says it.
        if (!binding.getVariable('steps').has(name)) {
            throw new NoSuchMethodError("No such DSL method '${name}' found among steps")
        }
        return binding.getVariable('steps').invokeMethod(name, args)
    }
}
