output "service_name" {
  description = "Name of the service."
  value       = local.service.name
}

output "service_arn" {
  description = "ARN of the service."
  value       = local.service.id
}

output "task_definition_arn" {
  description = "ARN of the newest task definition revision that Terraform registered. With CodeDeploy, it runs only after it is deployed."
  value       = aws_ecs_task_definition.this.arn
}

output "task_definition_family" {
  description = "Task definition family."
  value       = aws_ecs_task_definition.this.family
}

output "task_role_arn" {
  description = "ARN of the task role."
  value       = aws_iam_role.task.arn
}

output "task_role_name" {
  description = "Name of the task role, for attaching more policies."
  value       = aws_iam_role.task.name
}

output "execution_role_arn" {
  description = "ARN of the cluster's execution role."
  value       = var.cluster.execution_role_arn
}

output "log_group_name" {
  description = "Name of the service's log group. It can be used in this module's container_definitions."
  value       = aws_cloudwatch_log_group.this.name
}

output "container" {
  description = "Name and port of the container that receives traffic, or null without a load balancer."
  value = length(module.inputs.load_balancer_target) == 0 ? null : {
    name = module.inputs.load_balancer_target[0].container_name
    port = module.inputs.load_balancer_target[0].container_port
  }
}

output "informing_alarm_names" {
  description = "Names of the CPU and memory alarms. They notify the topic; a deployment that they stopped would often be the one that adds capacity."
  value       = values(aws_cloudwatch_metric_alarm.this)[*].alarm_name

  precondition {
    condition     = module.known_keys.unknown == ""
    error_message = module.known_keys.unknown
  }
}

output "config" {
  description = "The service as one object, for the other modules."
  value = {
    cluster_name           = var.cluster.name
    service_name           = local.service.name
    task_definition_family = aws_ecs_task_definition.this.family
    task_role_arn          = aws_iam_role.task.arn
    execution_role_arn     = var.cluster.execution_role_arn
    container_name         = try(module.inputs.load_balancer_target[0].container_name, null)
    container_port         = try(module.inputs.load_balancer_target[0].container_port, null)
  }
}
