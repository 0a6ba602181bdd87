# The values after conversion to their types, with defaults.

output "rules" {
  value = var.rules
}
