variable "autoscaling_policy" {
  description = "Target tracking scaling policies by name: tasks are added or removed to keep the metric at `target_value`, with cooldowns in seconds. Empty disables auto scaling."
  type = map(object({
    predefined_metric_type = string
    target_value           = number
    resource_label         = optional(string)
    disable_scale_in       = optional(bool, false)
    scale_in_cooldown      = optional(number, 300)
    scale_out_cooldown     = optional(number, 60)
  }))
  default  = {}
  nullable = false

  validation {
    condition = length(setsubtract(
      values(var.autoscaling_policy)[*].predefined_metric_type,
      ["ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization", "ALBRequestCountPerTarget"]
    )) == 0
    error_message = "predefined_metric_type must be ECSServiceAverageCPUUtilization, ECSServiceAverageMemoryUtilization or ALBRequestCountPerTarget; found ${join(", ", distinct(values(var.autoscaling_policy)[*].predefined_metric_type))}."
  }

  # The label refers to one target group, and CodeDeploy shifts traffic between two.
  validation {
    condition = (
      var.deployment_controller == "ECS" ||
      !contains(values(var.autoscaling_policy)[*].predefined_metric_type, "ALBRequestCountPerTarget")
    )
    error_message = "ALBRequestCountPerTarget is not supported with blue/green deployments. Scale on CPU or memory."
  }

  validation {
    condition = alltrue([
      for policy in var.autoscaling_policy :
      (policy.resource_label != null) == (policy.predefined_metric_type == "ALBRequestCountPerTarget")
    ])
    error_message = "resource_label must be set for ALBRequestCountPerTarget, and only for it: \"app/LB/ID/targetgroup/TG/ID\"."
  }

  validation {
    condition = alltrue([
      for policy in var.autoscaling_policy :
      policy.target_value > 0 && (policy.predefined_metric_type == "ALBRequestCountPerTarget" || policy.target_value <= 100)
    ])
    error_message = "target_value must be a percentage above 0 and at most 100, or a number of requests above 0."
  }

  validation {
    condition     = alltrue([for policy in var.autoscaling_policy : policy.scale_in_cooldown >= 0 && policy.scale_out_cooldown >= 0])
    error_message = "Cooldowns must be 0 seconds or more."
  }
}

variable "autoscaling_capacity" {
  description = "Minimum and maximum number of tasks for `autoscaling_policy`."
  type = object({
    min = optional(number, 1)
    max = optional(number, 4)
  })
  default  = {}
  nullable = false

  validation {
    condition     = 0 <= var.autoscaling_capacity.min && var.autoscaling_capacity.min <= var.autoscaling_capacity.max
    error_message = "autoscaling_capacity.min must be at least 0 and at most max; found ${var.autoscaling_capacity.min} to ${var.autoscaling_capacity.max}."
  }
}
