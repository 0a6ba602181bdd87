# The bucket for `upload`. `deploy --artifact` does not need it, because it sends the AppSpec inline.

locals {
  revision_prefix = "appspec/${var.app.app_name}/"
}

resource "aws_s3_bucket" "revisions" {
  #checkov:skip=CKV_AWS_18:AppSpec files contain no secrets, and CloudTrail data events record access without a second bucket.
  #checkov:skip=CKV_AWS_144:The next build recreates the AppSpec, so cross-region replication has no benefit.
  #checkov:skip=CKV2_AWS_62:Nothing consumes notifications: the build that uploads an AppSpec also deploys it.
  bucket_prefix = "${module.context.prefix}-revisions-"
  force_destroy = true
  tags          = module.context.all_tags
}

resource "aws_s3_bucket_versioning" "revisions" {
  bucket = aws_s3_bucket.revisions.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "revisions" {
  bucket = aws_s3_bucket.revisions.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.revisions.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "revisions" {
  bucket = aws_s3_bucket.revisions.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_lifecycle_configuration" "revisions" {
  bucket = aws_s3_bucket.revisions.id

  rule {
    id     = "old-appspecs"
    status = "Enabled"

    filter {}

    # Rollbacks need older AppSpec files.
    expiration {
      days = 365
    }

    noncurrent_version_expiration {
      noncurrent_days = 365
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  depends_on = [aws_s3_bucket_versioning.revisions]
}

resource "aws_s3_bucket_policy" "revisions" {
  bucket = aws_s3_bucket.revisions.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "DenyPlainHttp"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.revisions.arn, "${aws_s3_bucket.revisions.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.revisions]
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

resource "aws_kms_key" "revisions" {
  description             = "AppSpec files of ${module.context.prefix}-${var.app.app_name}"
  enable_key_rotation     = true
  deletion_window_in_days = 7

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      # Delegates access to the IAM policies of this account.
      Sid       = "AllowThisAccount"
      Effect    = "Allow"
      Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })

  tags = module.context.all_tags
}
