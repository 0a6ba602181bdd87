# The values after conversion to their types, with defaults.

output "applications" {
  value = var.applications
}

output "test_listener" {
  value = var.test_listener
}

output "headers" {
  value = var.headers
}

output "alarms" {
  value = var.alarms
}
