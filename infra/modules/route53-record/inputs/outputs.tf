# The values after conversion to their types, with defaults.

output "records" {
  value = var.records
}
