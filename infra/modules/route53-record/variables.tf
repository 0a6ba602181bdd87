variable "zone_id" {
  description = "ID of the public or private hosted zone."
  type        = string
  nullable    = false
}

variable "records" {
  description = <<-EOT
    DNS records. `name` is relative to the zone ("web") or fully qualified; "" is the zone apex. `type` is "A", "AAAA" or
    "CNAME". Each record has either `records` (addresses, or one name for a CNAME) with a `ttl` in seconds, or, for A and
    AAAA, an `alias` to a load balancer: the outputs `dns_name` and `zone_id` of the alb module.
  EOT
  type        = any
  nullable    = false
}
