output "function_name" {
  description = "Name of the function."
  value       = aws_lambda_function.this.function_name
}

output "function_arn" {
  description = "ARN of the function: what the role of the pipeline's action must be allowed to invoke."
  value       = aws_lambda_function.this.arn
}

output "role_arn" {
  description = "ARN of the execution role: whom a describing role in another account has to trust."
  value       = aws_iam_role.this.arn
}

output "role_name" {
  description = "Name of the execution role."
  value       = aws_iam_role.this.name
}

output "log_group_name" {
  description = "Log group of the function."
  value       = aws_cloudwatch_log_group.this.name
}

output "watchdog_function_name" {
  description = "Name of the function that reports lost jobs; null without it."
  value       = one(aws_lambda_function.watchdog[*].function_name)
}

output "user_parameters" {
  description = "The request as CodePipeline hands it to the function: one JSON object. Sensitive, because it may hold an external id."
  value       = local.user_parameters
  sensitive   = true

  precondition {
    condition     = length(local.user_parameters) <= 1000
    error_message = "The request has more than the 1000 characters that CodePipeline takes as UserParameters. Move keys into a YAML or JSON file in an input artifact, and name it: config = \"ARTIFACT::PATH\"."
  }
}

output "action" {
  description = "The action, ready for a stage of aws_codepipeline and for the module pipeline; but for `role_arn`, which the pipeline gives. Sensitive, because its UserParameters may hold an external id."
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
