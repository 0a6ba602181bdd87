# The values after conversion to their types, with defaults.

output "package" {
  value = var.package
}
