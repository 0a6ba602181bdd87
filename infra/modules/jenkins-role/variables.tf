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
  description = "Name of the roles, appended to the prefix: PREFIX-NAME-read-REGION, PREFIX-NAME-deploy-REGION and PREFIX-NAME-stop-REGION, at most 64 characters each."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]+$", var.name)) && length("${var.context.prefix}-${var.name}-deploy-${local.region}") <= 64
    error_message = "name must consist of letters, digits and + = , . @ _ -, with at most 64 characters in the role name; found \"${var.context.prefix}-${var.name}-deploy-${local.region}\"."
  }
}

variable "trusted_principals" {
  description = "ARNs of the roles or users that can assume the three roles: those that the Jenkins controller or its agents run as. Conflicts with `oidc`."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.trusted_principals : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+$", arn))])
    error_message = "trusted_principals must be role or user ARNs; wildcards and account principals are not allowed."
  }

  validation {
    condition     = (length(var.trusted_principals) > 0) != (module.inputs.oidc != null)
    error_message = "Set exactly one of trusted_principals and oidc."
  }
}

variable "oidc" {
  description = <<-TEXT
    OIDC provider whose tokens can assume the read role, for example for EKS pods or the Jenkins plugin `oidc-provider`: ARN
    of the provider, audience, and subjects, in which `*` can replace a part. The other two roles then trust the read role.
  TEXT
  type        = any
  default     = null
}

variable "external_id" {
  description = "External ID that Jenkins must pass to assume the roles, 2-1224 characters (`--external-id`, `--deploy-external-id`, `--stop-external-id`). Null requires none. Conflicts with `oidc`."
  type        = string
  default     = null
  sensitive   = true

  # The pattern has no upper bound, because repetition counts in Terraform's regular expressions are limited to 1000.
  validation {
    condition     = var.external_id == null || can(regex("^[A-Za-z0-9+=,.@:/_-]{2,}$", var.external_id)) && try(length(var.external_id), 0) <= 1224
    error_message = "external_id must be 2-1224 letters, digits and + = , . @ : / _ -."
  }

  validation {
    condition     = var.external_id == null || module.inputs.oidc == null
    error_message = "external_id cannot be used with oidc; oidc.subjects determines who is trusted."
  }
}

variable "service" {
  description = "ECS service that is deployed; pass `module.ecs_service.config`."
  type        = object({ cluster_name = string, service_name = string })
  nullable    = false
}

variable "codedeploy" {
  description = "Deployment group to deploy to; pass `module.codedeploy.config`."
  type        = object({ application_name = string, group_name = string, application_arn = string, group_arn = string, config_arn = string })
  nullable    = false
}

variable "more_config_arns" {
  description = "ARNs of additional deployment configurations for `deploy --deployment-config`; the group's own is always allowed."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.more_config_arns : can(regex("^arn:aws[a-z-]*:codedeploy:[a-z0-9-]+:[0-9]{12}:deploymentconfig:[^*?]+$", arn))])
    error_message = "more_config_arns must be deployment configuration ARNs, such as arn:aws:codedeploy:eu-west-1:123456789012:deploymentconfig:CodeDeployDefault.ECSAllAtOnce."
  }
}

variable "task_definition_family" {
  description = "Task definition family for `deploy --register`; pass `module.ecs_service.task_definition_family`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.task_definition_family))
    error_message = "task_definition_family must be a family without a revision; found \"${var.task_definition_family}\"."
  }
}

variable "pass_role_arns" {
  description = "ARNs of the task and execution roles that a new revision can use. Empty if Jenkins does not register task definitions."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.pass_role_arns : length(regexall("[*?]", arn)) == 0])
    error_message = "pass_role_arns cannot contain wildcards, because Jenkins could then pass any role to a task."
  }
}

variable "revisions" {
  description = "S3 location for `upload`: bucket ARN, key prefix (ending in /), and KMS key ARN if the bucket uses one. Null if AppSpec files are not uploaded, as with `deploy --artifact`."
  type        = any
  default     = null
}

variable "allow" {
  description = "Optional permissions. `rotate`: for services with the ECS deployment controller. `alarms`: override alarms for one deployment, which requires codedeploy:UpdateDeploymentGroup (enabled by default, because `rollback` turns alarms off). `search`: list the account's deployment groups, for commands with only a service name. `suspend_scaling`: suspend and resume auto scaling of ECS services, for `deploy --suspend-scaling`."
  type        = any
  default     = {}
  nullable    = false
}

variable "evidence" {
  description = "ARNs of what the read role can read to explain a failed deployment: log groups of the containers and hook functions (their last lines are shown), hook functions (only if they do not log to /aws/lambda/NAME), and image repositories. Without them, reports name what was not read."
  type        = any
  default     = {}
  nullable    = false
}

variable "notification_topic_arns" {
  description = "Amazon SNS topics that the read role can publish to, for --notify. The policy of a topic's own KMS key must allow the role kms:GenerateDataKey and kms:Decrypt."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.notification_topic_arns : can(regex("^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+(\\.fifo)?$", arn))])
    error_message = "notification_topic_arns must contain ARNs of topics, such as arn:aws:sns:eu-west-1:123456789012:deployments."
  }
}
