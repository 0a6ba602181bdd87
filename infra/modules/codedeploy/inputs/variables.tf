variable "blue_green" {
  type = object({
    deployment_ready = optional(object({
      action_on_timeout = optional(string, "CONTINUE_DEPLOYMENT")
      wait_time_minutes = optional(number, 0)
    }), {})
    blue_fleet = optional(object({
      action            = optional(string, "TERMINATE")
      wait_time_minutes = optional(number, 5)
    }), {})
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["CONTINUE_DEPLOYMENT", "STOP_DEPLOYMENT"], var.blue_green.deployment_ready.action_on_timeout)
    error_message = "deployment_ready.action_on_timeout must be CONTINUE_DEPLOYMENT or STOP_DEPLOYMENT; found ${var.blue_green.deployment_ready.action_on_timeout}."
  }

  validation {
    condition     = var.blue_green.deployment_ready.action_on_timeout != "CONTINUE_DEPLOYMENT" ? true : var.blue_green.deployment_ready.wait_time_minutes == 0
    error_message = "deployment_ready.wait_time_minutes must be 0 with CONTINUE_DEPLOYMENT, which shifts traffic immediately; found ${var.blue_green.deployment_ready.wait_time_minutes}. Set it to 0, or use STOP_DEPLOYMENT."
  }

  validation {
    condition = var.blue_green.deployment_ready.action_on_timeout != "STOP_DEPLOYMENT" ? true : (
      var.blue_green.deployment_ready.wait_time_minutes >= 1 && var.blue_green.deployment_ready.wait_time_minutes <= 7200
    )
    error_message = "STOP_DEPLOYMENT requires deployment_ready.wait_time_minutes between 1 and 7200; found ${var.blue_green.deployment_ready.wait_time_minutes}."
  }

  validation {
    condition     = var.blue_green.blue_fleet.action == "TERMINATE"
    error_message = "blue_fleet.action must be TERMINATE, because CodeDeploy does not support keeping the blue tasks of an ECS service; found ${var.blue_green.blue_fleet.action}. Increase wait_time_minutes to keep them for up to 2 days."
  }

  validation {
    condition     = var.blue_green.blue_fleet.wait_time_minutes >= 0 && var.blue_green.blue_fleet.wait_time_minutes <= 2880
    error_message = "blue_fleet.wait_time_minutes must be between 0 and 2880 (2 days); found ${var.blue_green.blue_fleet.wait_time_minutes}."
  }
}

variable "load_balancer" {
  type = object({
    target_group_pair = object({
      prod_route    = list(string)
      target_groups = list(string)
      test_route    = optional(list(string), [])
    })
  })
  nullable = false

  validation {
    condition     = length(var.load_balancer.target_group_pair.prod_route) == 1
    error_message = "prod_route must have exactly one listener ARN; found ${length(var.load_balancer.target_group_pair.prod_route)}."
  }

  validation {
    condition     = length(var.load_balancer.target_group_pair.test_route) <= 1
    error_message = "test_route must have one listener ARN or be empty; found ${length(var.load_balancer.target_group_pair.test_route)}."
  }

  validation {
    condition = alltrue([for arn in concat(var.load_balancer.target_group_pair.prod_route, var.load_balancer.target_group_pair.test_route) :
      arn != null && can(regex(":listener/app/", arn))
    ])
    error_message = "prod_route and test_route must be Application Load Balancer listener ARNs (…:listener/app/…). If one is null, the listener does not exist: set test_listener in the alb module, or leave test_route empty."
  }

  validation {
    condition     = length(setintersection(compact(var.load_balancer.target_group_pair.prod_route), compact(var.load_balancer.target_group_pair.test_route))) == 0
    error_message = "prod_route and test_route must be different listeners."
  }

  validation {
    condition     = length(var.load_balancer.target_group_pair.target_groups) == 2 && length(distinct(var.load_balancer.target_group_pair.target_groups)) == 2
    error_message = "target_groups must have two different target groups; found ${join(", ", var.load_balancer.target_group_pair.target_groups)}."
  }

  validation {
    condition     = alltrue([for name in var.load_balancer.target_group_pair.target_groups : !startswith(name, "arn:")])
    error_message = "target_groups requires names, not ARNs; found ${join(", ", var.load_balancer.target_group_pair.target_groups)}."
  }
}

variable "alarms" {
  type = object({
    enabled             = optional(bool, true)
    alarms              = optional(list(string), [])
    ignore_poll_failure = optional(bool, false)
  })
  default = null

  validation {
    condition     = try(length(var.alarms.alarms), 0) <= 10
    error_message = "A deployment group can have at most 10 alarms; found ${try(length(var.alarms.alarms), 0)}. Combine some of them in a composite alarm."
  }

  validation {
    condition     = var.alarms == null ? true : !var.alarms.enabled || length(var.alarms.alarms) >= 1
    error_message = "alarms is enabled but lists no alarm; add 1-10 alarms, or set alarms = null."
  }

  validation {
    condition = alltrue([for alarm in try(var.alarms.alarms, []) :
      startswith(alarm, "arn:") ? can(regex("^arn:[^:]+:cloudwatch:[^:]+:[^:]+:alarm:.", alarm)) : length(alarm) >= 1 && length(alarm) <= 255
    ])
    error_message = "alarms must be CloudWatch alarm names of 1-255 characters, or alarm ARNs; found ${join(", ", try(var.alarms.alarms, []))}."
  }
}

variable "notifications" {
  type = object({
    topic_arn = string
    events    = optional(list(string), ["DeploymentSuccess", "DeploymentFailure", "DeploymentStop", "DeploymentRollback"])
  })
  default = null

  validation {
    condition = alltrue([for event in try(var.notifications.events, []) :
      contains(["DeploymentStart", "DeploymentSuccess", "DeploymentFailure", "DeploymentStop", "DeploymentRollback", "DeploymentReady"], event)
    ])
    error_message = "notifications.events must be DeploymentStart, DeploymentSuccess, DeploymentFailure, DeploymentStop, DeploymentRollback or DeploymentReady; found ${join(", ", try(var.notifications.events, []))}."
  }

  validation {
    condition     = var.notifications == null ? true : length(var.notifications.events) >= 1
    error_message = "notifications.events is empty; add at least one event, or set notifications = null."
  }
}

variable "revision_bucket" {
  type = object({
    name    = string
    prefix  = optional(string, "")
    key_arn = optional(string)
  })
  default = null
}
