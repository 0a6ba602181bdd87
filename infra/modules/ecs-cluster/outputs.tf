output "arn" {
  description = "The cluster's ARN."
  value       = aws_ecs_cluster.this.arn
}

output "name" {
  description = "The cluster's name."
  value       = aws_ecs_cluster.this.name
}

output "execution_role_arn" {
  description = "The role with which ECS starts tasks."
  value       = aws_iam_role.execution.arn
}

output "execution_role_name" {
  description = "Name of the role with which ECS starts tasks, to attach more policies."
  value       = aws_iam_role.execution.name
}

output "runtime_log_group_name" {
  description = "Log group of tasks that have none of their own."
  value       = aws_cloudwatch_log_group.runtime.name
}

output "namespace_id" {
  description = "Id of the Service Discovery namespace, or null."
  value       = one(aws_service_discovery_private_dns_namespace.this[*].id)
}

output "task_failure_alarm_name" {
  description = "Name of the alarm on failing tasks, or null."
  value       = one(aws_cloudwatch_metric_alarm.task_failures[*].alarm_name)
}

output "config" {
  description = "What a service needs of its cluster in one object; pass it as `cluster` to module ecs-service."
  value = {
    arn                        = aws_ecs_cluster.this.arn
    name                       = aws_ecs_cluster.this.name
    execution_role_arn         = aws_iam_role.execution.arn
    runtime_log_group_name     = aws_cloudwatch_log_group.runtime.name
    namespace_id               = one(aws_service_discovery_private_dns_namespace.this[*].id)
    kms_key_arn                = var.kms_key_arn
    default_capacity_providers = var.default_capacity_providers
  }

  # A task that starts before its execution role may pull fails.
  depends_on = [aws_iam_role_policy.execution, aws_ecs_cluster_capacity_providers.this]
}
