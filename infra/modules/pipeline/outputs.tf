output "name" {
  description = "Name of the pipeline."
  value       = aws_codepipeline.this.name
}

output "arn" {
  description = "ARN of the pipeline."
  value       = aws_codepipeline.this.arn
}

output "role_arn" {
  description = "ARN of the pipeline's role: whom a deploy role in another account has to trust."
  value       = aws_iam_role.pipeline.arn
}

output "artifact_bucket" {
  description = "The artifact store, known before the pipeline is: `name` and `arn` of the bucket, `key_arn` of its key."
  value = {
    name    = aws_s3_bucket.artifacts.bucket
    arn     = aws_s3_bucket.artifacts.arn
    key_arn = aws_kms_key.artifacts.arn
  }
}

output "action_role_arns" {
  description = "ARNs of the roles of the actions: `source`, `generate` and `deploy`."
  value = {
    source   = aws_iam_role.source.arn
    generate = aws_iam_role.generate.arn
    deploy   = local.deploy_role_arn
  }
}
