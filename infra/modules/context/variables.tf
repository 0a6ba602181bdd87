variable "app_id" {
  description = "Id of the application in the company's inventory: lower-case letters, digits and dashes, at most 32."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$", var.app_id))
    error_message = "app_id is \"${var.app_id}\". Use 1 to 32 lower-case letters, digits and dashes, no dash at either end."
  }
}

variable "chargeback_id" {
  description = "Who pays: lower-case letters, digits and dashes, at most 32."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$", var.chargeback_id))
    error_message = "chargeback_id is \"${var.chargeback_id}\". Use 1 to 32 lower-case letters, digits and dashes, no dash at either end."
  }
}

variable "product_name" {
  description = "First half of every name: lower-case letters, digits and dashes, starting with a letter. With workspace and the dash between them at most 20."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", var.product_name))
    error_message = "product_name is \"${var.product_name}\". Use lower-case letters, digits and dashes, a letter first, no dash at the end."
  }
}

variable "workspace" {
  description = "Second half of every name, the environment: lower-case letters, digits and dashes. Often terraform.workspace."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", var.workspace))
    error_message = "workspace is \"${var.workspace}\". Use lower-case letters, digits and dashes, no dash at either end."
  }

  # A load balancer's and a target group's name end at 32 characters: 20 for the prefix leave 12 for the rest.
  validation {
    condition     = length("${var.product_name}-${var.workspace}") <= 20
    error_message = "The prefix \"${var.product_name}-${var.workspace}\" has ${length("${var.product_name}-${var.workspace}")} characters, at most 20 leave room for names of 32. Shorten product_name or workspace."
  }
}

variable "private_domain" {
  description = "The account's private domain, for instance \"dev.example.internal\": certificates and DNS records are looked up under it. Null where there is none."
  type        = string
  default     = null

  validation {
    condition = var.private_domain == null || can(
      regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]$", var.private_domain)
    )
    error_message = "private_domain is \"${coalesce(var.private_domain, "null")}\". Write a lower-case domain of at least two labels, without a wildcard and without a dot at the end."
  }
}

variable "tags" {
  description = "More tags for every resource. S3 objects carry at most 10 tags, so keep to 5 here."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setintersection([for key in keys(var.tags) : lower(key)], ["app_id", "chargeback_id", "product_name", "workspace"])) == 0
    error_message = "tags sets ${join(", ", [for key in keys(var.tags) : key if contains(["app_id", "chargeback_id", "product_name", "workspace"], lower(key))])}, which come from the variables of the same names, in capitals or not. Set those instead."
  }

  # Roles carry the tags as well, and IAM tells no capitals apart.
  validation {
    condition     = length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags)
    error_message = "Two keys of tags differ in capitals only, and IAM takes them for the same one: ${join(", ", keys(var.tags))}. Keep one of them."
  }

  # Four facts here and the Name of some resources. An S3 object, the AppSpec for instance, takes 10.
  validation {
    condition     = length(var.tags) <= 5
    error_message = "tags has ${length(var.tags)} entries. With the module's own they would pass the 10 that an S3 object takes; keep to 5."
  }

  validation {
    condition = alltrue([
      for key, value in var.tags :
      length(key) >= 1 && length(key) <= 128 && length(value) <= 256 && !startswith(lower(key), "aws:")
    ])
    error_message = "A tag's key has 1 to 128 characters and does not start with \"aws:\", its value has at most 256."
  }

  # What all services take, as IAM's pattern has it.
  validation {
    condition     = alltrue([for text in concat(keys(var.tags), values(var.tags)) : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*$", text))])
    error_message = "Keys and values of tags are made of letters, digits, blanks and _ . : / = + - @. Leave the rest out of ${jsonencode(var.tags)}."
  }
}
