variable "context" {
  description = "Prefix of all names and the tags of all resources: `module.context.config`."
  type        = object({ prefix = string, all_tags = map(string) })
  nullable    = false
}

variable "name" {
  description = "Name of the function after the prefix. The whole name has at most 55 characters, because the names of its role and of its watchdog are longer."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9-_]+$", var.name)) && length("${var.context.prefix}-${var.name}") <= 55
    error_message = "The function would be named \"${var.context.prefix}-${var.name}\". Take letters, digits, hyphens and underscores, 55 characters at most with the prefix."
  }
}

variable "package" {
  description = "The zip that `cargo lambda build` made: its `path`, and a code signing configuration where the account signs its functions."
  type        = object({ path = string, code_signing_config_arn = optional(string) })
  nullable    = false

  validation {
    condition     = fileexists(var.package.path)
    error_message = "There is no file \"${var.package.path}\". Make it: cargo lambda build --release --output-format zip --package generate-codedeploy-artifact (add --arm64 for arm64)."
  }
}

variable "architecture" {
  description = "What the zip was built for: `x86_64`, or `arm64` (`cargo lambda build --arm64`)."
  type        = string
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture is \"${var.architecture}\"; Lambda knows x86_64 and arm64."
  }
}

variable "memory_size" {
  description = "Memory in MB, 128-10240. A usual job needs less than 20; more memory also means more CPU."
  type        = number
  default     = 128
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size is ${var.memory_size}; Lambda takes whole numbers from 128 to 10240."
  }
}

variable "timeout" {
  description = "Seconds that one job may take, 10-300. Three attempts and the pauses between them must end before CodePipeline gives a silent function up, after 20 minutes."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.timeout >= 10 && var.timeout <= 300 && floor(var.timeout) == var.timeout
    error_message = "timeout is ${var.timeout}; take 10 to 300 seconds. With more, the attempts of one job may outlast the 20 minutes after which CodePipeline gives up."
  }
}

variable "reserved_concurrency" {
  description = "Jobs that run at once, and the part of the account's concurrency that is set aside for them; -1, the default, sets nothing aside. Lambda refuses to set aside what a new account with a quota of 10 has."
  type        = number
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrency == -1 || var.reserved_concurrency >= 1
    error_message = "reserved_concurrency is ${var.reserved_concurrency}; 0 would switch the function off. Take 1 or more, or -1 for no reservation."
  }
}

variable "tracing_mode" {
  description = "X-Ray: `PassThrough` traces what an already traced caller asks for (CodePipeline never does), `Active` samples by itself and lets the role send segments."
  type        = string
  default     = "PassThrough"
  nullable    = false

  validation {
    condition     = contains(["PassThrough", "Active"], var.tracing_mode)
    error_message = "tracing_mode is \"${var.tracing_mode}\"; X-Ray knows PassThrough and Active."
  }
}

variable "allowed_role_arns" {
  description = "Roles that a request may name in `role_arn`, whole ARNs. The function may assume these and no other."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.allowed_role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$", arn))])
    error_message = "Every item of allowed_role_arns must be the whole ARN of a role, such as arn:aws:iam::123456789012:role/NAME. Wildcards are not allowed."
  }
}

variable "allowed_accounts" {
  description = "Accounts whose jobs are done, 12 digits each; null means the account of the function only."
  type        = list(string)
  default     = null

  validation {
    condition     = try(length(var.allowed_accounts), 1) > 0 && alltrue([for id in coalesce(var.allowed_accounts, []) : can(regex("^[0-9]{12}$", id))])
    error_message = "allowed_accounts must list account ids of 12 digits. An empty list would allow every account: leave the variable out for the account of the function."
  }
}

variable "allowed_task_definitions" {
  description = "Task definition families that a request may name, `*` at the end for any rest; whoever edits a pipeline can read the environment of these. Null means the family in `user_parameters.task_definition`, or any if the request names none."
  type        = list(string)
  default     = null

  validation {
    condition     = try(length(var.allowed_task_definitions), 1) > 0 && alltrue([for family in coalesce(var.allowed_task_definitions, []) : can(regex("^([A-Za-z0-9_-]{1,255}[*]?|[*])$", family))])
    error_message = "Every item of allowed_task_definitions must be a family of letters, digits, hyphens and underscores, or the beginning of one followed by *. An empty list would allow every family: leave the variable out, or write [\"*\"]."
  }
}

variable "artifact_bucket" {
  description = "Where the artifacts of its pipelines are, `module.pipeline.artifact_bucket`: jobs with artifacts elsewhere are refused. Null means anywhere. `key_arn` is used where `s3_access` is `execution-role`."
  type        = object({ name = string, key_arn = string })
  default     = null
}

variable "s3_access" {
  description = "Whose credentials reach the artifacts: `artifact-credentials`, those of the job, or `execution-role`, the function's own. With the second, whoever may invoke the function reaches what its role reaches."
  type        = string
  default     = "artifact-credentials"
  nullable    = false

  validation {
    condition     = contains(["artifact-credentials", "execution-role"], var.s3_access)
    error_message = "s3_access is \"${var.s3_access}\"; take artifact-credentials or execution-role."
  }

  validation {
    condition     = var.s3_access != "execution-role" || var.artifact_bucket != null
    error_message = "With s3_access = \"execution-role\" the function's role needs a bucket: set artifact_bucket = module.pipeline.artifact_bucket."
  }
}

variable "log_level" {
  description = "Least severe line that is logged: `error`, `warn`, `info`, `debug` or `trace`. No level shows credentials."
  type        = string
  default     = "info"
  nullable    = false

  validation {
    condition     = contains(["error", "warn", "info", "debug", "trace"], var.log_level)
    error_message = "log_level is \"${var.log_level}\"; take error, warn, info, debug or trace."
  }
}

variable "log_retention_in_days" {
  description = "Days that log lines are kept, one of the values that CloudWatch Logs knows; 0 means for ever."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_in_days)
    error_message = "log_retention_in_days is ${var.log_retention_in_days}; CloudWatch Logs knows 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 and 3653."
  }
}

variable "kms_key_arn" {
  description = "Key for the log group and the environment; its policy must let logs.REGION.amazonaws.com use it. Null means the keys of the two services."
  type        = string
  default     = null
}

variable "input_artifacts" {
  description = "Artifacts that the action gets, at most 5; the files of a request, `ARTIFACT::PATH`, are in them."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.input_artifacts) <= 5 && alltrue([for name in var.input_artifacts : can(regex("^[A-Za-z0-9_-]{1,100}$", name))])
    error_message = "input_artifacts holds at most 5 names of 1-100 letters, digits, hyphens and underscores."
  }
}

variable "output_artifact" {
  description = "Name of the artifact that the action makes, 1-100 letters, digits, hyphens and underscores."
  type        = string
  default     = "codedeploy_artifact"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,100}$", var.output_artifact)) && !contains(var.input_artifacts, var.output_artifact)
    error_message = "output_artifact is \"${var.output_artifact}\"; take 1-100 letters, digits, hyphens and underscores, and another name than the input artifacts have."
  }
}

variable "namespace" {
  description = "Namespace of the action's output variables: a later action reads `#{NAMESPACE.task_definition_arn}`."
  type        = string
  default     = "codedeploy_artifact"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9@_-]{1,100}$", var.namespace))
    error_message = "namespace is \"${var.namespace}\"; take 1-100 letters, digits, @, hyphens and underscores."
  }
}

variable "watchdog" {
  description = "Whether a second function with the same zip reports the jobs that an invocation could not report itself, because it was killed, ran out of memory or time, or never started. Without it such a job blocks its pipeline for 20 minutes."
  type        = bool
  default     = true
  nullable    = false
}
