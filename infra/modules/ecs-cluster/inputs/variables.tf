variable "default_capacity_providers" {
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
    error_message = "default_capacity_providers can contain FARGATE and FARGATE_SPOT, each at most once; found ${join(", ", var.default_capacity_providers[*].capacity_provider)}."
  }

  validation {
    condition = alltrue([
      for provider in var.default_capacity_providers :
      0 <= provider.weight && provider.weight <= 1000 && 0 <= provider.base && provider.base <= 100000
    ])
    error_message = "weight must be between 0 and 1000, and base between 0 and 100000."
  }

  validation {
    condition     = length([for provider in var.default_capacity_providers : provider if provider.base > 0]) <= 1
    error_message = "Only one capacity provider can have a base above 0."
  }

  validation {
    condition     = length(var.default_capacity_providers) == 0 || sum(concat([0], var.default_capacity_providers[*].weight)) > 0
    error_message = "At least one capacity provider must have a weight above 0, because ECS otherwise starts no tasks beyond the base."
  }
}

variable "alarm_settings" {
  type = object({
    enable_alert     = optional(bool, false)
    action_topic_arn = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = !var.alarm_settings.enable_alert || var.alarm_settings.action_topic_arn != null
    error_message = "alarm_settings.enable_alert requires alarm_settings.action_topic_arn."
  }
}

variable "task_failure_alerting_config" {
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
    error_message = "notification_period must be a multiple of 60 seconds; found ${var.task_failure_alerting_config.notification_period}."
  }

  validation {
    condition = (
      var.task_failure_alerting_config.notification_period * var.task_failure_alerting_config.evaluation_periods <=
      (var.task_failure_alerting_config.notification_period >= 3600 ? 604800 : 86400)
    )
    error_message = "notification_period * evaluation_periods must be at most one day, or seven days if notification_period is an hour or more; found ${var.task_failure_alerting_config.evaluation_periods} periods of ${var.task_failure_alerting_config.notification_period} seconds."
  }

  validation {
    condition = alltrue([
      for number in [var.task_failure_alerting_config.notification_threshold, var.task_failure_alerting_config.evaluation_periods] :
      number >= 1 && floor(number) == number
    ])
    error_message = "notification_threshold and evaluation_periods must be integers of at least 1."
  }
}

variable "service_discovery" {
  type = object({
    namespace = string
    vpc_id    = string
  })
  default = null

  validation {
    condition     = var.service_discovery == null || can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)*[a-z][a-z0-9-]*$", var.service_discovery.namespace))
    error_message = "service_discovery.namespace must be a lower-case DNS name, such as \"shop-dev.local\"."
  }
}
