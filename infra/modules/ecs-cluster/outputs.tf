output "arn" {
  description = "ARN of the cluster."
  value       = aws_ecs_cluster.this.arn
}

output "name" {
  description = "Name of the cluster."
  value       = aws_ecs_cluster.this.name
}

output "execution_role_arn" {
  description = "ARN of the execution role."
  value       = aws_iam_role.execution.arn
}

output "execution_role_name" {
  description = "Name of the execution role, for attaching more policies."
  value       = aws_iam_role.execution.name
}

output "runtime_log_group_name" {
  description = "Name of the log group for tasks without one of their own."
  value       = aws_cloudwatch_log_group.runtime.name
}

output "runtime_log_group_arn" {
  description = "ARN of that log group, for `evidence` of the jenkins-role module."
  value       = aws_cloudwatch_log_group.runtime.arn
}

output "namespace_id" {
  description = "ID of the service discovery namespace, or null."
  value       = one(aws_service_discovery_private_dns_namespace.this[*].id)
}

output "task_failure_alarm_name" {
  description = "Name of the alarm on failed tasks, or null."
  value       = one(aws_cloudwatch_metric_alarm.task_failures[*].alarm_name)

  precondition {
    condition     = module.known_keys.unknown == ""
    error_message = module.known_keys.unknown
  }
}

output "config" {
  description = "The cluster as one object; pass it as `cluster` to the ecs-service module."
  value = {
    arn                        = aws_ecs_cluster.this.arn
    name                       = aws_ecs_cluster.this.name
    execution_role_arn         = aws_iam_role.execution.arn
    runtime_log_group_name     = aws_cloudwatch_log_group.runtime.name
    namespace_id               = one(aws_service_discovery_private_dns_namespace.this[*].id)
    kms_key_arn                = var.kms_key_arn
    default_capacity_providers = module.inputs.default_capacity_providers
  }

  # A task fails if it starts before the execution role has its permissions.
  depends_on = [aws_iam_role_policy.execution, aws_ecs_cluster_capacity_providers.this]
}
