variable "autoscaling_policy" {
  description = "Target tracking scaling policies by name: tasks are added or removed to keep the metric at `target_value`, with cooldowns in seconds. Empty disables auto scaling."
  type        = any
  default     = {}
  nullable    = false
}

variable "autoscaling_capacity" {
  description = "Minimum and maximum number of tasks for `autoscaling_policy`."
  type        = any
  default     = {}
  nullable    = false
}
