variable "rules" {
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
    error_message = "type must be \"ingress\" or \"egress\"; found ${join(", ", [for rule in var.rules : "\"${rule.type}\"" if !contains(["ingress", "egress"], rule.type)])}."
  }

  validation {
    condition     = alltrue([for rule in var.rules : contains(["tcp", "udp", "icmp", "icmpv6", "-1"], rule.protocol)])
    error_message = "protocol must be \"tcp\", \"udp\", \"icmp\", \"icmpv6\" or \"-1\"; found ${join(", ", [for rule in var.rules : "\"${rule.protocol}\"" if !contains(["tcp", "udp", "icmp", "icmpv6", "-1"], rule.protocol)])}."
  }

  validation {
    condition = alltrue([
      for rule in var.rules : rule.protocol != "-1" || (rule.from_port == null && rule.to_port == null)
    ])
    error_message = "from_port and to_port cannot be set with protocol \"-1\", which means all protocols and ports."
  }

  validation {
    condition = alltrue([
      for rule in var.rules :
      try(0 <= rule.from_port && rule.from_port <= rule.to_port && rule.to_port <= 65535, false)
      if contains(["tcp", "udp"], rule.protocol)
    ])
    error_message = "A tcp or udp rule requires from_port and to_port between 0 and 65535, and from_port cannot exceed to_port."
  }

  validation {
    condition = alltrue([
      for rule in var.rules :
      try(-1 <= rule.from_port && rule.from_port <= 255 && -1 <= rule.to_port && rule.to_port <= 255, false)
      if contains(["icmp", "icmpv6"], rule.protocol)
    ])
    error_message = "An icmp or icmpv6 rule requires the ICMP type as from_port and the code as to_port, each between -1 (all) and 255."
  }

  # A group ID can be unknown during planning; this is then checked during the apply.
  validation {
    condition = alltrue([
      for rule in var.rules :
      1 == sum([
        length(rule.cidr_blocks) > 0 ? 1 : 0, length(rule.prefix_list_ids) > 0 ? 1 : 0, rule.source_security_group_id != null ? 1 : 0,
      ])
    ])
    error_message = "A rule must have exactly one of cidr_blocks, prefix_list_ids and source_security_group_id. Use one rule for each."
  }

  validation {
    condition     = alltrue([for cidr in flatten(var.rules[*].cidr_blocks) : can(cidrhost(cidr, 0))])
    error_message = "Invalid CIDR block: ${join(", ", [for cidr in flatten(var.rules[*].cidr_blocks) : cidr if !can(cidrhost(cidr, 0))])}. Use a block such as \"10.0.0.0/16\", or \"10.0.0.1/32\" for one address."
  }

  validation {
    condition     = alltrue([for rule in var.rules : can(regex("^[A-Za-z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]{1,255}$", rule.description))])
    error_message = "The description of a rule must be 1-255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*."
  }

  # Rules are keyed by these attributes, not by their position, so that inserting a rule does not affect the others.
  validation {
    condition = length(var.rules) == length(distinct([
      for rule in var.rules : [rule.type, rule.protocol, rule.from_port, rule.to_port, rule.description]
    ]))
    error_message = "Rules with the same type, protocol and ports must have different descriptions. Merge them, or change a description."
  }
}
