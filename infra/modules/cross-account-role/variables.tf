variable "context" {
  description = "Prefix of all names and the tags of all resources, those of the workload account: `module.context.config`."
  type        = object({ prefix = string, all_tags = map(string) })
  nullable    = false
}

variable "name" {
  description = "Name of the roles after the prefix: PREFIX-NAME-describe and PREFIX-NAME-deploy, 64 characters at most."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]+$", var.name)) && length("${var.context.prefix}-${var.name}-describe") <= 64
    error_message = "A role would be named \"${var.context.prefix}-${var.name}-describe\". Take letters, digits and + = , . @ _ -, 64 characters at most with the prefix."
  }
}

variable "trusted" {
  description = "Who in the tools account is let in, whole role ARNs: `describe`, the function's role (`module.artifact_function.role_arn`), and `deploy`, the pipeline's role (`module.pipeline.role_arn`)."
  type        = object({ describe = list(string), deploy = list(string) })
  nullable    = false

  validation {
    condition     = length(var.trusted.describe) > 0 && length(var.trusted.deploy) > 0
    error_message = "trusted.describe and trusted.deploy must each name a role: a role that trusts nobody is of no use."
  }

  validation {
    condition     = alltrue([for arn in concat(var.trusted.describe, var.trusted.deploy) : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$", arn))])
    error_message = "trusted must hold whole ARNs of roles, such as arn:aws:iam::123456789012:role/NAME; no wildcards and no whole accounts."
  }
}

variable "external_id" {
  description = "What the function must say to be let in, 2-1224 characters; one of its own for each pipeline. Null means nothing. CodePipeline cannot say one, so it guards the describing role only."
  type        = string
  default     = null
  sensitive   = true

  # The pattern has no upper bound, because the regular expressions of Terraform count to 1000 only.
  validation {
    condition     = var.external_id == null || can(regex("^[A-Za-z0-9+=,.@:/_-]{2,}$", var.external_id)) && try(length(var.external_id), 0) <= 1224
    error_message = "external_id must be 2-1224 letters, digits and + = , . @ : / _ -."
  }
}

variable "service" {
  description = "The service that a request may name, `module.ecs_service.config`. Null where requests name a task definition and no service."
  type        = object({ cluster_name = string, service_name = string })
  default     = null
}

variable "codedeploy" {
  description = "What may be deployed: `module.codedeploy.config`."
  type        = object({ application_name = string, group_name = string, application_arn = string, group_arn = string, config_arn = string })
  nullable    = false
}

variable "task_definition_family" {
  description = "Family that may be registered, without a revision: `module.ecs_service.task_definition_family`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.task_definition_family))
    error_message = "task_definition_family is \"${var.task_definition_family}\"; give the family alone, without a revision."
  }
}

variable "pass_role_arns" {
  description = "Task and execution role that a new revision may name, whole ARNs of this account."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.pass_role_arns) > 0 && alltrue([for arn in var.pass_role_arns : length(regexall("[*?]", arn)) == 0])
    error_message = "pass_role_arns must name the task's execution role, and its task role where it has one, by whole ARNs: ECS takes a Fargate task definition from who may pass its roles."
  }
}

variable "artifact" {
  description = "Where the artifacts of the pipeline are: ARNs of bucket and key in the tools account, `{ bucket_arn = module.pipeline.artifact_bucket.arn, key_arn = module.pipeline.artifact_bucket.key_arn }`."
  type        = object({ bucket_arn = string, key_arn = string })
  nullable    = false
}
