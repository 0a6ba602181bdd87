variable "context" {
  description = "Names and tags: module.context.config."
  type = object({
    prefix   = string
    all_tags = map(string)
  })
  nullable = false
}

variable "name" {
  description = "The group's name after the prefix: letters, digits and dashes."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9-]*$", var.name)) && length("${var.context.prefix}-${var.name}") <= 255
    error_message = "name is \"${var.name}\". Use letters, digits and dashes; with the prefix at most 255 characters."
  }
}

variable "description" {
  description = "What the group is for. Null makes one of the name. AWS cannot change it later: another text is another group."
  type        = string
  default     = null

  validation {
    condition     = var.description == null || can(regex("^[A-Za-z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]{1,255}$", var.description))
    error_message = "AWS takes a description of 1 to 255 letters, digits, blanks and ._-:/()#,@[]+=&;{}!$*."
  }
}

variable "vpc_id" {
  description = "The VPC of the group."
  type        = string
  nullable    = false
}

variable "rules" {
  description = <<-EOT
    What the group lets in and out; nothing without a rule. `type` is "ingress" or "egress", `protocol` "tcp", "udp",
    "icmp", "icmpv6" or "-1" for all. Each rule has ports (none where the protocol is "-1"; type and code of ICMP) and
    one kind of other side: cidr_blocks (IPv4 or IPv6), prefix_list_ids, or source_security_group_id. Rules with the same
    type, protocol and ports need different descriptions.
  EOT
  type = list(object({
    type                     = string
    description              = string
    protocol                 = string
    from_port                = optional(number)
    to_port                  = optional(number)
    cidr_blocks              = optional(list(string), [])
    source_security_group_id = optional(string)
    prefix_list_ids          = optional(list(string), [])
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for rule in var.rules : contains(["ingress", "egress"], rule.type)])
    error_message = "A rule's type is \"ingress\" or \"egress\", not ${join(", ", [for rule in var.rules : "\"${rule.type}\"" if !contains(["ingress", "egress"], rule.type)])}."
  }

  validation {
    condition     = alltrue([for rule in var.rules : contains(["tcp", "udp", "icmp", "icmpv6", "-1"], rule.protocol)])
    error_message = "A rule's protocol is \"tcp\", \"udp\", \"icmp\", \"icmpv6\" or \"-1\", not ${join(", ", [for rule in var.rules : "\"${rule.protocol}\"" if !contains(["tcp", "udp", "icmp", "icmpv6", "-1"], rule.protocol)])}."
  }

  validation {
    condition = alltrue([
      for rule in var.rules : rule.protocol != "-1" || (rule.from_port == null && rule.to_port == null)
    ])
    error_message = "Protocol \"-1\" means all protocols on all ports. Leave from_port and to_port out, or name the protocol."
  }

  validation {
    condition = alltrue([
      for rule in var.rules :
      try(0 <= rule.from_port && rule.from_port <= rule.to_port && rule.to_port <= 65535, false)
      if contains(["tcp", "udp"], rule.protocol)
    ])
    error_message = "A rule of tcp or udp has from_port and to_port, both from 0 to 65535, from_port not above to_port."
  }

  validation {
    condition = alltrue([
      for rule in var.rules :
      try(-1 <= rule.from_port && rule.from_port <= 255 && -1 <= rule.to_port && rule.to_port <= 255, false)
      if contains(["icmp", "icmpv6"], rule.protocol)
    ])
    error_message = "A rule of icmp or icmpv6 has the type as from_port and the code as to_port, from -1 (all) to 255."
  }

  # A group's id may be unknown while Terraform plans. Then this is checked when it is known.
  validation {
    condition = alltrue([
      for rule in var.rules :
      1 == sum([
        length(rule.cidr_blocks) > 0 ? 1 : 0, length(rule.prefix_list_ids) > 0 ? 1 : 0, rule.source_security_group_id != null ? 1 : 0,
      ])
    ])
    error_message = "A rule has exactly one of cidr_blocks, prefix_list_ids and source_security_group_id. Make two rules of one that has two."
  }

  validation {
    condition     = alltrue([for cidr in flatten(var.rules[*].cidr_blocks) : can(cidrhost(cidr, 0))])
    error_message = "No CIDR block: ${join(", ", [for cidr in flatten(var.rules[*].cidr_blocks) : cidr if !can(cidrhost(cidr, 0))])}. Write \"10.0.0.0/16\", for one address \"10.0.0.1/32\"."
  }

  validation {
    condition     = alltrue([for rule in var.rules : can(regex("^[A-Za-z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]{1,255}$", rule.description))])
    error_message = "AWS takes a rule's description of 1 to 255 letters, digits, blanks and ._-:/()#,@[]+=&;{}!$*."
  }

  # A rule is known by what is written here, not by its place in the list: a new first rule leaves the others alone.
  validation {
    condition = length(var.rules) == length(distinct([
      for rule in var.rules : [rule.type, rule.protocol, rule.from_port, rule.to_port, rule.description]
    ]))
    error_message = "Two rules have the same type, protocol, ports and description. Join them, or say in the descriptions how they differ."
  }
}
