variable "context" {
  description = "Name prefix, tags and IAM settings for all resources; pass `module.context.config`."
  type = object({
    prefix   = string
    all_tags = map(string)
    iam      = optional(object({ path = optional(string, "/"), permissions_boundary_arn = optional(string) }), {})
  })
  nullable = false
}

variable "name" {
  description = "Name of the service and its task definition family, appended to the prefix: letters, digits, hyphens and underscores."
  type        = string
  nullable    = false

  # The task role has the longest name, and IAM allows 64 characters.
  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9_-]*$", var.name)) && length("${var.context.prefix}-${var.name}-task-${local.region}") <= 64
    error_message = "name must consist of letters, digits, hyphens and underscores, with at most 64 characters in the name of the task role; found \"${var.context.prefix}-${var.name}-task-${local.region}\"."
  }
}

variable "cluster" {
  description = "ECS cluster of the service; pass `module.ecs_cluster.config`. Its `kms_key_arn` also encrypts the service's log group."
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
  description = "Container definitions as a JSON array, for example rendered with templatefile(). Names must be unique, and at least one container must be essential."
  type        = string
  nullable    = false

  validation {
    condition     = can(jsondecode(var.container_definitions)) && startswith(trimspace(var.container_definitions), "[")
    error_message = "container_definitions must be a JSON array, even with one container. Check for trailing commas and unquoted template variables."
  }

  validation {
    condition = !can(jsondecode(var.container_definitions)) || try(
      alltrue([for container in jsondecode(var.container_definitions) : container.name != "" && container.image != ""]), false
    )
    error_message = "Each container in container_definitions must be an object with a name and an image."
  }

  validation {
    condition = try(
      length(distinct(jsondecode(var.container_definitions)[*].name)) == length(jsondecode(var.container_definitions)), true
    )
    error_message = "Container names in container_definitions must be unique."
  }

  # Containers are essential by default.
  validation {
    condition = try(
      anytrue([for container in jsondecode(var.container_definitions) : try(container.essential, true)]), true
    )
    error_message = "At least one container in container_definitions must be essential; set \"essential\": true."
  }
}

variable "cpu" {
  description = "CPU units of a task: 256 (0.25 vCPU), 512, 1024, 2048, 4096, 8192 or 16384."
  type        = number
  default     = 256
  nullable    = false

  validation {
    condition     = contains(keys(local.fargate_memory), tostring(var.cpu))
    error_message = "cpu must be 256, 512, 1024, 2048, 4096, 8192 or 16384 for Fargate; found ${var.cpu}."
  }
}

variable "memory" {
  description = "Memory of a task in MiB. Fargate supports certain values for each `cpu`."
  type        = number
  default     = 512
  nullable    = false

  validation {
    condition     = contains(lookup(local.fargate_memory, tostring(var.cpu), [var.memory]), var.memory)
    error_message = "Fargate does not support memory ${var.memory} with cpu ${var.cpu}. Use one of ${join(", ", lookup(local.fargate_memory, tostring(var.cpu), []))}."
  }
}

variable "cpu_architecture" {
  description = "CPU architecture of the images: \"X86_64\" or \"ARM64\"."
  type        = string
  default     = "X86_64"
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.cpu_architecture)
    error_message = "cpu_architecture must be \"X86_64\" or \"ARM64\"; found \"${var.cpu_architecture}\"."
  }
}

variable "deployment_controller" {
  description = "Deployment controller: \"CODE_DEPLOY\" (blue/green; Terraform only creates the initial deployment) or \"ECS\" (rolling update by Terraform, with circuit breaker). Changing it replaces the service."
  type        = string
  default     = "CODE_DEPLOY"
  nullable    = false

  validation {
    condition     = contains(["CODE_DEPLOY", "ECS"], var.deployment_controller)
    error_message = "deployment_controller must be \"CODE_DEPLOY\" or \"ECS\"; found \"${var.deployment_controller}\"."
  }
}

variable "allow_blue_green" {
  description = "Whether CodeDeploy can change the service's load balancer and task definition outside Terraform. Derived from `deployment_controller`; if set, it must agree with it."
  type        = bool
  default     = null

  validation {
    condition     = var.allow_blue_green == null || var.allow_blue_green == (var.deployment_controller == "CODE_DEPLOY")
    error_message = "allow_blue_green must be true if deployment_controller is \"CODE_DEPLOY\", and false if it is \"ECS\"."
  }
}

variable "desired_count" {
  description = "Initial number of tasks. Later changes are made by auto scaling or `aws ecs update-service --desired-count`; without auto scaling, a plan warns if the number differs."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.desired_count >= 0 && floor(var.desired_count) == var.desired_count
    error_message = "desired_count must be an integer of at least 0; found ${var.desired_count}."
  }

  validation {
    condition = length(module.inputs.autoscaling_policy) == 0 || (
      module.inputs.autoscaling_capacity.min <= var.desired_count && var.desired_count <= module.inputs.autoscaling_capacity.max
    )
    error_message = "desired_count must be within autoscaling_capacity, ${module.inputs.autoscaling_capacity.min} to ${module.inputs.autoscaling_capacity.max}; found ${var.desired_count}."
  }
}

variable "fargate_platform_version" {
  description = "Fargate platform version: \"LATEST\", or a version such as \"1.4.0\"."
  type        = string
  default     = "LATEST"
  nullable    = false

  validation {
    condition     = can(regex("^(LATEST|1\\.[0-9]+\\.[0-9]+)$", var.fargate_platform_version))
    error_message = "fargate_platform_version must be \"LATEST\" or a version such as \"1.4.0\"; found \"${var.fargate_platform_version}\"."
  }
}

variable "load_balancer_target" {
  description = "Target groups, and the container and port that receive their traffic: exactly one with CodeDeploy, up to five with ECS. Health check failures are ignored for `health_check_grace_period_seconds` after a task starts."
  type        = any
  default     = []
  nullable    = false
}

variable "log_retention_in_days" {
  description = "Retention of the service's log group in days, one of the values that CloudWatch Logs supports (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 …); 0 keeps logs forever."
  type        = number
  default     = 90
  nullable    = false
}

variable "vpc_config" {
  description = "Network configuration of the tasks. Public IP addresses are only needed in subnets without a NAT gateway or VPC endpoints. `service_discovery` registers the tasks in the cluster's namespace under `name`; with CodeDeploy, it cannot be changed after the service is created. Requests to that name bypass the load balancer, and therefore reach blue and green tasks regardless of traffic weights."
  type        = any
  nullable    = false
}

variable "task_role_policy" {
  description = "JSON policy with the application's permissions. Null grants none."
  type        = string
  default     = null

  validation {
    condition     = var.task_role_policy == null || can(jsondecode(var.task_role_policy).Statement)
    error_message = "task_role_policy must be a JSON policy with a \"Statement\", for example jsonencode({ Version = \"2012-10-17\", Statement = […] })."
  }
}

variable "warn_on_image_change" {
  description = "Whether plans warn if the newest task definition has another image than the running one, so that deploying it changes the image. Set it if deployments take the image from Terraform, and leave it off if they take it from the source of a pipeline."
  type        = bool
  default     = false
  nullable    = false
}
