output "fqdns" {
  description = "The full names of the records, by \"NAME TYPE\" as given, the name in lower case."
  value       = { for key, record in aws_route53_record.this : key => record.fqdn }
}
