variable "load_balancer_target" {
  type = list(object({
    target_group_arn                  = string
    container_name                    = string
    container_port                    = number
    health_check_grace_period_seconds = optional(number, 60)
  }))
  default  = []
  nullable = false

  validation {
    condition     = var.deployment_controller == "ECS" ? length(var.load_balancer_target) <= 5 : length(var.load_balancer_target) == 1
    error_message = "load_balancer_target must have exactly one item with the CODE_DEPLOY controller, and at most five with ECS; found ${length(var.load_balancer_target)}."
  }

  validation {
    condition     = alltrue([for target in var.load_balancer_target : contains(keys(local.tcp_ports), target.container_name)])
    error_message = "load_balancer_target refers to container ${join(", ", distinct(var.load_balancer_target[*].container_name))}, but container_definitions defines ${join(", ", keys(local.tcp_ports))}."
  }

  # A missing container is reported by the validation above.
  validation {
    condition = alltrue([
      for target in var.load_balancer_target :
      contains(flatten(lookup(local.tcp_ports, target.container_name, [tostring(target.container_port)])), tostring(target.container_port))
    ])
    error_message = "load_balancer_target uses port ${join(", ", distinct(var.load_balancer_target[*].container_port))}, which the container does not map. Add { \"containerPort\": … } with protocol tcp to its portMappings."
  }

  validation {
    condition     = alltrue([for seconds in var.load_balancer_target[*].health_check_grace_period_seconds : 0 <= seconds && seconds < 2147483648])
    error_message = "health_check_grace_period_seconds must be 0 or more."
  }
}

variable "vpc_config" {
  type = object({
    subnets           = list(string)
    security_groups   = list(string)
    assign_public_ip  = optional(bool, false)
    service_discovery = optional(bool, false)
  })
  nullable = false

  validation {
    condition = (
      contains(range(1, 17), length(var.vpc_config.subnets)) && contains(range(1, 6), length(var.vpc_config.security_groups))
    )
    error_message = "vpc_config must have 1-16 subnets and 1-5 security groups; found ${length(var.vpc_config.subnets)} subnets and ${length(var.vpc_config.security_groups)} security groups."
  }

  validation {
    condition     = !var.vpc_config.service_discovery || var.namespace_id != null
    error_message = "vpc_config.service_discovery requires a namespace in the cluster. Set service_discovery in the ecs-cluster module."
  }
}

variable "alarm_topic" {
  type = object({
    arn = string
  })
  default = null
}

variable "ecs_cpu_cloudwatch_configuration" {
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

variable "volumes" {
  type = map(object({
    efs = optional(object({
      file_system_id  = string
      access_point_id = optional(string)
      root_directory  = optional(string, "/")
      iam             = optional(bool, true)
      read_only       = optional(bool, false)
    }))
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.volumes) : can(regex("^[A-Za-z0-9_-]{1,255}$", name))])
    error_message = "Volume names must be 1-255 letters, digits, hyphens and underscores; found ${join(", ", keys(var.volumes))}."
  }

  validation {
    condition     = length(setsubtract(local.mounted_volumes, keys(var.volumes))) == 0
    error_message = "container_definitions mounts ${join(", ", setsubtract(local.mounted_volumes, keys(var.volumes)))}, which volumes does not define."
  }

  validation {
    condition     = alltrue([for efs in flatten([for volume in var.volumes : volume.efs[*]]) : efs.access_point_id == null || efs.root_directory == "/"])
    error_message = "efs.root_directory cannot be set with access_point_id, because the access point has a root directory of its own."
  }

  validation {
    condition = (
      alltrue([for volume in var.volumes : volume.efs == null]) ||
      var.fargate_platform_version == "LATEST" || can(regex("^1\\.([4-9]|[1-9][0-9])", var.fargate_platform_version))
    )
    error_message = "EFS volumes require fargate_platform_version 1.4.0 or later, or LATEST; found ${var.fargate_platform_version}."
  }
}

variable "autoscaling_policy" {
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

# What the validations above compare with.
variable "container_definitions" {
  type = string
}

variable "deployment_controller" {
  type = string
}

variable "fargate_platform_version" {
  type = string
}

variable "namespace_id" {
  type = string
}
