# The values after conversion to their types, with defaults.

output "blue_green" {
  value = var.blue_green
}

output "load_balancer" {
  value = var.load_balancer
}

output "alarms" {
  value = var.alarms
}

output "notifications" {
  value = var.notifications
}

output "revision_bucket" {
  value = var.revision_bucket
}
