# Each Fargate task has its own network interface, so the target type is `ip`. CodeDeploy swaps the two target groups with
# each deployment: the names only say which one the ECS service was created with.
resource "aws_lb_target_group" "this" {
  #checkov:skip=CKV_AWS_378:TLS terminates at the load balancer; set protocol = "HTTPS" for end-to-end encryption
  for_each = local.target_groups

  name                          = each.value.name
  vpc_id                        = var.vpc_id
  target_type                   = "ip"
  port                          = module.inputs.applications[each.value.application].port
  protocol                      = module.inputs.applications[each.value.application].protocol
  deregistration_delay          = module.inputs.applications[each.value.application].deregistration_delay
  load_balancing_algorithm_type = module.inputs.applications[each.value.application].load_balancing_algorithm_type
  tags                          = var.context.all_tags

  health_check {
    enabled             = true
    protocol            = module.inputs.applications[each.value.application].protocol
    path                = module.inputs.applications[each.value.application].health_check.path
    matcher             = module.inputs.applications[each.value.application].health_check.matcher
    interval            = module.inputs.applications[each.value.application].health_check.check_interval
    timeout             = module.inputs.applications[each.value.application].health_check.timeout
    healthy_threshold   = module.inputs.applications[each.value.application].health_check.healthy_threshold
    unhealthy_threshold = module.inputs.applications[each.value.application].health_check.unhealthy_threshold
  }

  dynamic "stickiness" {
    for_each = module.inputs.applications[each.value.application].stickiness[*]

    content {
      enabled         = stickiness.value.enabled
      type            = stickiness.value.type
      cookie_name     = stickiness.value.cookie_name
      cookie_duration = stickiness.value.duration
    }
  }
}
