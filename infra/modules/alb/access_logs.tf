data "aws_caller_identity" "this" {}

resource "aws_s3_bucket" "logs" {
  #checkov:skip=CKV_AWS_18:This bucket holds access logs; logging access to it would only produce logs about logs
  #checkov:skip=CKV_AWS_144:Access logs stay in the load balancer's region; cross-region replication is not worth its cost
  #checkov:skip=CKV_AWS_145:Elastic Load Balancing writes access logs to buckets with SSE-S3 only
  #checkov:skip=CKV2_AWS_62:Nothing consumes notifications for individual log files
  bucket_prefix = "${var.context.prefix}-${var.name}-log-"
  force_destroy = var.log_bucket_force_destroy
  tags          = var.context.all_tags
}

resource "aws_s3_bucket_public_access_block" "logs" {
  bucket = aws_s3_bucket.logs.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.log_retention_in_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 1
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }

  # Lifecycle rules for noncurrent versions require versioning.
  depends_on = [aws_s3_bucket_versioning.logs]
}

# The service principal works in every region and replaces the account IDs that older regions used. Its requests carry no
# source ARN, so a condition on one would block log delivery; the account ID in the path limits access instead.
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "LoadBalancerWritesLogs"
        Effect    = "Allow"
        Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.logs.arn}/AWSLogs/${data.aws_caller_identity.this.account_id}/*"
      },
      {
        Sid       = "OnlyTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.logs.arn, "${aws_s3_bucket.logs.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  # S3 returns a conflict when two access settings of one bucket change at the same time.
  depends_on = [aws_s3_bucket_public_access_block.logs]
}
