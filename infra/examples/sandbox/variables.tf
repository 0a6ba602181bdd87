variable "region" {
  description = "AWS Region of all resources."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "name" {
  description = "Name of the VPC and first part of other names: lower-case letters, digits and hyphens."
  type        = string
  default     = "sandbox"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,29}$", var.name))
    error_message = "name must be 1-30 lower-case letters, digits and hyphens; found \"${var.name}\"."
  }
}

variable "cidr_block" {
  description = "IPv4 range of the VPC, /16 to /24. It is split into eight ranges, of which three are used."
  type        = string
  default     = "10.20.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrsubnet(var.cidr_block, 3, 7)) && can(regex("/(1[6-9]|2[0-4])$", var.cidr_block))
    error_message = "cidr_block must be an IPv4 range from /16 to /24, such as 10.20.0.0/16; found \"${var.cidr_block}\"."
  }
}

variable "private_domain" {
  description = "Domain of the private hosted zone and, as *.DOMAIN, of the certificate. The top-level domain `internal` is reserved for private use."
  type        = string
  default     = "sandbox.internal"
  nullable    = false
}
