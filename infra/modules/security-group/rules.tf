# A provider rule has one source or destination, while `rules` accepts lists. The keys consist of what is known during
# planning (the rule's attributes and the position in its list), because IDs of other groups and prefix lists often are not.
locals {
  rules = merge([
    for rule in module.inputs.rules : {
      for position in range(max(length(rule.cidr_blocks), length(rule.prefix_list_ids), 1)) :
      join(" ", compact([rule.type, rule.protocol, rule.from_port, rule.to_port, rule.description, position])) => {
        type            = rule.type
        description     = rule.description
        protocol        = rule.protocol
        from_port       = rule.from_port
        to_port         = rule.to_port
        cidr            = try(rule.cidr_blocks[position], null)
        prefix_list     = try(rule.prefix_list_ids[position], null)
        source_group_id = rule.source_security_group_id
      }
    }
  ]...)
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = { for key, rule in local.rules : key => rule if rule.type == "ingress" }

  security_group_id            = aws_security_group.this.id
  description                  = each.value.description
  ip_protocol                  = each.value.protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = strcontains(coalesce(each.value.cidr, ":"), ":") ? null : each.value.cidr
  cidr_ipv6                    = strcontains(coalesce(each.value.cidr, "."), ":") ? each.value.cidr : null
  prefix_list_id               = each.value.prefix_list
  referenced_security_group_id = each.value.source_group_id
  tags                         = var.context.all_tags
}

resource "aws_vpc_security_group_egress_rule" "this" {
  for_each = { for key, rule in local.rules : key => rule if rule.type == "egress" }

  security_group_id            = aws_security_group.this.id
  description                  = each.value.description
  ip_protocol                  = each.value.protocol
  from_port                    = each.value.from_port
  to_port                      = each.value.to_port
  cidr_ipv4                    = strcontains(coalesce(each.value.cidr, ":"), ":") ? null : each.value.cidr
  cidr_ipv6                    = strcontains(coalesce(each.value.cidr, "."), ":") ? each.value.cidr : null
  prefix_list_id               = each.value.prefix_list
  referenced_security_group_id = each.value.source_group_id
  tags                         = var.context.all_tags
}
