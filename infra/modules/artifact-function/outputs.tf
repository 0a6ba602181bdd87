output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name

  precondition {
    condition     = module.known_keys.unknown == ""
    error_message = module.known_keys.unknown
  }
}

output "function_arn" {
  description = "ARN of the function. The role of the pipeline's action must be allowed to invoke it."
  value       = aws_lambda_function.this.arn
}

output "role_arn" {
  description = "ARN of the execution role. A describe role in another account must trust it."
  value       = aws_iam_role.this.arn
}

output "role_name" {
  description = "Name of the execution role."
  value       = aws_iam_role.this.name
}

output "log_group_name" {
  description = "Name of the function's log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "watchdog_function_name" {
  description = "Name of the watchdog function, or null if it is disabled."
  value       = one(aws_lambda_function.watchdog[*].function_name)
}

output "user_parameters" {
  description = "UserParameters of the action: the request as one JSON object. Sensitive, because it can contain an external ID."
  value       = local.user_parameters
  sensitive   = true

  precondition {
    condition     = length(local.user_parameters) <= 1000
    error_message = "The request exceeds CodePipeline's limit of 1000 characters for UserParameters. Move keys to a YAML or JSON file in an input artifact, and set config = \"ARTIFACT::PATH\"."
  }
}

output "action" {
  description = "Arguments of the pipeline action, for the pipeline module or a stage of aws_codepipeline, except `role_arn`, which the pipeline sets. Sensitive, because its UserParameters can contain an external ID."
  value = {
    name             = "generate-codedeploy-artifact"
    category         = "Invoke"
    owner            = "AWS"
    provider         = "Lambda"
    version          = "1"
    namespace        = var.namespace
    run_order        = 1
    input_artifacts  = var.input_artifacts
    output_artifacts = [var.output_artifact]
    configuration = {
      FunctionName   = aws_lambda_function.this.function_name
      UserParameters = local.user_parameters
    }
  }
  sensitive = true
}
