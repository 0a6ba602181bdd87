variable "autoscaling_policy" {
  description = "Target tracking by name of the policy: tasks are added or removed to keep the metric at `target_value`, after each step not again for the cooldown in seconds. Empty for none."
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
    error_message = "ECS scales on ECSServiceAverageCPUUtilization, ECSServiceAverageMemoryUtilization and ALBRequestCountPerTarget, not on ${join(", ", distinct(values(var.autoscaling_policy)[*].predefined_metric_type))}."
  }

  # The label names one target group, and CodeDeploy moves the traffic between two.
  validation {
    condition = (
      var.deployment_controller == "ECS" ||
      !contains(values(var.autoscaling_policy)[*].predefined_metric_type, "ALBRequestCountPerTarget")
    )
    error_message = "AWS does not support ALBRequestCountPerTarget for blue/green deployments. Scale on CPU or memory."
  }

  validation {
    condition = alltrue([
      for policy in var.autoscaling_policy :
      (policy.resource_label != null) == (policy.predefined_metric_type == "ALBRequestCountPerTarget")
    ])
    error_message = "resource_label goes with ALBRequestCountPerTarget, and only with it: \"app/LB/ID/targetgroup/TG/ID\"."
  }

  validation {
    condition = alltrue([
      for policy in var.autoscaling_policy :
      policy.target_value > 0 && (policy.predefined_metric_type == "ALBRequestCountPerTarget" || policy.target_value <= 100)
    ])
    error_message = "target_value is a percentage above 0 and at most 100, or a number of requests above 0."
  }

  validation {
    condition     = alltrue([for policy in var.autoscaling_policy : policy.scale_in_cooldown >= 0 && policy.scale_out_cooldown >= 0])
    error_message = "A cooldown is a number of seconds from 0."
  }
}

variable "autoscaling_capacity" {
  description = "Fewest and most tasks between which autoscaling_policy moves."
  type = object({
    min = optional(number, 1)
    max = optional(number, 4)
  })
  default  = {}
  nullable = false

  validation {
    condition     = 0 <= var.autoscaling_capacity.min && var.autoscaling_capacity.min <= var.autoscaling_capacity.max
    error_message = "autoscaling_capacity is ${var.autoscaling_capacity.min} to ${var.autoscaling_capacity.max}. min is from 0 and not above max."
  }
}
