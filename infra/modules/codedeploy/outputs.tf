output "application_name" {
  description = "Name of the CodeDeploy application."
  value       = aws_codedeploy_app.this.name

  precondition {
    condition     = module.known_keys.unknown == ""
    error_message = module.known_keys.unknown
  }
}

output "application_arn" {
  description = "ARN of the CodeDeploy application."
  value       = aws_codedeploy_app.this.arn
}

output "group_name" {
  description = "Name of the deployment group."
  value       = aws_codedeploy_deployment_group.this.deployment_group_name
}

output "group_arn" {
  description = "ARN of the deployment group."
  value       = aws_codedeploy_deployment_group.this.arn
}

output "config_name" {
  description = "Name of the deployment configuration."
  value       = local.config_name
}

output "config_arn" {
  description = "ARN of the deployment configuration."
  value       = local.config_arn
}

output "service_role_arn" {
  description = "ARN of the CodeDeploy service role."
  value       = aws_iam_role.this.arn
}

output "config" {
  description = "The deployment group, for the modules pipeline, cross-account-role and jenkins-role."
  value = {
    application_name = aws_codedeploy_app.this.name
    application_arn  = aws_codedeploy_app.this.arn
    group_name       = aws_codedeploy_deployment_group.this.deployment_group_name
    group_arn        = aws_codedeploy_deployment_group.this.arn
    config_arn       = local.config_arn
  }
}
