variable "alarm_topic" {
  description = "SNS topic to notify of CPU and memory alarms, as an object because its ARN can be unknown during planning. Null creates no alarms."
  type = object({
    arn = string
  })
  default = null
}

variable "ecs_cpu_cloudwatch_configuration" {
  description = "CPU alarms by severity: average utilization above `threshold` percent in `evaluation_period` consecutive periods of `period` seconds. `type` is added to the alarm's description and tags, to tell the recipient how to respond."
  type = map(object({
    evaluation_period = number
    period            = number
    threshold         = number
    type              = optional(string, "CALLOUT")
  }))
  default  = { severe = { evaluation_period = 3, period = 180, threshold = 90 } }
  nullable = false

  validation {
    condition     = alltrue([for alarm in var.ecs_cpu_cloudwatch_configuration : 0 < alarm.threshold && alarm.threshold <= 100])
    error_message = "threshold must be a percentage above 0 and at most 100."
  }

  validation {
    condition = alltrue([
      for alarm in var.ecs_cpu_cloudwatch_configuration :
      alarm.period >= 60 && alarm.period % 60 == 0 && alarm.evaluation_period >= 1 &&
      alarm.period * alarm.evaluation_period <= (alarm.period >= 3600 ? 604800 : 86400)
    ])
    error_message = "period must be a multiple of 60 seconds, evaluation_period at least 1, and their product at most one day, or seven days if period is an hour or more."
  }
}

variable "ecs_memory_cloudwatch_configuration" {
  description = "Memory alarms, like `ecs_cpu_cloudwatch_configuration`."
  type = map(object({
    evaluation_period = number
    period            = number
    threshold         = number
    type              = optional(string, "CALLOUT")
  }))
  default  = { severe = { evaluation_period = 3, period = 180, threshold = 90 } }
  nullable = false

  validation {
    condition     = alltrue([for alarm in var.ecs_memory_cloudwatch_configuration : 0 < alarm.threshold && alarm.threshold <= 100])
    error_message = "threshold must be a percentage above 0 and at most 100."
  }

  validation {
    condition = alltrue([
      for alarm in var.ecs_memory_cloudwatch_configuration :
      alarm.period >= 60 && alarm.period % 60 == 0 && alarm.evaluation_period >= 1 &&
      alarm.period * alarm.evaluation_period <= (alarm.period >= 3600 ? 604800 : 86400)
    ])
    error_message = "period must be a multiple of 60 seconds, evaluation_period at least 1, and their product at most one day, or seven days if period is an hour or more."
  }
}
