# Each Fargate task has its own network interface, so the target type is `ip`. CodeDeploy swaps the two target groups with
# each deployment: the names only say which one the ECS service was created with.
resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378:TLS terminates at the load balancer; set protocol = "HTTPS" for end-to-end encryption
  for_each = local.target_groups

  name                          = each.value.name
  vpc_id                        = var.vpc_id
  target_type                   = "ip"
  port                          = var.applications[each.value.application].port
  protocol                      = var.applications[each.value.application].protocol
  deregistration_delay          = var.applications[each.value.application].deregistration_delay
  load_balancing_algorithm_type = var.applications[each.value.application].load_balancing_algorithm_type
  tags                          = var.context.all_tags

  health_check {
    enabled             = true
    protocol            = var.applications[each.value.application].protocol
    path                = var.applications[each.value.application].health_check.path
    matcher             = var.applications[each.value.application].health_check.matcher
    interval            = var.applications[each.value.application].health_check.check_interval
    timeout             = var.applications[each.value.application].health_check.timeout
    healthy_threshold   = var.applications[each.value.application].health_check.healthy_threshold
    unhealthy_threshold = var.applications[each.value.application].health_check.unhealthy_threshold
  }

  dynamic "stickiness" {
    for_each = var.applications[each.value.application].stickiness[*]

    content {
      enabled         = stickiness.value.enabled
      type            = stickiness.value.type
      cookie_name     = stickiness.value.cookie_name
      cookie_duration = stickiness.value.duration
    }
  }
}
