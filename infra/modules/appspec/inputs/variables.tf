variable "network" {
  type = object({
    subnets          = list(string)
    security_groups  = list(string)
    assign_public_ip = optional(bool, false)
  })
  default = null

  validation {
    condition     = var.network == null ? true : length(var.network.subnets) >= 1 && length(var.network.subnets) <= 16 && length(distinct(var.network.subnets)) == length(var.network.subnets)
    error_message = "network.subnets must have 1-16 unique subnet IDs; found ${join(", ", try(var.network.subnets, []))}."
  }

  validation {
    condition     = var.network == null ? true : length(var.network.security_groups) >= 1 && length(var.network.security_groups) <= 5 && length(distinct(var.network.security_groups)) == length(var.network.security_groups)
    error_message = "network.security_groups must have 1-5 unique security group IDs; found ${join(", ", try(var.network.security_groups, []))}."
  }

  validation {
    condition = alltrue(concat(
      [for id in try(var.network.subnets, []) : can(regex("^subnet-[0-9a-z]+$", id))],
      [for id in try(var.network.security_groups, []) : can(regex("^sg-[0-9a-z]+$", id))],
    ))
    error_message = "network requires IDs (subnet-… and sg-…); found ${join(", ", concat(try(var.network.subnets, []), try(var.network.security_groups, [])))}."
  }
}

variable "capacity_provider_strategy" {
  type = list(object({
    capacity_provider = string
    base              = optional(number, 0)
    weight            = optional(number, 0)
  }))
  default  = []
  nullable = false

  validation {
    condition = length(var.capacity_provider_strategy) <= 20 && alltrue([for item in var.capacity_provider_strategy : (
      can(regex("^[A-Za-z0-9_-]{1,255}$", item.capacity_provider)) &&
      item.base >= 0 && item.base <= 100000 && floor(item.base) == item.base &&
      item.weight >= 0 && item.weight <= 1000 && floor(item.weight) == item.weight
    )])
    error_message = "capacity_provider_strategy can have at most 20 capacity providers, each with its short name, a base of 0-100000 and a weight of 0-1000."
  }

  validation {
    condition     = length(distinct(var.capacity_provider_strategy[*].capacity_provider)) == length(var.capacity_provider_strategy)
    error_message = "Each capacity provider can appear only once; found ${join(", ", var.capacity_provider_strategy[*].capacity_provider)}."
  }

  validation {
    condition     = length([for item in var.capacity_provider_strategy : item if item.base > 0]) <= 1
    error_message = "Only one capacity provider can have a base above 0."
  }

  validation {
    condition     = length(var.capacity_provider_strategy) == 0 || anytrue([for item in var.capacity_provider_strategy : item.weight > 0])
    error_message = "At least one capacity provider must have a weight above 0."
  }
}
