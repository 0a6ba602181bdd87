variable "context" {
  description = "Name prefix and tags for all resources; pass `module.context.config`."
  type = object({
    prefix   = string
    all_tags = map(string)
  })
  nullable = false
}

variable "name" {
  description = "Name of the security group, appended to the prefix: letters, digits and hyphens."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]*$", var.name)) && length("${var.context.prefix}-${var.name}") <= 255
    error_message = "name must consist of letters, digits and hyphens, with at most 255 characters including the prefix; found \"${var.name}\"."
  }
}

variable "description" {
  description = "Description of the security group. Null derives it from the name. Changing it replaces the group."
  type        = string
  default     = null

  validation {
    condition     = var.description == null || can(regex("^[A-Za-z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]{1,255}$", var.description))
    error_message = "description must be 1-255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*."
  }
}

variable "vpc_id" {
  description = "ID of the VPC."
  type        = string
  nullable    = false
}

variable "rules" {
  description = <<-EOT
    Inbound and outbound rules; without rules, no traffic is allowed. `type` is "ingress" or "egress"; `protocol` is "tcp",
    "udp", "icmp", "icmpv6" or "-1" for all. Each rule has ports (ICMP type and code; none if the protocol is "-1") and
    exactly one of `cidr_blocks` (IPv4 or IPv6), `prefix_list_ids` and `source_security_group_id`. Rules with the same
    type, protocol and ports must have different descriptions.
  EOT
  type        = any
  default     = []
  nullable    = false
}
