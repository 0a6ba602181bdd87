variable "zone_id" {
  description = "The id of the hosted zone, public or private, that gets the records."
  type        = string
  nullable    = false
}

variable "records" {
  description = <<-EOT
    The records. `name` is relative to the zone ("web") or full, "" is the zone itself. `type` is "A", "AAAA" or "CNAME".
    Either `records` with a `ttl` in seconds (the values: addresses, or one other name for a CNAME), or `alias` (of A and
    AAAA): the name and zone of a load balancer, `dns_name` and `zone_id` of module.alb.
  EOT
  type = list(object({
    name    = string
    type    = string
    records = optional(list(string), [])
    ttl     = optional(number)
    alias = optional(object({
      dns_name               = string
      zone_id                = string
      evaluate_target_health = optional(bool, true)
    }))
  }))
  nullable = false

  validation {
    condition     = alltrue([for record in var.records : contains(["A", "AAAA", "CNAME"], record.type)])
    error_message = "A record's type is \"A\", \"AAAA\" or \"CNAME\", not ${join(", ", [for record in var.records : "\"${record.type}\"" if !contains(["A", "AAAA", "CNAME"], record.type)])}."
  }

  validation {
    condition     = alltrue([for record in var.records : (length(record.records) > 0) != (record.alias != null)])
    error_message = "A record has either records or an alias. Wrong: ${join(", ", [for record in var.records : "\"${record.name}\"" if(length(record.records) > 0) == (record.alias != null)])}."
  }

  validation {
    condition     = alltrue([for record in var.records : record.alias == null || record.type != "CNAME"])
    error_message = "An alias is an A or AAAA record. Give the CNAME its value in records, or make its type \"A\"."
  }

  validation {
    condition     = alltrue([for record in var.records : record.type != "CNAME" || length(record.records) <= 1])
    error_message = "A CNAME has one value: ${join(", ", [for record in var.records : "\"${record.name}\"" if record.type == "CNAME" && length(record.records) > 1])} has several."
  }

  validation {
    condition     = alltrue([for record in var.records : record.type != "CNAME" || record.name != ""])
    error_message = "DNS has no CNAME at the top of a zone. Make it an alias: type = \"A\", alias = { dns_name, zone_id }."
  }

  validation {
    condition = alltrue([
      for record in var.records :
      record.alias == null ? try(record.ttl >= 0 && record.ttl <= 604800 && floor(record.ttl) == record.ttl, false) : record.ttl == null
    ])
    error_message = "A record with values has a ttl of 0 to 604800 seconds (a week). An alias has none: it takes that of its target."
  }

  validation {
    condition     = length(var.records) == length(distinct([for record in var.records : "${lower(record.name)} ${record.type}"]))
    error_message = "Two records have the same name and type. Join their values into one."
  }

  validation {
    condition = alltrue(flatten([
      for record in var.records : [
        for other in var.records : !(record.type == "CNAME" && other.type != "CNAME" && lower(record.name) == lower(other.name))
      ]
    ]))
    error_message = "A name with a CNAME has no other record. Take another name, or an alias instead of the CNAME."
  }
}
