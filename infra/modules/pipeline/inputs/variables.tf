variable "source_action" {
  type = object({
    artifact = optional(string, "source_artifact")
    s3       = optional(object({ bucket = string, key = string, kms_key_arn = optional(string) }))
    ecr      = optional(object({ repository_name = string, image_tag = optional(string, "latest") }))
  })
  nullable = false

  validation {
    condition     = (var.source_action.s3 != null) != (var.source_action.ecr != null)
    error_message = "Set exactly one of source_action.s3 and source_action.ecr."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,100}$", var.source_action.artifact))
    error_message = "source_action.artifact must be 1-100 letters, digits, hyphens and underscores."
  }
}

variable "build" {
  type = object({
    project_name = string
    project_arn  = string
    role_name    = string
    artifact     = optional(string, "build_artifact")
  })
  default = null

  validation {
    condition     = var.build == null || try(can(regex("^[A-Za-z0-9_-]{1,100}$", var.build.artifact)) && var.build.artifact != var.source_action.artifact, false)
    error_message = "build.artifact must be 1-100 letters, digits, hyphens and underscores, and differ from source_action.artifact."
  }
}

variable "deploy" {
  type = object({
    application_name       = string
    group_name             = string
    application_arn        = string
    group_arn              = string
    config_arn             = string
    task_definition_family = string
    pass_role_arns         = list(string)
    images                 = optional(map(string), {})
  })
  nullable = false

  validation {
    condition     = length(var.deploy.images) <= 4 && alltrue([for name in keys(var.deploy.images) : can(regex("^[A-Z][A-Z0-9_]*$", name))])
    error_message = "deploy.images can have at most 4 placeholders such as IMAGE1_NAME: upper-case letters, digits and underscores, without < and >."
  }

  validation {
    condition     = alltrue([for artifact in values(var.deploy.images) : contains(concat([var.source_action.artifact], var.build[*].artifact), artifact)])
    error_message = "The values of deploy.images must be ${join(" or ", concat([var.source_action.artifact], var.build[*].artifact))}: the artifact of the source, or that of the build if there is one."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.deploy.task_definition_family))
    error_message = "deploy.task_definition_family must be a family without a revision; found \"${var.deploy.task_definition_family}\"."
  }

  validation {
    condition     = length(var.deploy.pass_role_arns) > 0 && alltrue([for arn in var.deploy.pass_role_arns : length(regexall("[*?]", arn)) == 0])
    error_message = "deploy.pass_role_arns must list the execution role and, if the task has one, the task role, without wildcards: registering a Fargate task definition requires iam:PassRole on its roles."
  }
}

variable "approval" {
  type    = object({ message = optional(string), review_url = optional(string), topic_arn = optional(string) })
  default = null

  validation {
    condition     = length(try(coalesce(var.approval.message, " "), " ")) <= 1000
    error_message = "approval.message can have at most 1000 characters."
  }
}

variable "kms" {
  type     = object({ deletion_window_in_days = optional(number, 30) })
  default  = {}
  nullable = false

  validation {
    condition     = var.kms.deletion_window_in_days >= 7 && var.kms.deletion_window_in_days <= 30
    error_message = "kms.deletion_window_in_days must be between 7 and 30; found ${var.kms.deletion_window_in_days}."
  }
}
