output "function_name" {
  description = "Name of the function, for `hooks` of the AppSpec: `{ AfterAllowTestTraffic = NAME }`."
  value       = aws_lambda_function.this.function_name

  precondition {
    condition     = module.known_keys.unknown == ""
    error_message = module.known_keys.unknown
  }
}

output "function_arn" {
  description = "ARN of the function, for `hook_function_arns` of the codedeploy module. The service role of the deployment group, or the role of the lifecycle hook of Amazon ECS, must be allowed to invoke it."
  value       = aws_lambda_function.this.arn
}

output "role_arn" {
  description = "ARN of the execution role."
  value       = aws_iam_role.this.arn
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.this.name
}
