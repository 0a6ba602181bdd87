variable "alarm_topic" {
  description = "The SNS topic that hears the CPU and memory alarms, in an object because its ARN may be unknown while Terraform plans. Null for no alarms."
  type = object({
    arn = string
  })
  default = null
}

variable "ecs_cpu_cloudwatch_configuration" {
  description = "The alarms on average CPU, by severity: above `threshold` percent in `evaluation_period` periods of `period` seconds, one after another. `type` says what the reader has to do and stands in the alarm's description and tag."
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
    error_message = "A threshold is a percentage above 0 and at most 100."
  }

  validation {
    condition = alltrue([
      for alarm in var.ecs_cpu_cloudwatch_configuration :
      alarm.period >= 60 && alarm.period % 60 == 0 && alarm.evaluation_period >= 1 &&
      alarm.period * alarm.evaluation_period <= (alarm.period >= 3600 ? 604800 : 86400)
    ])
    error_message = "A period is a multiple of 60 seconds, evaluation_period a number from 1, and both together look back one day at most, seven days where the period is an hour or more."
  }
}

variable "ecs_memory_cloudwatch_configuration" {
  description = "The alarms on average memory, as those on CPU."
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
    error_message = "A threshold is a percentage above 0 and at most 100."
  }

  validation {
    condition = alltrue([
      for alarm in var.ecs_memory_cloudwatch_configuration :
      alarm.period >= 60 && alarm.period % 60 == 0 && alarm.evaluation_period >= 1 &&
      alarm.period * alarm.evaluation_period <= (alarm.period >= 3600 ? 604800 : 86400)
    ])
    error_message = "A period is a multiple of 60 seconds, evaluation_period a number from 1, and both together look back one day at most, seven days where the period is an hour or more."
  }
}
