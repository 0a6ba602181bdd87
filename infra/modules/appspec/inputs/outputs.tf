# The values after conversion to their types, with defaults.

output "network" {
  value = var.network
}

output "capacity_provider_strategy" {
  value = var.capacity_provider_strategy
}
