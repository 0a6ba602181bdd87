data "aws_lb_listener" "production" {
  arn = var.listener_arn
}

data "aws_lb" "shared" {
  arn = data.aws_lb_listener.production.load_balancer_arn
}

resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378:TLS terminates at the load balancer; set protocol = "HTTPS" for end-to-end encryption
  for_each = toset(["blue", "green"])

  name                          = "${var.context.prefix}-${var.name}-${each.key}"
  vpc_id                        = data.aws_lb.shared.vpc_id
  target_type                   = "ip"
  port                          = local.application.port
  protocol                      = local.application.protocol
  deregistration_delay          = local.application.deregistration_delay
  load_balancing_algorithm_type = local.application.load_balancing_algorithm_type
  tags                          = var.context.all_tags

  health_check {
    enabled             = true
    protocol            = local.application.protocol
    path                = local.application.health_check.path
    matcher             = local.application.health_check.matcher
    interval            = local.application.health_check.check_interval
    timeout             = local.application.health_check.timeout
    healthy_threshold   = local.application.health_check.healthy_threshold
    unhealthy_threshold = local.application.health_check.unhealthy_threshold
  }

  dynamic "stickiness" {
    for_each = local.application.stickiness[*]

    content {
      enabled         = stickiness.value.enabled
      type            = stickiness.value.type
      cookie_name     = stickiness.value.cookie_name
      cookie_duration = stickiness.value.duration
    }
  }
}

# CodeDeploy changes where the rules forward to, Terraform everything else.
resource "aws_lb_listener_rule" "production" {
  listener_arn = var.listener_arn
  priority     = local.application.priority
  tags         = var.context.all_tags

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this[local.application.initial_target_group].arn
  }

  dynamic "condition" {
    for_each = length(local.application.host_headers) == 0 ? [] : [local.application.host_headers]

    content {
      host_header {
        values = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = length(local.application.path_patterns) == 0 ? [] : [local.application.path_patterns]

    content {
      path_pattern {
        values = condition.value
      }
    }
  }

  lifecycle {
    ignore_changes = [action]
  }
}

# A rule on a test listener that is added later must forward where production does: see serving.tf of the alb module.
data "aws_lb_listener_rule" "production" {
  count = var.test_listener == null ? 0 : 1

  arn = aws_lb_listener_rule.production.arn
}

locals {
  forwards = flatten(data.aws_lb_listener_rule.production[*].action[*].forward[*].target_group)
  # The target group with the most weight, or the only one, if there are no weights.
  serving = concat(
    [for group in local.forwards : group.arn if group.weight == max(0, local.forwards[*].weight...)],
    compact(aws_lb_listener_rule.production.action[*].target_group_arn),
  )
}

resource "aws_lb_listener_rule" "test" {
  count = var.test_listener == null ? 0 : 1

  listener_arn = var.test_listener.arn
  priority     = local.application.priority
  tags         = var.context.all_tags

  action {
    type             = "forward"
    target_group_arn = local.serving[0]
  }

  dynamic "condition" {
    for_each = length(local.application.host_headers) == 0 ? [] : [local.application.host_headers]

    content {
      host_header {
        values = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = length(local.application.path_patterns) == 0 ? [] : [local.application.path_patterns]

    content {
      path_pattern {
        values = condition.value
      }
    }
  }

  lifecycle {
    ignore_changes = [action]
  }
}
