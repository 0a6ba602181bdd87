resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_150:deletion_protection is enabled by default; the examples disable it so that they can be destroyed
  #checkov:skip=CKV2_AWS_28:Whether to use AWS WAF is up to the caller; associate a web ACL with the ARN that this module returns
  #checkov:skip=CKV2_AWS_20:The only HTTP listener is the redirect to HTTPS, which http_redirect enables
  #checkov:skip=CKV_AWS_131:Invalid header fields are dropped by default; Checkov does not know the defaults of object members
  name                                        = "${var.context.prefix}-${var.name}"
  load_balancer_type                          = "application"
  internal                                    = var.internal
  subnets                                     = var.subnets
  security_groups                             = var.security_groups
  idle_timeout                                = var.idle_timeout
  enable_deletion_protection                  = var.deletion_protection
  drop_invalid_header_fields                  = module.inputs.headers.drop_invalid_header_fields
  desync_mitigation_mode                      = module.inputs.headers.desync_mitigation_mode
  preserve_host_header                        = module.inputs.headers.preserve_host_header
  xff_header_processing_mode                  = module.inputs.headers.xff_header_processing_mode
  enable_xff_client_port                      = module.inputs.headers.enable_xff_client_port
  enable_tls_version_and_cipher_suite_headers = module.inputs.headers.enable_tls_version_and_cipher_suite_headers
  tags                                        = var.context.all_tags

  access_logs {
    bucket  = aws_s3_bucket.logs.id
    enabled = true
  }

  # AWS writes a test object when access logging is enabled, which requires the bucket policy.
  depends_on = [aws_s3_bucket_policy.logs]
}
