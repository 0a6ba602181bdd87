# The artifact bucket and its KMS key, used by this pipeline only.

resource "aws_s3_bucket" "artifacts" {
  #checkov:skip=CKV_AWS_18:Only this pipeline's roles can access the artifacts; CloudTrail data events record access without a second bucket.
  #checkov:skip=CKV_AWS_144:Artifacts are short-lived and recreated by the next execution, so cross-region replication has no benefit.
  # A prefix, because bucket names are globally unique; at most 37 characters.
  bucket_prefix = "${substr(local.name, 0, 36)}-"
  force_destroy = var.artifact_force_destroy
  tags          = var.context.all_tags
}

resource "aws_s3_bucket_versioning" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.artifacts.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  rule {
    id     = "old-artifacts"
    status = "Enabled"

    filter {}

    expiration {
      days = var.artifact_retention_in_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 1
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.artifacts]
}

# Lets other consumers subscribe to artifact events without changes to this module.
resource "aws_s3_bucket_notification" "artifacts" {
  bucket      = aws_s3_bucket.artifacts.id
  eventbridge = true
}

resource "aws_s3_bucket_policy" "artifacts" {
  bucket = aws_s3_bucket.artifacts.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid       = "DenyPlainHttp"
          Effect    = "Deny"
          Principal = "*"
          Action    = "s3:*"
          Resource  = [aws_s3_bucket.artifacts.arn, "${aws_s3_bucket.artifacts.arn}/*"]
          Condition = { Bool = { "aws:SecureTransport" = "false" } }
        },
        {
          # Requires the header itself, as in the CodePipeline documentation, even though the bucket encrypts by default.
          Sid       = "DenyUploadsWithoutKms"
          Effect    = "Deny"
          Principal = "*"
          Action    = "s3:PutObject"
          Resource  = "${aws_s3_bucket.artifacts.arn}/*"
          Condition = { StringNotEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" } }
        },
        {
          # Null, because a negated comparison is true if the header is missing. Without the header, S3 uses the bucket's key.
          Sid       = "DenyOtherKeys"
          Effect    = "Deny"
          Principal = "*"
          Action    = "s3:PutObject"
          Resource  = "${aws_s3_bucket.artifacts.arn}/*"
          Condition = {
            Null            = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
            StringNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key.artifacts.arn }
          }
        },
      ],
      [for statement in try(var.cross_account.bucket_policy_statements, []) : jsondecode(statement)],
    )
  })

  # S3 returns a conflict when both are changed at the same time on a new bucket.
  depends_on = [aws_s3_bucket_public_access_block.artifacts]
}

resource "aws_kms_key" "artifacts" {
  description             = "Artifacts of the pipeline ${local.name}"
  enable_key_rotation     = true
  deletion_window_in_days = module.inputs.kms.deletion_window_in_days
  tags                    = var.context.all_tags
}

# Separate from the key, because a role in another account that the policy names may need the key's ARN first.
resource "aws_kms_key_policy" "artifacts" {
  key_id = aws_kms_key.artifacts.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        # Delegates access to the IAM policies of this account.
        Sid       = "AllowThisAccount"
        Effect    = "Allow"
        Principal = { AWS = "arn:${local.partition}:iam::${local.account}:root" }
        Action    = "kms:*"
        Resource  = "*"
      }],
      [for statement in try(var.cross_account.key_policy_statements, []) : jsondecode(statement)],
    )
  })
}

resource "aws_kms_alias" "artifacts" {
  name          = "alias/${local.name}-artifacts"
  target_key_id = aws_kms_key.artifacts.key_id
}
