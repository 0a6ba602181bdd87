variable "context" {
  type = object({
    all_tags = map(string)
  })
  description = "Tags of the object; pass `module.context.config`. S3 takes at most 10 on an object."
  nullable    = false

  validation {
    condition     = length(var.context.all_tags) <= 10
    error_message = "S3 takes 10 tags on an object; found ${length(var.context.all_tags)}: ${join(", ", keys(var.context.all_tags))}."
  }
}

variable "bucket" {
  type        = string
  description = "Name of the bucket, in the region of the deployment. It should be versioned, so that a deployment can name exactly this AppSpec."
  nullable    = false
}

variable "key" {
  type        = string
  description = "Key of the object, such as `appspec/web/appspec.yaml`."
  nullable    = false

  validation {
    condition     = can(regex("[^/]\\.ya?ml$", var.key)) && !startswith(var.key, "/")
    error_message = "The key \"${var.key}\" must end in .yaml or .yml, as the object is YAML, and must not begin with a slash."
  }
}

variable "kms_key_arn" {
  type        = string
  description = "KMS key that encrypts the object; CodeDeploy's role needs kms:Decrypt on it. Null: encrypted as the bucket is set up."
  default     = null
}

variable "task_definition_arn" {
  type        = string
  description = "Task definition to deploy, by its ARN with the revision."
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:ecs:[^:]+:[0-9]{12}:task-definition/[A-Za-z0-9_-]+:[1-9][0-9]*$", var.task_definition_arn))
    error_message = "\"${var.task_definition_arn}\" is not the ARN of a task definition with its revision (…:task-definition/FAMILY:REVISION)."
  }
}

variable "container_name" {
  type        = string
  description = "Container that gets the traffic."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.container_name))
    error_message = "The container name \"${var.container_name}\" must be 1-255 letters, digits, hyphens and underscores."
  }
}

variable "container_port" {
  type        = number
  description = "Port of that container, 1-65535."
  nullable    = false

  validation {
    condition     = var.container_port >= 1 && var.container_port <= 65535 && floor(var.container_port) == var.container_port
    error_message = "The container port must be a whole number, 1-65535; found ${var.container_port}."
  }
}

variable "platform_version" {
  type        = string
  description = "Fargate platform version: LATEST or three numbers such as 1.4.0. Null: left out, which means LATEST."
  default     = null

  validation {
    condition     = var.platform_version == null ? true : can(regex("^(LATEST|[0-9]{1,4}(\\.[0-9]{1,4}){2})$", var.platform_version))
    error_message = "The platform version \"${coalesce(var.platform_version, "null")}\" must be LATEST or three numbers such as 1.4.0."
  }
}

variable "network" {
  type = object({
    subnets          = list(string)
    security_groups  = list(string)
    assign_public_ip = optional(bool, false)
  })
  description = "Network of the green tasks: 1-16 subnets and 1-5 security groups, by id. Null: left out, so that they get that of the service."
  default     = null

  validation {
    condition     = var.network == null ? true : length(var.network.subnets) >= 1 && length(var.network.subnets) <= 16 && length(distinct(var.network.subnets)) == length(var.network.subnets)
    error_message = "network.subnets must be 1-16 different subnets; found ${join(", ", try(var.network.subnets, []))}."
  }

  validation {
    condition     = var.network == null ? true : length(var.network.security_groups) >= 1 && length(var.network.security_groups) <= 5 && length(distinct(var.network.security_groups)) == length(var.network.security_groups)
    error_message = "network.security_groups must be 1-5 different security groups; found ${join(", ", try(var.network.security_groups, []))}."
  }

  validation {
    condition = alltrue(concat(
      [for id in try(var.network.subnets, []) : can(regex("^subnet-[0-9a-z]+$", id))],
      [for id in try(var.network.security_groups, []) : can(regex("^sg-[0-9a-z]+$", id))],
    ))
    error_message = "network takes ids, subnet-… and sg-…; found ${join(", ", concat(try(var.network.subnets, []), try(var.network.security_groups, [])))}."
  }
}

variable "capacity_provider_strategy" {
  type = list(object({
    capacity_provider = string
    base              = optional(number, 0)
    weight            = optional(number, 0)
  }))
  description = "Where the green tasks run, such as FARGATE and FARGATE_SPOT: at most 20 providers, `base` 0-100000 above 0 for one of them, `weight` 0-1000 above 0 for at least one. Empty: left out, so that the service's own stays."
  default     = []
  nullable    = false

  validation {
    condition = length(var.capacity_provider_strategy) <= 20 && alltrue([for item in var.capacity_provider_strategy : (
      can(regex("^[A-Za-z0-9_-]{1,255}$", item.capacity_provider)) &&
      item.base >= 0 && item.base <= 100000 && floor(item.base) == item.base &&
      item.weight >= 0 && item.weight <= 1000 && floor(item.weight) == item.weight
    )])
    error_message = "A strategy has at most 20 capacity providers, each by its short name, with a base of 0-100000 and a weight of 0-1000."
  }

  validation {
    condition     = length(distinct(var.capacity_provider_strategy[*].capacity_provider)) == length(var.capacity_provider_strategy)
    error_message = "A capacity provider is given twice: ${join(", ", var.capacity_provider_strategy[*].capacity_provider)}."
  }

  validation {
    condition     = length([for item in var.capacity_provider_strategy : item if item.base > 0]) <= 1
    error_message = "Only one capacity provider may have a base above 0."
  }

  validation {
    condition     = length(var.capacity_provider_strategy) == 0 || anytrue([for item in var.capacity_provider_strategy : item.weight > 0])
    error_message = "At least one capacity provider needs a weight above 0."
  }
}

variable "hooks" {
  type        = map(string)
  description = "Lambda functions, by name or ARN, to call at BeforeInstall, AfterInstall, AfterAllowTestTraffic (needs a test listener), BeforeAllowTraffic and AfterAllowTraffic."
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.hooks), local.lifecycle_events)) == 0
    error_message = "There is no hook ${join(", ", setsubtract(keys(var.hooks), local.lifecycle_events))}; those of an ECS deployment are ${join(", ", local.lifecycle_events)}."
  }

  validation {
    condition = alltrue([for function in values(var.hooks) :
      can(regex("^(arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:)?[A-Za-z0-9_-]{1,64}(:([$]LATEST|[A-Za-z0-9_-]{1,128}))?$", function))
    ])
    error_message = "Hooks must be names or ARNs of Lambda functions; found ${join(", ", values(var.hooks))}."
  }
}
