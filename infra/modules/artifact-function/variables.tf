variable "context" {
  description = "Name prefix, tags and IAM settings for all resources; pass `module.context.config`."
  type = object({
    prefix   = string
    all_tags = map(string)
    iam      = optional(object({ path = optional(string, "/"), permissions_boundary_arn = optional(string) }), {})
  })
  nullable = false
}

variable "name" {
  description = "Name of the function, appended to the prefix. The role of the watchdog is named PREFIX-NAME-watchdog-REGION, at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9-_]+$", var.name)) && length("${var.context.prefix}-${var.name}-watchdog-${local.region}") <= 64
    error_message = "name must consist of letters, digits, hyphens and underscores, with at most 64 characters in the name of the watchdog's role; found \"${var.context.prefix}-${var.name}-watchdog-${local.region}\"."
  }
}

variable "package" {
  description = "Deployment package, as a file or in S3: `path` of the ZIP file of a release or of `.ci/cargo-release lambda build`, or `s3_uri` of that ZIP file in a bucket in the same Region, with an optional `s3_object_version`. A new file in S3 is deployed if its key or version changes. Optionally a code signing configuration."
  type        = any
  nullable    = false
}

variable "architecture" {
  description = "Instruction set architecture of the ZIP: `x86_64`, or `arm64` (built with `--arm64`)."
  type        = string
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64; found \"${var.architecture}\"."
  }
}

variable "memory_size" {
  description = "Memory in MB, 128-10240. A typical job uses less than 20 MB; more memory also means more CPU."
  type        = number
  default     = 128
  nullable    = false

  validation {
    condition     = var.memory_size >= 128 && var.memory_size <= 10240 && floor(var.memory_size) == var.memory_size
    error_message = "memory_size must be an integer between 128 and 10240; found ${var.memory_size}."
  }
}

variable "timeout" {
  description = "Timeout of one invocation in seconds, 10-300. Three attempts, including the delays between them, must finish before CodePipeline's own timeout of 20 minutes."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.timeout >= 10 && var.timeout <= 300 && floor(var.timeout) == var.timeout
    error_message = "timeout must be an integer between 10 and 300 seconds, so that all attempts of a job finish within CodePipeline's timeout of 20 minutes; found ${var.timeout}."
  }
}

variable "reserved_concurrency" {
  description = "Reserved concurrent executions; -1 reserves none. New accounts with a concurrency quota of 10 cannot reserve any."
  type        = number
  default     = -1
  nullable    = false

  validation {
    condition     = var.reserved_concurrency == -1 || var.reserved_concurrency >= 1
    error_message = "reserved_concurrency must be -1 (no reservation), or 1 or more, because 0 disables the function; found ${var.reserved_concurrency}."
  }
}

variable "tracing_mode" {
  description = "X-Ray tracing mode: `PassThrough` traces only if the caller does (CodePipeline does not); `Active` samples requests and grants the role permission to send segments."
  type        = string
  default     = "PassThrough"
  nullable    = false

  validation {
    condition     = contains(["PassThrough", "Active"], var.tracing_mode)
    error_message = "tracing_mode must be PassThrough or Active; found \"${var.tracing_mode}\"."
  }
}

variable "allowed_role_arns" {
  description = "ARNs of the roles that a request can name in `role_arn`. The function can assume only these."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.allowed_role_arns : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$", arn))])
    error_message = "allowed_role_arns must be role ARNs without wildcards, such as arn:aws:iam::123456789012:role/NAME."
  }
}

variable "allowed_accounts" {
  description = "IDs of the AWS accounts whose jobs the function accepts. Null allows only the function's account."
  type        = list(string)
  default     = null

  validation {
    condition     = try(length(var.allowed_accounts), 1) > 0 && alltrue([for id in coalesce(var.allowed_accounts, []) : can(regex("^[0-9]{12}$", id))])
    error_message = "allowed_accounts must be 12-digit account IDs. An empty list would allow every account: use null for the function's account."
  }
}

variable "allowed_task_definitions" {
  description = "Task definition families that a request can name, optionally ending in `*`. Anyone who can edit the pipeline can read the environment variables of these. Null allows the family in `user_parameters.task_definition`, or all families if that is not set."
  type        = list(string)
  default     = null

  validation {
    condition     = try(length(var.allowed_task_definitions), 1) > 0 && alltrue([for family in coalesce(var.allowed_task_definitions, []) : can(regex("^([A-Za-z0-9_-]{1,255}[*]?|[*])$", family))])
    error_message = "allowed_task_definitions must be task definition families, or prefixes followed by *. An empty list would allow every family: use null, or [\"*\"]."
  }
}

variable "artifact_bucket" {
  description = "Artifact bucket of the pipeline; pass `module.pipeline.artifact_bucket`. Jobs with artifacts in other buckets are rejected. Null allows any bucket. `key_arn` is used only if `s3_access` is `execution-role`."
  type        = object({ name = string, key_arn = string })
  default     = null
}

variable "s3_access" {
  description = "Credentials for accessing artifacts: `artifact-credentials` (the job's) or `execution-role` (the function's). With `execution-role`, anyone who can invoke the function can access every artifact that its role can."
  type        = string
  default     = "artifact-credentials"
  nullable    = false

  validation {
    condition     = contains(["artifact-credentials", "execution-role"], var.s3_access)
    error_message = "s3_access must be artifact-credentials or execution-role; found \"${var.s3_access}\"."
  }

  validation {
    condition     = var.s3_access != "execution-role" || var.artifact_bucket != null
    error_message = "s3_access = \"execution-role\" requires artifact_bucket; set it to module.pipeline.artifact_bucket."
  }
}

variable "log_level" {
  description = "Log level: `error`, `warn`, `info`, `debug` or `trace`. Credentials are never logged."
  type        = string
  default     = "info"
  nullable    = false

  validation {
    condition     = contains(["error", "warn", "info", "debug", "trace"], var.log_level)
    error_message = "log_level must be error, warn, info, debug or trace; found \"${var.log_level}\"."
  }
}

variable "log_retention_in_days" {
  description = "Log retention in days, one of the values that CloudWatch Logs supports; 0 keeps logs forever."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = contains([0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_in_days)
    error_message = "log_retention_in_days must be 0, 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653; found ${var.log_retention_in_days}."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key for the log group and the environment variables; its key policy must allow logs.REGION.amazonaws.com. Null uses the AWS owned keys."
  type        = string
  default     = null
}

variable "input_artifacts" {
  description = "Input artifacts of the action, at most 5. The request's files (`ARTIFACT::PATH`) are in these."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.input_artifacts) <= 5 && alltrue([for name in var.input_artifacts : can(regex("^[A-Za-z0-9_-]{1,100}$", name))])
    error_message = "input_artifacts can have at most 5 names, each 1-100 letters, digits, hyphens and underscores."
  }
}

variable "output_artifact" {
  description = "Output artifact of the action, 1-100 letters, digits, hyphens and underscores."
  type        = string
  default     = "codedeploy_artifact"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,100}$", var.output_artifact)) && !contains(var.input_artifacts, var.output_artifact)
    error_message = "output_artifact must be 1-100 letters, digits, hyphens and underscores, and differ from every input artifact; found \"${var.output_artifact}\"."
  }
}

variable "namespace" {
  description = "Namespace of the action's output variables, for example `#{NAMESPACE.task_definition_arn}`."
  type        = string
  default     = "codedeploy_artifact"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9@_-]{1,100}$", var.namespace))
    error_message = "namespace must be 1-100 letters, digits, @, hyphens and underscores; found \"${var.namespace}\"."
  }
}

variable "watchdog" {
  description = "Whether to create the watchdog, a second function with the same ZIP. It reports a job as failed if an invocation times out, runs out of memory, crashes or never starts; without it, such a job blocks its pipeline for 20 minutes."
  type        = bool
  default     = true
  nullable    = false
}
