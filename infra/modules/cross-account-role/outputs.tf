output "describe_role_arn" {
  description = "ARN of the role that the function becomes: `role_arn` of the request, and one of `allowed_role_arns`."
  value       = aws_iam_role.describe.arn
}

output "deploy_role_arn" {
  description = "ARN of the role that the deploy action becomes."
  value       = aws_iam_role.deploy.arn
}

output "bucket_policy_statements" {
  description = "What the policy of the artifact bucket in the tools account must say as well: statements, as JSON."
  value       = local.config.bucket_policy_statements
}

output "key_policy_statements" {
  description = "What the policy of the artifact key in the tools account must say as well: statements, as JSON."
  value       = local.config.key_policy_statements
}

output "config" {
  description = "All that module pipeline takes as `cross_account`."
  value       = local.config
}

# A role of one account reaches bucket and key of another only where both accounts say so.
locals {
  config = {
    deploy_role_arn = aws_iam_role.deploy.arn

    bucket_policy_statements = [jsonencode({
      Sid       = "AllowDeployRoleOf${local.account}"
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.deploy.arn }
      Action    = local.read_objects
      Resource  = "${var.artifact.bucket_arn}/*"
    })]

    key_policy_statements = [jsonencode({
      Sid       = "AllowDeployRoleOf${local.account}"
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.deploy.arn }
      Action    = "kms:Decrypt"
      Resource  = "*"
      Condition = local.through_s3
    })]
  }
}
