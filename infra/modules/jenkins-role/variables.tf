variable "context" {
  description = "Prefix of all names and the tags of all resources: `module.context.config`."
  type        = object({ prefix = string, all_tags = map(string) })
  nullable    = false
}

variable "name" {
  description = "Name of the roles after the prefix: PREFIX-NAME-read, PREFIX-NAME-deploy and PREFIX-NAME-stop, 64 characters at most."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]+$", var.name)) && length("${var.context.prefix}-${var.name}-deploy") <= 64
    error_message = "A role would be named \"${var.context.prefix}-${var.name}-deploy\". Take letters, digits and + = , . @ _ -, 64 characters at most with the prefix."
  }
}

variable "trusted_principals" {
  description = "Who may become the three roles: whole ARNs of the roles or users that Jenkins, its controller or its agents, runs as. Empty where `oidc` says it."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.trusted_principals : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+$", arn))])
    error_message = "Every item of trusted_principals must be the whole ARN of a role or user; no wildcards and no whole accounts."
  }

  validation {
    condition     = (length(var.trusted_principals) > 0) != (var.oidc != null)
    error_message = "Say in one way who may become the roles: set trusted_principals or oidc."
  }
}

variable "oidc" {
  description = <<-TEXT
    Who may become the reading role with a token of an OIDC provider, such as pods of EKS or builds of the Jenkins plugin
    `oidc-provider`: ARN of the provider, audience, and the subjects, each with a `*` at most for a part of it. The other two
    roles then trust the reading one.
  TEXT
  type = object({
    provider_arn = string
    audience     = optional(string, "sts.amazonaws.com")
    subjects     = list(string)
  })
  default = null

  validation {
    condition     = var.oidc == null || try(length(var.oidc.subjects) > 0 && alltrue([for subject in var.oidc.subjects : length(replace(subject, "/[*?]/", "")) >= 3]), false)
    error_message = "oidc.subjects must name who is let in, such as system:serviceaccount:jenkins:agent. A bare wildcard would let every token of the provider in."
  }
}

variable "external_id" {
  description = "What Jenkins must say to become a role, 2-1224 characters: `--external-id`, `--deploy-external-id` and `--stop-external-id` of the command line. Null means nothing. Not for `oidc`, where nothing is said."
  type        = string
  default     = null
  sensitive   = true

  # The pattern has no upper bound, because the regular expressions of Terraform count to 1000 only.
  validation {
    condition     = var.external_id == null || can(regex("^[A-Za-z0-9+=,.@:/_-]{2,}$", var.external_id)) && try(length(var.external_id), 0) <= 1224
    error_message = "external_id must be 2-1224 letters, digits and + = , . @ : / _ -."
  }

  validation {
    condition     = var.external_id == null || var.oidc == null
    error_message = "A token of an OIDC provider cannot say an external id: leave external_id out, the subjects say who is let in."
  }
}

variable "service" {
  description = "The service that is deployed, `module.ecs_service.config`."
  type        = object({ cluster_name = string, service_name = string })
  nullable    = false
}

variable "codedeploy" {
  description = "What is deployed: `module.codedeploy.config`."
  type        = object({ application_name = string, group_name = string, application_arn = string, group_arn = string, config_arn = string })
  nullable    = false
}

variable "more_config_arns" {
  description = "Deployment configs besides that of the group that `deploy --deployment-config` may name, whole ARNs."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.more_config_arns : can(regex("^arn:aws[a-z-]*:codedeploy:[a-z0-9-]+:[0-9]{12}:deploymentconfig:[^*?]+$", arn))])
    error_message = "Every item of more_config_arns must be the whole ARN of a deployment config, such as arn:aws:codedeploy:eu-west-1:123456789012:deploymentconfig:CodeDeployDefault.ECSAllAtOnce."
  }
}

variable "task_definition_family" {
  description = "Family that `deploy --register` may register, without a revision: `module.ecs_service.task_definition_family`."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.task_definition_family))
    error_message = "task_definition_family is \"${var.task_definition_family}\"; give the family alone, without a revision."
  }
}

variable "pass_role_arns" {
  description = "Task and execution role that a new revision may name, whole ARNs. Empty where Jenkins never registers a task definition."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.pass_role_arns : length(regexall("[*?]", arn)) == 0])
    error_message = "pass_role_arns must hold whole ARNs: with a wildcard, Jenkins could give any role to a task."
  }
}

variable "revisions" {
  description = "Where `upload` puts AppSpecs: ARN of the bucket, prefix of the keys (ends with /), and the key where the bucket is encrypted with one. Null where AppSpecs are deployed without S3, as `deploy --artifact` does."
  type        = object({ bucket_arn = string, prefix = string, key_arn = optional(string) })
  default     = null

  validation {
    condition     = var.revisions == null || can(regex("^[^/*?][^*?]*/$", var.revisions.prefix))
    error_message = "revisions.prefix must be a folder such as appspec/web/: it ends with / and begins with neither / nor a wildcard."
  }
}

variable "allow" {
  description = "What else the roles may do: `rotate`, for a service that ECS itself deploys, `alarms`, to override the alarms of one deployment, which IAM allows only together with changing the group (`rollback` turns them off, so it is on by default), and `search`, to list the deployment groups of the account for a `deploy` that names only its service."
  type        = object({ rotate = optional(bool, false), alarms = optional(bool, true), search = optional(bool, false) })
  default     = {}
  nullable    = false
}
