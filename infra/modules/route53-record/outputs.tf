output "fqdns" {
  description = "Fully qualified names of the records, keyed by \"NAME TYPE\", with the name in lower case."
  value       = { for key, record in aws_route53_record.this : key => record.fqdn }

  precondition {
    condition     = module.known_keys.unknown == ""
    error_message = module.known_keys.unknown
  }
}
