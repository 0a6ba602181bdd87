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
  description = "Name of the function, appended to the prefix. Its role is named PREFIX-NAME-exec-REGION, at most 64 characters."
  type        = string
  default     = "gate"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9-_]+$", var.name)) && length("${var.context.prefix}-${var.name}-exec-${local.region}") <= 64
    error_message = "name must consist of letters, digits, hyphens and underscores, with at most 64 characters in the name of the role; found \"${var.context.prefix}-${var.name}-exec-${local.region}\"."
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

variable "checks" {
  description = "Checks in YAML or JSON, for example `file(\"checks.yml\")` of a file beside the AppSpec template; the function's README documents the keys. The function refuses unknown keys when it is invoked. At most 4 KB together with `url`, `host_header` and `alarm_names`."
  type        = string
  default     = null

  validation {
    condition     = var.checks == null || can(keys(yamldecode(var.checks)))
    error_message = "checks must be a map in YAML or JSON."
  }
}

variable "url" {
  description = "Base URL of the test listener, such as `https://LOAD-BALANCER:9001`. It takes precedence over `url` in `checks`."
  type        = string
  default     = null

  validation {
    condition     = var.url == null || can(regex("^https?://[^/@?#]+(/[^?#]*)?$", var.url))
    error_message = "url must be http:// or https://, a host, and optionally a port and a path; found \"${coalesce(var.url, "-")}\"."
  }
}

variable "host_header" {
  description = "`Host` header of the requests, and with HTTPS the name that the certificate must have. Set it if `url` has the name of the load balancer and the certificate that of the application. It takes precedence over `host_header` in `checks`."
  type        = string
  default     = null
}

variable "alarm_names" {
  description = "Names of CloudWatch alarms, metric or composite, that must exist and must not be in `ALARM`, in addition to `alarms` in `checks`."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.alarm_names) <= 100
    error_message = "alarm_names can have at most 100 names; found ${length(var.alarm_names)}."
  }
}

variable "ca_file" {
  description = "Path of a PEM file with the certificate of a private authority, in a layer or in the package. By default, the authorities of the runtime are trusted."
  type        = string
  default     = null
}

variable "codedeploy" {
  description = "Whether CodeDeploy invokes the function, which then must be allowed to report. False suits a service that Amazon ECS deploys by itself, where the result is the function's answer."
  type        = bool
  default     = true
  nullable    = false
}

variable "vpc" {
  description = "Subnets and security groups of the function, for a load balancer without a public address. The subnets need a route to AWS CodeDeploy and Amazon CloudWatch: a NAT gateway or interface endpoints."
  type        = object({ subnets = list(string), security_groups = list(string) })
  default     = null
}

variable "timeout" {
  description = "Timeout of one invocation in seconds, 10-900. The result is reported before it ends, so it must exceed the time that the checks need."
  type        = number
  default     = 120
  nullable    = false

  validation {
    condition     = var.timeout >= 10 && var.timeout <= 900 && floor(var.timeout) == var.timeout
    error_message = "timeout must be an integer between 10 and 900 seconds; found ${var.timeout}."
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
