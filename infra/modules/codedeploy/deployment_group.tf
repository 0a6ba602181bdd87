locals {
  application_name = "${var.context.prefix}-${var.application_name}"
  group_name       = "${var.context.prefix}-${var.group_name}"

  # Stopping on an alarm without rolling back would leave traffic partly shifted.
  alarms_enabled = try(module.inputs.alarms.enabled, false)
  rollback_events = distinct(concat(
    var.auto_rollback_events, local.alarms_enabled ? ["DEPLOYMENT_STOP_ON_ALARM"] : []
  ))
}

resource "aws_codedeploy_app" "this" {
  name             = local.application_name
  compute_platform = "ECS"
  tags             = var.context.all_tags
}

resource "aws_codedeploy_deployment_group" "this" {
  app_name               = aws_codedeploy_app.this.name
  deployment_group_name  = local.group_name
  deployment_config_name = local.config_name
  service_role_arn       = aws_iam_role.this.arn
  tags                   = var.context.all_tags

  # The only deployment style that CodeDeploy supports for ECS.
  deployment_style {
    deployment_type   = "BLUE_GREEN"
    deployment_option = "WITH_TRAFFIC_CONTROL"
  }

  ecs_service {
    cluster_name = var.ecs_service.cluster_name
    service_name = var.ecs_service.service_name
  }

  load_balancer_info {
    target_group_pair_info {
      prod_traffic_route {
        listener_arns = module.inputs.load_balancer.target_group_pair.prod_route
      }

      dynamic "test_traffic_route" {
        for_each = length(module.inputs.load_balancer.target_group_pair.test_route) == 0 ? [] : [module.inputs.load_balancer.target_group_pair.test_route]

        content {
          listener_arns = test_traffic_route.value
        }
      }

      dynamic "target_group" {
        for_each = module.inputs.load_balancer.target_group_pair.target_groups

        content {
          name = target_group.value
        }
      }
    }
  }

  blue_green_deployment_config {
    deployment_ready_option {
      action_on_timeout    = module.inputs.blue_green.deployment_ready.action_on_timeout
      wait_time_in_minutes = module.inputs.blue_green.deployment_ready.wait_time_minutes
    }

    terminate_blue_instances_on_deployment_success {
      action                           = module.inputs.blue_green.blue_fleet.action
      termination_wait_time_in_minutes = module.inputs.blue_green.blue_fleet.wait_time_minutes
    }
  }

  auto_rollback_configuration {
    enabled = length(local.rollback_events) > 0
    events  = local.rollback_events
  }

  dynamic "alarm_configuration" {
    for_each = module.inputs.alarms[*]

    content {
      enabled                   = alarm_configuration.value.enabled
      ignore_poll_alarm_failure = alarm_configuration.value.ignore_poll_failure
      # CodeDeploy accepts an ARN, but treats it as the name of an alarm that does not exist.
      alarms = [for alarm in alarm_configuration.value.alarms : replace(alarm, "/^arn:[^:]+:cloudwatch:[^:]+:[^:]+:alarm:/", "")]
    }
  }

  dynamic "trigger_configuration" {
    for_each = module.inputs.notifications[*]

    content {
      trigger_name       = local.group_name
      trigger_target_arn = trigger_configuration.value.topic_arn
      trigger_events     = trigger_configuration.value.events
    }
  }

  # The group can be used as soon as it exists, so the role's policy must be attached first.
  depends_on = [aws_iam_role_policy.this]
}

check "time_for_alarms" {
  assert {
    condition     = !local.alarms_enabled || module.inputs.blue_green.blue_fleet.wait_time_minutes > 0
    error_message = "blue_fleet.wait_time_minutes is 0 with alarms enabled: the blue tasks are terminated as soon as green has all traffic, so a later alarm has nothing to roll back to. Set it to several evaluation periods of the alarms."
  }
}
