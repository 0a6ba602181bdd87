variable "context" {
  description = "Names and tags: module.context.config."
  type = object({
    prefix   = string
    all_tags = map(string)
  })
  nullable = false
}

variable "name" {
  description = "The cluster's name after the prefix: letters, digits and dashes."
  type        = string
  nullable    = false

  # The execution role's name is the longest that is made of it, and IAM takes 64 characters.
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]*$", var.name)) && length("${var.context.prefix}-${var.name}-execution") <= 64
    error_message = "name is \"${var.name}\". Use letters, digits and dashes; with the prefix at most 54 characters, because the execution role is named after it."
  }

  # The rule of the alarm has a longer one, and EventBridge takes 64 as well.
  validation {
    condition     = !var.alarm_settings.enable_alert || length("${var.context.prefix}-${var.name}-task-failures") <= 64
    error_message = "name is \"${var.name}\". With the alarm on, name and prefix have at most 50 characters, because its rule is named after them."
  }
}

variable "container_insights" {
  description = "CloudWatch's metrics of the cluster: \"enabled\", \"enhanced\" (per task and container, costs more) or \"disabled\"."
  type        = string
  default     = "enabled"
  nullable    = false

  validation {
    condition     = contains(["enabled", "enhanced", "disabled"], var.container_insights)
    error_message = "container_insights is \"${var.container_insights}\". Choose \"enabled\", \"enhanced\" or \"disabled\"."
  }
}

variable "default_capacity_providers" {
  description = "Where tasks run that do not say: FARGATE, FARGATE_SPOT or both. `base` tasks go to the one that has it, the others by `weight`. A service that CodeDeploy deploys says it itself. Empty for no such rule; services of module ecs-service then run on FARGATE."
  type = list(object({
    capacity_provider = string
    weight            = optional(number, 1)
    base              = optional(number, 0)
  }))
  default  = [{ capacity_provider = "FARGATE" }]
  nullable = false

  validation {
    condition = (
      length(setsubtract(var.default_capacity_providers[*].capacity_provider, ["FARGATE", "FARGATE_SPOT"])) == 0 &&
      length(var.default_capacity_providers) == length(distinct(var.default_capacity_providers[*].capacity_provider))
    )
    error_message = "The capacity providers are FARGATE and FARGATE_SPOT, each at most once, not ${join(", ", var.default_capacity_providers[*].capacity_provider)}."
  }

  validation {
    condition = alltrue([
      for provider in var.default_capacity_providers :
      0 <= provider.weight && provider.weight <= 1000 && 0 <= provider.base && provider.base <= 100000
    ])
    error_message = "A weight is a number from 0 to 1000, a base one from 0 to 100000."
  }

  validation {
    condition     = length([for provider in var.default_capacity_providers : provider if provider.base > 0]) <= 1
    error_message = "Only one capacity provider may have a base."
  }

  validation {
    condition     = length(var.default_capacity_providers) == 0 || sum(concat([0], var.default_capacity_providers[*].weight)) > 0
    error_message = "With weights of 0 only, ECS starts no task beyond the base. Give one capacity provider a weight."
  }
}

variable "role_policy" {
  description = "What the execution role may do beside pulling images and writing logs, as a JSON policy: read a secret that a container definition names, for instance. What the application itself does belongs to the service's task_role_policy."
  type        = string
  default     = null

  validation {
    condition     = var.role_policy == null || can(jsondecode(var.role_policy).Statement)
    error_message = "role_policy is no JSON policy: it needs a \"Statement\". Use jsonencode({ Version = \"2012-10-17\", Statement = […] })."
  }
}

variable "ecr_repository_arns" {
  description = "The repositories that tasks pull from. Empty means every repository of this account and region; name them where they are in another account."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "alarm_settings" {
  description = "Whether tasks that fail and are replaced raise an alarm, and the SNS topic that hears of it."
  type = object({
    enable_alert     = optional(bool, false)
    action_topic_arn = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = !var.alarm_settings.enable_alert || var.alarm_settings.action_topic_arn != null
    error_message = "alarm_settings.enable_alert is true, but nobody would hear of it. Set alarm_settings.action_topic_arn."
  }
}

variable "task_failure_alerting_config" {
  description = "The alarm on failing tasks: `notification_threshold` of them within `notification_period` seconds, in `evaluation_periods` periods one after another. Their stop reasons are kept for `log_record_retention` days."
  type = object({
    evaluation_periods     = optional(number, 1)
    log_record_retention   = optional(number, 14)
    notification_period    = optional(number, 300)
    notification_threshold = optional(number, 5)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.task_failure_alerting_config.notification_period >= 60 && var.task_failure_alerting_config.notification_period % 60 == 0
    error_message = "notification_period is ${var.task_failure_alerting_config.notification_period} s. CloudWatch counts in whole minutes: use a multiple of 60."
  }

  validation {
    condition = (
      var.task_failure_alerting_config.notification_period * var.task_failure_alerting_config.evaluation_periods <=
      (var.task_failure_alerting_config.notification_period >= 3600 ? 604800 : 86400)
    )
    error_message = "An alarm looks back one day at most, seven days where its period is an hour or more: ${var.task_failure_alerting_config.evaluation_periods} periods of ${var.task_failure_alerting_config.notification_period} s are longer."
  }

  validation {
    condition = alltrue([
      for number in [var.task_failure_alerting_config.notification_threshold, var.task_failure_alerting_config.evaluation_periods] :
      number >= 1 && floor(number) == number
    ])
    error_message = "notification_threshold and evaluation_periods are whole numbers from 1."
  }
}

variable "service_discovery" {
  description = "The private DNS namespace in which services of the cluster find each other, and its VPC. Null for none."
  type = object({
    namespace = string
    vpc_id    = string
  })
  default = null

  validation {
    condition     = var.service_discovery == null || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)*[a-z][a-z0-9-]*$", var.service_discovery.namespace))
    error_message = "service_discovery.namespace is no lower-case DNS name. Use one like \"shop-dev.local\"."
  }
}

variable "log_retention_in_days" {
  description = "Days that the runtime log group keeps its lines; one of CloudWatch's steps (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 …), 0 for ever."
  type        = number
  default     = 90
  nullable    = false
}

variable "kms_key_arn" {
  description = "The key for the cluster's and its services' log groups; its policy must let CloudWatch Logs use it. Null means the encryption that CloudWatch Logs always does."
  type        = string
  default     = null
}
