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
  description = "Name of the project, appended to the prefix: letters, digits and hyphens; PREFIX-NAME-REGION, the name of its role, has at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]*$", var.name)) && length("${var.context.prefix}-${var.name}-${local.region}") <= 64
    error_message = "name must consist of letters, digits and hyphens, with at most 64 characters in the name of the role; found \"${var.context.prefix}-${var.name}-${local.region}\"."
  }
}

variable "repository_arn" {
  description = "ARN of the ECR repository to push to."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^arn:aws[a-z-]*:ecr:[a-z0-9-]+:[0-9]{12}:repository/[a-z0-9][a-z0-9._/-]*$", var.repository_arn))
    error_message = "repository_arn must be the ARN of an ECR repository, such as arn:aws:ecr:eu-west-1:123456789012:repository/shop/web; found \"${var.repository_arn}\"."
  }
}

variable "base_repository_arns" {
  description = "ARNs of the ECR repositories that base images are pulled from, in the same account and Region. Public images need none."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "dockerfile" {
  description = "Path of the Dockerfile in the source."
  type        = string
  default     = "Dockerfile"
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]+$", var.dockerfile))
    error_message = "dockerfile must be a path of letters, digits and . _ / -; found \"${var.dockerfile}\"."
  }
}

variable "build_context" {
  description = "Path of the build context in the source."
  type        = string
  default     = "."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]+$", var.build_context))
    error_message = "build_context must be a path of letters, digits and . _ / -; found \"${var.build_context}\"."
  }
}

variable "build_args" {
  description = "Build arguments (`ARG` in the Dockerfile) by name. They are visible in the project and in the image: not for secrets."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([for name in keys(var.build_args) :
      can(regex("^[A-Za-z_][A-Za-z0-9_]*$", name)) && !startswith(name, "CODEBUILD_") && !contains(["REPOSITORY", "PATH"], name)
    ])
    error_message = "Names in build_args must consist of letters, digits and underscores, and cannot be REPOSITORY, PATH or begin with CODEBUILD_; found ${join(", ", keys(var.build_args))}."
  }
}

variable "architecture" {
  description = "Architecture of the image: `x86_64` or `arm64`. That of the ECS service."
  type        = string
  default     = "x86_64"
  nullable    = false

  validation {
    condition     = contains(["x86_64", "arm64"], var.architecture)
    error_message = "architecture must be x86_64 or arm64; found \"${var.architecture}\"."
  }
}

variable "compute_type" {
  description = "Compute type of the build environment."
  type        = string
  default     = "BUILD_GENERAL1_SMALL"
  nullable    = false
}

variable "timeout_in_minutes" {
  description = "Timeout of a build, 5-2160 minutes."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.timeout_in_minutes >= 5 && var.timeout_in_minutes <= 2160
    error_message = "timeout_in_minutes must be between 5 and 2160; found ${var.timeout_in_minutes}."
  }
}

variable "artifact_key_arn" {
  description = "ARN of the KMS key that encrypts the build's artifact; pass `module.pipeline.artifact_bucket.key_arn`."
  type        = string
  nullable    = false
}

variable "log_retention_in_days" {
  description = "Log retention in days, one of the values that CloudWatch Logs supports; 0 keeps logs forever."
  type        = number
  default     = 365
  nullable    = false
}

variable "log_kms_key_arn" {
  description = "ARN of the KMS key for the log group; its key policy must allow logs.REGION.amazonaws.com. Null uses the default encryption of CloudWatch Logs."
  type        = string
  default     = null
}
