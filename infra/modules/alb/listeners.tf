# Terraform cannot make `lifecycle` depend on a variable, so the HTTPS listener and its rules exist in two flavours, of
# which one is alive: `rolling` belongs to Terraform alone, `blue_green` leaves what it forwards to, to CodeDeploy.

locals {
  https_listener_arn = one(concat(aws_lb_listener.rolling[*].arn, aws_lb_listener.blue_green[*].arn))
  test_listener_arn  = one(aws_lb_listener.test[*].arn)

  # What a listener does with a request that no rule takes.
  default_action = {
    type             = local.default_application == null ? "fixed-response" : "forward"
    target_group_arn = local.default_application == null ? null : aws_lb_target_group.this["${local.default_application}/blue"].arn
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

  # A change of flavour must free the port before the other listener takes it.
  depends_on = [aws_lb_listener.rolling]
}

# At rest it shows the same colour as production, as CodeDeploy itself leaves it after a deployment.
resource "aws_lb_listener" "test" {
  count = var.test_listener == null ? 0 : 1

  load_balancer_arn = aws_lb.this.arn
  port              = var.test_listener.port
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
