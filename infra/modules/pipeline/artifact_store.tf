# The bucket that the actions hand artifacts over in, and its key. Both belong to this pipeline alone.

resource "aws_s3_bucket" "artifacts" {
  #checkov:skip=CKV_AWS_18:Only the roles of this pipeline reach the artifacts; CloudTrail data events tell who did, without a second bucket.
  #checkov:skip=CKV_AWS_144:Artifacts are short-lived and made anew by the next execution, so a copy in another region restores nothing.
  # A prefix, because names of buckets are taken world-wide; 37 characters at most.
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

# Other pipelines and watchers can follow the artifacts without asking this module for anything.
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
          # The header is asked for, not what the bucket would make of an upload without it: so does CodePipeline's documentation.
          Sid       = "DenyUploadsWithoutKms"
          Effect    = "Deny"
          Principal = "*"
          Action    = "s3:PutObject"
          Resource  = "${aws_s3_bucket.artifacts.arn}/*"
          Condition = { StringNotEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" } }
        },
        {
          # Null, because a negated comparison is true of a header that is not there. Without it S3 takes the key of the bucket.
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

  # S3 refuses both at once on a new bucket.
  depends_on = [aws_s3_bucket_public_access_block.artifacts]
}

resource "aws_kms_key" "artifacts" {
  description             = "Artifacts of the pipeline ${local.name}"
  enable_key_rotation     = true
  deletion_window_in_days = var.kms.deletion_window_in_days
  tags                    = var.context.all_tags
}

# Apart from the key, because a role of another account that it names may need the key's ARN first.
resource "aws_kms_key_policy" "artifacts" {
  key_id = aws_kms_key.artifacts.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        # The policies of this account's roles say who uses the key.
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
