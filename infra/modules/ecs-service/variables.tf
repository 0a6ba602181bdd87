variable "context" {
  description = "Names and tags: module.context.config."
  type = object({
    prefix   = string
    all_tags = map(string)
  })
  nullable = false
}

variable "name" {
  description = "The service's name after the prefix, also that of its task definition: letters, digits, dashes and underscores."
  type        = string
  nullable    = false

  # The task role's name is the longest that is made of it, and IAM takes 64 characters.
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]*$", var.name)) && length("${var.context.prefix}-${var.name}-task") <= 64
    error_message = "name is \"${var.name}\". Use letters, digits, dashes and underscores; with the prefix at most 59 characters, because the task role is named after it."
  }
}

variable "cluster" {
  description = "The cluster that runs the service: module.ecs_cluster.config. `kms_key_arn` encrypts the service's log group as well."
  type = object({
    arn                = string
    name               = string
    execution_role_arn = string
    namespace_id       = optional(string)
    kms_key_arn        = optional(string)
    default_capacity_providers = optional(list(object({
      capacity_provider = string
      weight            = number
      base              = number
    })), [{ capacity_provider = "FARGATE", weight = 1, base = 0 }])
  })
  nullable = false
}

variable "container_definitions" {
  description = "The containers as a JSON array, as ECS takes it; render yours with templatefile(). Each name once, at least one essential."
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.container_definitions)) && startswith(trimspace(var.container_definitions), "[")
    error_message = "container_definitions is no JSON array. It starts with \"[\" even with one container; look for a comma too many or a variable without quotes around it."
  }

  validation {
    condition = !can(jsondecode(var.container_definitions)) || try(
      alltrue([for container in jsondecode(var.container_definitions) : container.name != "" && container.image != ""]), false
    )
    error_message = "Each container in container_definitions is an object with a name and an image."
  }

  validation {
    condition = try(
      length(distinct(jsondecode(var.container_definitions)[*].name)) == length(jsondecode(var.container_definitions)), true
    )
    error_message = "Two containers in container_definitions have the same name."
  }

  # ECS takes a container for essential that does not say.
  validation {
    condition = try(
      anytrue([for container in jsondecode(var.container_definitions) : try(container.essential, true)]), true
    )
    error_message = "No container in container_definitions is essential, so no task could ever fail. Make one \"essential\": true."
  }
}

variable "cpu" {
  description = "CPU units of a task: 256 (a quarter of a vCPU), 512, 1024, 2048, 4096, 8192 or 16384."
  type        = number
  default     = 256
  nullable    = false

  validation {
    condition     = contains(keys(local.fargate_memory), tostring(var.cpu))
    error_message = "Fargate has no task with cpu ${var.cpu}. Choose 256, 512, 1024, 2048, 4096, 8192 or 16384."
  }
}

variable "memory" {
  description = "Memory of a task in MiB; Fargate has only certain amounts for each cpu."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = contains(lookup(local.fargate_memory, tostring(var.cpu), [var.memory]), var.memory)
    error_message = "Fargate has no task with cpu ${var.cpu} and memory ${var.memory}. With this cpu choose of ${join(", ", lookup(local.fargate_memory, tostring(var.cpu), []))}."
  }
}

variable "cpu_architecture" {
  description = "What the images are built for: \"X86_64\" or \"ARM64\"."
  type        = string
  default     = "X86_64"
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.cpu_architecture)
    error_message = "cpu_architecture is \"${var.cpu_architecture}\". Choose \"X86_64\" or \"ARM64\"."
  }
}

variable "deployment_controller" {
  description = "Who deploys: \"CODE_DEPLOY\" (blue/green; Terraform only makes the first deployment) or \"ECS\" (rolling, by Terraform, rolled back by the circuit breaker). Another one is another service: the old one goes before the new one is made."
  type        = string
  default     = "CODE_DEPLOY"
  nullable    = false

  validation {
    condition     = contains(["CODE_DEPLOY", "ECS"], var.deployment_controller)
    error_message = "deployment_controller is \"${var.deployment_controller}\". Choose \"CODE_DEPLOY\" or \"ECS\"."
  }
}

variable "allow_blue_green" {
  description = "True where CodeDeploy may change the service's load balancer and task definition behind Terraform's back. It follows from deployment_controller; who writes it down is told when the two disagree."
  type        = bool
  default     = null

  validation {
    condition     = var.allow_blue_green == null || var.allow_blue_green == (var.deployment_controller == "CODE_DEPLOY")
    error_message = "allow_blue_green and deployment_controller disagree: true goes with \"CODE_DEPLOY\", false with \"ECS\"."
  }
}

variable "desired_count" {
  description = "Tasks to start with. Later the number belongs to auto-scaling, or to `aws ecs update-service --desired-count`; a plan warns where it differs and nothing scales."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.desired_count >= 0 && floor(var.desired_count) == var.desired_count
    error_message = "desired_count is ${var.desired_count}. Use a whole number from 0."
  }

  validation {
    condition = length(var.autoscaling_policy) == 0 || (
      var.autoscaling_capacity.min <= var.desired_count && var.desired_count <= var.autoscaling_capacity.max
    )
    error_message = "desired_count is ${var.desired_count}, outside of autoscaling_capacity, ${var.autoscaling_capacity.min} to ${var.autoscaling_capacity.max}."
  }
}

variable "fargate_platform_version" {
  description = "Fargate's platform version: \"LATEST\" or one like \"1.4.0\"."
  type        = string
  default     = "LATEST"
  nullable    = false

  validation {
    condition     = can(regex("^(LATEST|1\\.[0-9]+\\.[0-9]+)$", var.fargate_platform_version))
    error_message = "fargate_platform_version is \"${var.fargate_platform_version}\". Use \"LATEST\" or a version like \"1.4.0\"."
  }
}

variable "load_balancer_target" {
  description = "Which container and port receive the traffic of which target group: exactly one with CodeDeploy, none to five with ECS. Failing health checks do not count for `health_check_grace_period_seconds` after a task's start."
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
    error_message = "load_balancer_target has ${length(var.load_balancer_target)} entries. CodeDeploy moves the traffic of exactly one target; the ECS controller takes at most five."
  }

  validation {
    condition     = alltrue([for target in var.load_balancer_target : contains(keys(local.tcp_ports), target.container_name)])
    error_message = "load_balancer_target names ${join(", ", distinct(var.load_balancer_target[*].container_name))}, and container_definitions has ${join(", ", keys(local.tcp_ports))}. The names must match."
  }

  # A name that is not there is the matter of the rule above.
  validation {
    condition = alltrue([
      for target in var.load_balancer_target :
      contains(flatten(lookup(local.tcp_ports, target.container_name, [tostring(target.container_port)])), tostring(target.container_port))
    ])
    error_message = "load_balancer_target sends traffic to port ${join(", ", distinct(var.load_balancer_target[*].container_port))}, which its container does not map. Add { \"containerPort\": … } to its portMappings, protocol tcp."
  }

  validation {
    condition     = alltrue([for seconds in var.load_balancer_target[*].health_check_grace_period_seconds : 0 <= seconds && seconds < 2147483648])
    error_message = "health_check_grace_period_seconds is a number of seconds from 0."
  }
}

variable "log_retention_in_days" {
  description = "Days that the service's log group keeps its lines; one of CloudWatch's steps (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 …), 0 for ever."
  type        = number
  default     = 90
  nullable    = false
}

variable "vpc_config" {
  description = "Where tasks run. A public address is needed only in subnets without a NAT gateway or endpoints. `service_discovery` registers the tasks in the cluster's namespace under the service's `name`; say it when the service is created, since ECS changes it on no service of CodeDeploy. Who calls that name bypasses the load balancer, and so a deployment's shares: blue and green answer side by side."
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
    error_message = "vpc_config has ${length(var.vpc_config.subnets)} subnets and ${length(var.vpc_config.security_groups)} security groups. A service takes 1 to 16 subnets and 1 to 5 groups."
  }

  validation {
    condition     = !var.vpc_config.service_discovery || var.cluster.namespace_id != null
    error_message = "vpc_config.service_discovery is true, but the cluster has no namespace. Set service_discovery in module ecs-cluster."
  }
}

variable "task_role_policy" {
  description = "What the application may do, as a JSON policy. Null for nothing."
  type        = string
  default     = null

  validation {
    condition     = var.task_role_policy == null || can(jsondecode(var.task_role_policy).Statement)
    error_message = "task_role_policy is no JSON policy: it needs a \"Statement\". Use jsonencode({ Version = \"2012-10-17\", Statement = […] })."
  }
}
