# The zone's name is known only from the zone itself; it cannot have a CNAME.
data "aws_route53_zone" "zone" {
  zone_id = var.zone_id
}

locals {
  zone_name = trimsuffix(data.aws_route53_zone.zone.name, ".")
}

resource "aws_route53_record" "this" {
  for_each = { for record in module.inputs.records : "${lower(record.name)} ${record.type}" => record }

  zone_id = var.zone_id
  name    = each.value.name
  type    = each.value.type
  ttl     = each.value.ttl
  records = each.value.alias == null ? each.value.records : null

  dynamic "alias" {
    for_each = each.value.alias[*]

    content {
      name                   = alias.value.dns_name
      zone_id                = alias.value.zone_id
      evaluate_target_health = alias.value.evaluate_target_health
    }
  }

  lifecycle {
    precondition {
      condition     = each.value.type != "CNAME" || trimsuffix(lower(each.value.name), ".") != local.zone_name
      error_message = "\"${each.value.name}\" is the zone apex, where a CNAME is not allowed. Use an alias instead: type = \"A\", alias = { dns_name, zone_id }."
    }
  }
}
