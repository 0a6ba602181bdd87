variable "records" {
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
    error_message = "type must be \"A\", \"AAAA\" or \"CNAME\"; found ${join(", ", [for record in var.records : "\"${record.type}\"" if !contains(["A", "AAAA", "CNAME"], record.type)])}."
  }

  validation {
    condition     = alltrue([for record in var.records : (length(record.records) > 0) != (record.alias != null)])
    error_message = "Each record must have either records or an alias; check ${join(", ", [for record in var.records : "\"${record.name}\"" if(length(record.records) > 0) == (record.alias != null)])}."
  }

  validation {
    condition     = alltrue([for record in var.records : record.alias == null || record.type != "CNAME"])
    error_message = "alias is supported only for A and AAAA records. Set records for a CNAME, or change its type to \"A\"."
  }

  validation {
    condition     = alltrue([for record in var.records : record.type != "CNAME" || length(record.records) <= 1])
    error_message = "A CNAME must have exactly one value; check ${join(", ", [for record in var.records : "\"${record.name}\"" if record.type == "CNAME" && length(record.records) > 1])}."
  }

  validation {
    condition     = alltrue([for record in var.records : record.type != "CNAME" || record.name != ""])
    error_message = "A CNAME is not allowed at the zone apex. Use an alias instead: type = \"A\", alias = { dns_name, zone_id }."
  }

  validation {
    condition = alltrue([
      for record in var.records :
      record.alias == null ? try(record.ttl >= 0 && record.ttl <= 604800 && floor(record.ttl) == record.ttl, false) : record.ttl == null
    ])
    error_message = "ttl must be between 0 and 604800 seconds (7 days) for records, and cannot be set for an alias."
  }

  validation {
    condition     = length(var.records) == length(distinct([for record in var.records : "${lower(record.name)} ${record.type}"]))
    error_message = "The combination of name and type must be unique. Merge the values into one record."
  }

  validation {
    condition = alltrue(flatten([
      for record in var.records : [
        for other in var.records : !(record.type == "CNAME" && other.type != "CNAME" && lower(record.name) == lower(other.name))
      ]
    ]))
    error_message = "A name with a CNAME cannot have other records. Use another name, or an alias instead of the CNAME."
  }
}
