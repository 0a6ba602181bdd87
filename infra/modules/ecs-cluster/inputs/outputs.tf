# The values after conversion to their types, with defaults.

output "default_capacity_providers" {
  value = var.default_capacity_providers
}

output "alarm_settings" {
  value = var.alarm_settings
}

output "task_failure_alerting_config" {
  value = var.task_failure_alerting_config
}

output "service_discovery" {
  value = var.service_discovery
}
