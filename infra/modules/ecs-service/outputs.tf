output "service_name" {
  description = "The service's name."
  value       = local.service.name
}

output "service_arn" {
  description = "The service's ARN."
  value       = local.service.id
}

output "task_definition_arn" {
  description = "The newest revision that Terraform made, PREFIX-NAME:REVISION. With CodeDeploy it runs only once it is deployed."
  value       = aws_ecs_task_definition.this.arn
}

output "task_definition_family" {
  description = "The task definition's name without a revision."
  value       = aws_ecs_task_definition.this.family
}

output "task_role_arn" {
  description = "The role of the application."
  value       = aws_iam_role.task.arn
}

output "task_role_name" {
  description = "Name of the application's role, to attach more policies."
  value       = aws_iam_role.task.name
}

output "execution_role_arn" {
  description = "The role with which ECS starts the tasks: the cluster's."
  value       = var.cluster.execution_role_arn
}

output "log_group_name" {
  description = "The service's log group. It may be used in the module's own container_definitions."
  value       = aws_cloudwatch_log_group.this.name
}

output "container" {
  description = "Name and port of the container that receives the traffic, or null without a load balancer."
  value = length(var.load_balancer_target) == 0 ? null : {
    name = var.load_balancer_target[0].container_name
    port = var.load_balancer_target[0].container_port
  }
}

output "alarm_names" {
  description = "Names of the CPU and memory alarms, as CodeDeploy takes them."
  value       = values(aws_cloudwatch_metric_alarm.this)[*].alarm_name
}

output "config" {
  description = "What a deployment has to know of the service, in one object."
  value = {
    cluster_name           = var.cluster.name
    service_name           = local.service.name
    task_definition_family = aws_ecs_task_definition.this.family
    task_role_arn          = aws_iam_role.task.arn
    execution_role_arn     = var.cluster.execution_role_arn
    container_name         = try(var.load_balancer_target[0].container_name, null)
    container_port         = try(var.load_balancer_target[0].container_port, null)
  }
}
