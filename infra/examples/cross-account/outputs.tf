output "pipeline_name" {
  description = "Name of the pipeline in the tools account."
  value       = module.pipeline.name
}

output "artifact_bucket" {
  description = "Artifact bucket of the pipeline: `name`, `arn` and `key_arn`."
  value       = module.pipeline.artifact_bucket
}

output "action_role_arns" {
  description = "ARNs of the pipeline's action roles; `deploy` is in the workload account."
  value       = module.pipeline.action_role_arns
}

output "function" {
  description = "Name and role of the function in the tools account."
  value       = { name = module.artifact_function.function_name, role_arn = module.artifact_function.role_arn }
}

output "describe_role_arn" {
  description = "ARN of the role in the workload account that the function assumes."
  value       = module.cross_account_role.describe_role_arn
}

output "service" {
  description = "ECS service in the workload account, including `cluster_name` and `service_name`."
  value       = module.ecs_service.config
}

output "codedeploy" {
  description = "CodeDeploy application and deployment group."
  value       = module.codedeploy.config
}
