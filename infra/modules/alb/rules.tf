# Defined twice, like the listeners. Terraform manages conditions and priorities in both.

resource "aws_lb_listener_rule" "rolling" {
  for_each = var.allow_blue_green ? {} : local.ruled_applications

  listener_arn = local.https_listener_arn
  priority     = each.value.priority
  tags         = var.context.all_tags

  action {
    type             = "forward"
    target_group_arn = local.initial_target_group_arns[each.key]
  }

  dynamic "condition" {
    for_each = length(each.value.host_headers) == 0 ? [] : [each.value.host_headers]

    content {
      host_header {
        values = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = length(each.value.path_patterns) == 0 ? [] : [each.value.path_patterns]

    content {
      path_pattern {
        values = condition.value
      }
    }
  }
}

resource "aws_lb_listener_rule" "blue_green" {
  for_each = var.allow_blue_green ? local.ruled_applications : {}

  listener_arn = local.https_listener_arn
  priority     = each.value.priority
  tags         = var.context.all_tags

  action {
    type = "forward"
    # An application that was served by default is served from the same target group.
    target_group_arn = try(local.serving[each.key][0], local.initial_target_group_arns[each.key])
  }

  dynamic "condition" {
    for_each = length(each.value.host_headers) == 0 ? [] : [each.value.host_headers]

    content {
      host_header {
        values = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = length(each.value.path_patterns) == 0 ? [] : [each.value.path_patterns]

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

resource "aws_lb_listener_rule" "test" {
  for_each = module.inputs.test_listener == null ? {} : local.ruled_applications

  listener_arn = local.test_listener_arn
  priority     = each.value.priority
  tags         = var.context.all_tags

  action {
    type             = "forward"
    target_group_arn = try(local.serving_by_rule[each.key][0], local.initial_target_group_arns[each.key])
  }

  dynamic "condition" {
    for_each = length(each.value.host_headers) == 0 ? [] : [each.value.host_headers]

    content {
      host_header {
        values = condition.value
      }
    }
  }

  dynamic "condition" {
    for_each = length(each.value.path_patterns) == 0 ? [] : [each.value.path_patterns]

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
