# `lifecycle` cannot depend on a variable, so the HTTPS listener and its rules are defined twice, and only one of the two is
# created: Terraform manages all of `rolling`, while `blue_green` ignores its forward targets, which CodeDeploy manages.

locals {
  https_listener_arn = one(concat(aws_lb_listener.rolling[*].arn, aws_lb_listener.blue_green[*].arn))
  test_listener_arn  = one(aws_lb_listener.test[*].arn)

  # The default action: what a listener does with a request that matches no rule.
  default_action = {
    type             = local.default_application == null ? "fixed-response" : "forward"
    target_group_arn = local.default_application == null ? null : local.initial_target_group_arns[local.default_application]
  }
}

resource "aws_lb_listener" "rolling" {
  count = var.allow_blue_green ? 0 : 1

  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.ssl_policy
  certificate_arn   = var.ssl_certificate_arn
  tags              = var.context.all_tags

  default_action {
    type             = local.default_action.type
    target_group_arn = local.default_action.target_group_arn

    dynamic "fixed_response" {
      for_each = local.default_application == null ? [404] : []

      content {
        content_type = "text/plain"
        message_body = "Not found"
        status_code  = fixed_response.value
      }
    }
  }
}

resource "aws_lb_listener" "blue_green" {
  count = var.allow_blue_green ? 1 : 0

  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = var.ssl_policy
  certificate_arn   = var.ssl_certificate_arn
  tags              = var.context.all_tags

  default_action {
    type             = local.default_action.type
    target_group_arn = local.default_action.target_group_arn

    dynamic "fixed_response" {
      for_each = local.default_application == null ? [404] : []

      content {
        content_type = "text/plain"
        message_body = "Not found"
        status_code  = fixed_response.value
      }
    }
  }

  lifecycle {
    ignore_changes = [default_action]
  }

  # When allow_blue_green changes, one listener must release the port before the other is created.
  depends_on = [aws_lb_listener.rolling]
}

# Between deployments it forwards to the same target group as production, which is how CodeDeploy leaves it.
resource "aws_lb_listener" "test" {
  count = module.inputs.test_listener == null ? 0 : 1

  load_balancer_arn = aws_lb.this.arn
  port              = module.inputs.test_listener.port
  protocol          = "HTTPS"
  ssl_policy        = var.ssl_policy
  certificate_arn   = var.ssl_certificate_arn
  tags              = var.context.all_tags

  default_action {
    type             = local.default_action.type
    target_group_arn = try(local.serving_by_default[0], local.default_action.target_group_arn)

    dynamic "fixed_response" {
      for_each = local.default_application == null ? [404] : []

      content {
        content_type = "text/plain"
        message_body = "Not found"
        status_code  = fixed_response.value
      }
    }
  }

  lifecycle {
    ignore_changes = [default_action]
  }
}

resource "aws_lb_listener" "redirect" {
  count = var.http_redirect ? 1 : 0

  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"
  tags              = var.context.all_tags

  default_action {
    type = "redirect"

    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
