variable "alarm_topic" {
  description = "SNS topic to notify of CPU and memory alarms, as an object because its ARN can be unknown during planning. Null creates no alarms."
  type        = any
  default     = null
}

variable "ecs_cpu_cloudwatch_configuration" {
  description = "CPU alarms by severity: average utilization above `threshold` percent in `evaluation_period` consecutive periods of `period` seconds. `type` is added to the alarm's description and tags, to tell the recipient how to respond."
  type        = any
  default     = { severe = { evaluation_period = 3, period = 180, threshold = 90 } }
  nullable    = false
}

variable "ecs_memory_cloudwatch_configuration" {
  description = "Memory alarms, like `ecs_cpu_cloudwatch_configuration`."
  type        = any
  default     = { severe = { evaluation_period = 3, period = 180, threshold = 90 } }
  nullable    = false
}
