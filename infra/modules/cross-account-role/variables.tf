variable "context" {
  description = "Name prefix, tags and IAM settings for all resources in the workload account; pass `module.context.config`."
  type = object({
    prefix   = string
    all_tags = map(string)
    iam      = optional(object({ path = optional(string, "/"), permissions_boundary_arn = optional(string) }), {})
  })
  nullable = false
}

variable "name" {
  description = "Name of the roles, appended to the prefix: PREFIX-NAME-describe-REGION and PREFIX-NAME-deploy-REGION, at most 64 characters each."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]+$", var.name)) && length("${var.context.prefix}-${var.name}-describe-${local.region}") <= 64
    error_message = "name must consist of letters, digits and + = , . @ _ -, with at most 64 characters in the role name; found \"${var.context.prefix}-${var.name}-describe-${local.region}\"."
  }
}

variable "trusted" {
  description = "ARNs of the trusted roles in the tools account: the function's role for `describe` (`module.artifact_function.role_arn`), and the pipeline's role for `deploy` (`module.pipeline.role_arn`)."
  type        = object({ describe = list(string), deploy = list(string) })
  nullable    = false

  validation {
    condition     = length(var.trusted.describe) > 0 && length(var.trusted.deploy) > 0
    error_message = "trusted.describe and trusted.deploy must each contain at least one role ARN."
  }

  validation {
    condition     = alltrue([for arn in concat(var.trusted.describe, var.trusted.deploy) : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$", arn))])
    error_message = "trusted must contain role ARNs, such as arn:aws:iam::123456789012:role/NAME; wildcards and account principals are not allowed."
  }
}

variable "external_id" {
  description = "External ID that the function must pass to assume the describe role, 2-1224 characters; use a different one for each pipeline. Null requires none. CodePipeline cannot pass an external ID, so the deploy role does not require one."
  type        = string
  default     = null
  sensitive   = true

  # The pattern has no upper bound, because repetition counts in Terraform's regular expressions are limited to 1000.
  validation {
    condition     = var.external_id == null || can(regex("^[A-Za-z0-9+=,.@:/_-]{2,}$", var.external_id)) && try(length(var.external_id), 0) <= 1224
    error_message = "external_id must be 2-1224 letters, digits and + = , . @ : / _ -."
  }
}

variable "service" {
  description = "ECS service that a request can name; pass `module.ecs_service.config`. Null if requests name only a task definition."
  type        = object({ cluster_name = string, service_name = string })
  default     = null
}

variable "codedeploy" {
  description = "Deployment group to deploy to; pass `module.codedeploy.config`."
  type        = object({ application_name = string, group_name = string, application_arn = string, group_arn = string, config_arn = string })
  nullable    = false
}

variable "task_definition_family" {
  description = "Task definition family to register; pass `module.ecs_service.task_definition_family`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.task_definition_family))
    error_message = "task_definition_family must be a family without a revision; found \"${var.task_definition_family}\"."
  }
}

variable "pass_role_arns" {
  description = "ARNs of the task and execution roles that a new revision can use, in the workload account."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.pass_role_arns) > 0 && alltrue([for arn in var.pass_role_arns : length(regexall("[*?]", arn)) == 0])
    error_message = "pass_role_arns must list the execution role and, if the task has one, the task role, without wildcards: registering a Fargate task definition requires iam:PassRole on its roles."
  }
}

variable "artifact" {
  description = "Artifact bucket and KMS key of the pipeline in the tools account; pass `{ bucket_arn = module.pipeline.artifact_bucket.arn, key_arn = module.pipeline.artifact_bucket.key_arn }`."
  type        = object({ bucket_arn = string, key_arn = string })
  nullable    = false
}
