output "pipeline_name" {
  description = "The pipeline in the tools account."
  value       = module.pipeline.name
}

output "artifact_bucket" {
  description = "Its artifact store: `name`, `arn` and `key_arn`."
  value       = module.pipeline.artifact_bucket
}

output "action_role_arns" {
  description = "Roles of its actions; `deploy` is in the workload account."
  value       = module.pipeline.action_role_arns
}

output "function" {
  description = "The function in the tools account: its name and its role."
  value       = { name = module.artifact_function.function_name, role_arn = module.artifact_function.role_arn }
}

output "describe_role_arn" {
  description = "The role in the workload account that the function becomes."
  value       = module.cross_account_role.describe_role_arn
}

output "service" {
  description = "The service in the workload account, `cluster_name` and `service_name` among its facts."
  value       = module.ecs_service.config
}

output "codedeploy" {
  description = "Its application and deployment group."
  value       = module.codedeploy.config
}
