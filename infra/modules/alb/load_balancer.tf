resource "aws_lb" "this" {
  #checkov:skip=CKV_AWS_150:deletion_protection is on unless the caller, an example that must be destroyed for instance, switches it off
  #checkov:skip=CKV2_AWS_28:A web application firewall is a decision of its own; attach one to the ARN that this module returns
  #checkov:skip=CKV2_AWS_20:There is no HTTP listener but the redirect, which http_redirect switches on
  name                       = "${var.context.prefix}-${var.name}"
  load_balancer_type         = "application"
  internal                   = var.internal
  subnets                    = var.subnets
  security_groups            = var.security_groups
  idle_timeout               = var.idle_timeout
  enable_deletion_protection = var.deletion_protection
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "defensive"
  tags                       = var.context.all_tags

  access_logs {
    bucket  = aws_s3_bucket.logs.id
    enabled = true
  }

  # AWS writes a test object when logging is switched on, which needs the policy.
  depends_on = [aws_s3_bucket_policy.logs]
}
