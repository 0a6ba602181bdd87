variable "app_id" {
  description = "Application ID in the company's inventory: lower-case letters, digits and hyphens, at most 32 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$", var.app_id))
    error_message = "app_id must be 1-32 lower-case letters, digits and hyphens, and cannot begin or end with a hyphen; found \"${var.app_id}\"."
  }
}

variable "chargeback_id" {
  description = "Cost center: lower-case letters, digits and hyphens, at most 32 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$", var.chargeback_id))
    error_message = "chargeback_id must be 1-32 lower-case letters, digits and hyphens, and cannot begin or end with a hyphen; found \"${var.chargeback_id}\"."
  }
}

variable "product_name" {
  description = "Product name, the first part of every resource name: lower-case letters, digits and hyphens, beginning with a letter. PRODUCT_NAME-WORKSPACE can have at most 20 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]*[a-z0-9])?$", var.product_name))
    error_message = "product_name must consist of lower-case letters, digits and hyphens, begin with a letter, and cannot end with a hyphen; found \"${var.product_name}\"."
  }
}

variable "workspace" {
  description = "Name of the environment, the second part of every resource name: lower-case letters, digits and hyphens. Often terraform.workspace."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", var.workspace))
    error_message = "workspace must consist of lower-case letters, digits and hyphens, and cannot begin or end with a hyphen; found \"${var.workspace}\"."
  }

  # Load balancer and target group names have at most 32 characters: a prefix of 20 leaves 12 for the rest.
  validation {
    condition     = length("${var.product_name}-${var.workspace}") <= 20
    error_message = "The prefix \"${var.product_name}-${var.workspace}\" has ${length("${var.product_name}-${var.workspace}")} characters; the maximum is 20, because some AWS names are limited to 32. Shorten product_name or workspace."
  }
}

variable "private_domain" {
  description = "Private domain of the account, such as \"dev.example.internal\", for certificates and DNS records. Null if there is none."
  type        = string
  default     = null

  validation {
    condition = var.private_domain == null || can(
      regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9]$", var.private_domain)
    )
    error_message = "private_domain must be a lower-case domain name with at least two labels, and without a wildcard or a trailing dot; found \"${coalesce(var.private_domain, "null")}\"."
  }
}

variable "iam" {
  description = "Path and permissions boundary of every IAM role, for accounts that require them."
  type        = any
  default     = {}
  nullable    = false
}

variable "tags" {
  description = "Additional tags for every resource, at most 5, because S3 objects can have only 10 tags."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(setintersection([for key in keys(var.tags) : lower(key)], ["app_id", "chargeback_id", "product_name", "workspace"])) == 0
    error_message = "tags sets ${join(", ", [for key in keys(var.tags) : key if contains(["app_id", "chargeback_id", "product_name", "workspace"], lower(key))])}, in upper or lower case. Set the variables of the same names instead."
  }

  # IAM roles get the tags as well, and tag keys in IAM are case-insensitive.
  validation {
    condition     = length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags)
    error_message = "Tag keys must differ in more than case, because IAM tag keys are case-insensitive; found ${join(", ", keys(var.tags))}."
  }

  # This module adds four tags, and some resources a Name. S3 objects, such as the AppSpec, can have 10.
  validation {
    condition     = length(var.tags) <= 5
    error_message = "tags can have at most 5 entries, because S3 objects can have only 10 tags including the module's own; found ${length(var.tags)}."
  }

  validation {
    condition = alltrue([
      for key, value in var.tags :
      length(key) >= 1 && length(key) <= 128 && length(value) <= 256 && !startswith(lower(key), "aws:")
    ])
    error_message = "Tag keys must have 1-128 characters and cannot begin with \"aws:\"; tag values can have at most 256 characters."
  }

  # The characters that all services accept, according to IAM's pattern.
  validation {
    condition     = alltrue([for text in concat(keys(var.tags), values(var.tags)) : can(regex("^[\\p{L}\\p{Z}\\p{N}_.:/=+@-]*$", text))])
    error_message = "Tag keys and values can contain only letters, digits, spaces and _ . : / = + - @; found ${jsonencode(var.tags)}."
  }
}
