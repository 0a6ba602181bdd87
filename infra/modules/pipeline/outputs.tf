output "name" {
  description = "Name of the pipeline."
  value       = aws_codepipeline.this.name

  precondition {
    condition     = module.known_keys.unknown == ""
    error_message = module.known_keys.unknown
  }
}

output "arn" {
  description = "ARN of the pipeline."
  value       = aws_codepipeline.this.arn
}

output "role_arn" {
  description = "ARN of the pipeline's role. A deploy role in another account must trust it."
  value       = aws_iam_role.pipeline.arn
}

output "artifact_bucket" {
  description = "Artifact bucket: `name`, `arn` and `key_arn`. Does not depend on the pipeline."
  value = {
    name    = aws_s3_bucket.artifacts.bucket
    arn     = aws_s3_bucket.artifacts.arn
    key_arn = aws_kms_key.artifacts.arn
  }
}

output "action_role_arns" {
  description = "ARNs of the action roles: `source`, `build` (null without a build), `generate` and `deploy`."
  value = {
    source   = aws_iam_role.source.arn
    build    = one(aws_iam_role.build[*].arn)
    generate = aws_iam_role.generate.arn
    deploy   = local.deploy_role_arn
  }
}
