output "config" {
  description = "The project as one object; pass it as `build` to the pipeline module."
  value = {
    project_name = aws_codebuild_project.this.name
    project_arn  = aws_codebuild_project.this.arn
    role_name    = aws_iam_role.this.name
  }

  # A build fails if it starts before its role has its permissions.
  depends_on = [aws_iam_role_policy.this]
}

output "repository_uri" {
  description = "Repository that the images are pushed to, without a tag. Tags are `build-NUMBER`."
  value       = local.repository_uri
}

output "role_arn" {
  description = "ARN of the role of the build."
  value       = aws_iam_role.this.arn
}

output "log_group_name" {
  description = "Name of the log group of the builds."
  value       = aws_cloudwatch_log_group.this.name
}
