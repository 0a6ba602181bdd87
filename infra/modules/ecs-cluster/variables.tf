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
  description = "Name of the cluster, appended to the prefix: letters, digits and hyphens."
  type        = string
  nullable    = false

  # The execution role has the longest name, and IAM allows 64 characters.
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]*$", var.name)) && length("${var.context.prefix}-${var.name}-execution-${local.region}") <= 64
    error_message = "name must consist of letters, digits and hyphens, with at most 64 characters in the name of the execution role; found \"${var.context.prefix}-${var.name}-execution-${local.region}\"."
  }

  # The alarm has an EventBridge rule, whose name can have 64 characters, too.
  validation {
    condition     = !module.inputs.alarm_settings.enable_alert || length("${var.context.prefix}-${var.name}-task-failures") <= 64
    error_message = "name can have at most 50 characters including the prefix if the alarm is enabled, because its EventBridge rule is named after it; found \"${var.name}\"."
  }
}

variable "container_insights" {
  description = "CloudWatch Container Insights: \"enabled\", \"enhanced\" (per task and container, costs more) or \"disabled\"."
  type        = string
  default     = "enabled"
  nullable    = false

  validation {
    condition     = contains(["enabled", "enhanced", "disabled"], var.container_insights)
    error_message = "container_insights must be \"enabled\", \"enhanced\" or \"disabled\"; found \"${var.container_insights}\"."
  }
}

variable "default_capacity_providers" {
  description = "Default capacity provider strategy: FARGATE, FARGATE_SPOT or both. `base` tasks run on the provider that sets it, the rest by `weight`. Services that CodeDeploy deploys set their own strategy. Empty sets none; services of the ecs-service module then run on FARGATE."
  type        = any
  default     = [{ capacity_provider = "FARGATE" }]
  nullable    = false
}

variable "execution_role_policy" {
  description = "JSON policy with additional permissions for the execution role, which ECS uses to start tasks, for example to read a secret that a container definition references. The application's own permissions belong in `task_role_policy` of the ecs-service module."
  type        = string
  default     = null

  validation {
    condition     = var.execution_role_policy == null || can(jsondecode(var.execution_role_policy).Statement)
    error_message = "execution_role_policy must be a JSON policy with a \"Statement\", for example jsonencode({ Version = \"2012-10-17\", Statement = […] })."
  }
}

variable "role_policy" {
  description = "Not supported: the guide's name for what are two policies here. A plan that sets it fails and names both."
  type        = string
  default     = null

  validation {
    condition     = var.role_policy == null
    error_message = "role_policy is not supported, because tasks have two roles. Permissions of the application, such as reading from S3: set task_role_policy of the ecs-service module. Permissions to start tasks, such as reading a secret that a container definition references: set execution_role_policy of this module."
  }
}

variable "ecr_repository_arns" {
  description = "ARNs of the ECR repositories that tasks pull from. Empty allows every repository in this account and Region; repositories in other accounts must be listed."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "alarm_settings" {
  description = "Whether to create an alarm on failed tasks, and the ARN of the SNS topic to notify."
  type        = any
  default     = {}
  nullable    = false
}

variable "task_failure_alerting_config" {
  description = "Settings of the alarm on failed tasks: `notification_threshold` failures within `notification_period` seconds, in `evaluation_periods` consecutive periods. Stop reasons are kept for `log_record_retention` days."
  type        = any
  default     = {}
  nullable    = false
}

variable "service_discovery" {
  description = "Private DNS namespace for service discovery, and the ID of its VPC. Null creates none."
  type        = any
  default     = null
}

variable "log_retention_in_days" {
  description = "Retention of the runtime log group in days, one of the values that CloudWatch Logs supports (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 …); 0 keeps logs forever."
  type        = number
  default     = 90
  nullable    = false
}

variable "kms_key_arn" {
  description = "ARN of the KMS key for the log groups of the cluster and its services; its key policy must allow CloudWatch Logs. Null uses the default encryption of CloudWatch Logs."
  type        = string
  default     = null
}
