# The values after conversion to their types, with defaults.

output "load_balancer_target" {
  value = var.load_balancer_target
}

output "vpc_config" {
  value = var.vpc_config
}

output "alarm_topic" {
  value = var.alarm_topic
}

output "ecs_cpu_cloudwatch_configuration" {
  value = var.ecs_cpu_cloudwatch_configuration
}

output "ecs_memory_cloudwatch_configuration" {
  value = var.ecs_memory_cloudwatch_configuration
}

output "volumes" {
  value = var.volumes
}

output "autoscaling_policy" {
  value = var.autoscaling_policy
}

output "autoscaling_capacity" {
  value = var.autoscaling_capacity
}
