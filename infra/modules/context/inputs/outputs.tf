# The values after conversion to their types, with defaults.

output "iam" {
  value = var.iam
}
