output "describe_role_arn" {
  description = "ARN of the role that the function assumes; set it as `role_arn` of the request and in `allowed_role_arns`."
  value       = aws_iam_role.describe.arn
}

output "deploy_role_arn" {
  description = "ARN of the role that the deploy action assumes."
  value       = aws_iam_role.deploy.arn
}

output "bucket_policy_statements" {
  description = "JSON statements to add to the policy of the artifact bucket in the tools account."
  value       = local.config.bucket_policy_statements
}

output "key_policy_statements" {
  description = "JSON statements to add to the policy of the artifact key in the tools account."
  value       = local.config.key_policy_statements
}

output "config" {
  description = "All of the above that the pipeline module needs; pass it as `cross_account`."
  value       = local.config
}

# Cross-account access to a bucket and a key must be allowed in both accounts.
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
