locals {
  # The parameters are part of the name, so that changing them creates a new configuration instead of replacing one in use.
  custom_config_name = var.traffic_routing == null ? null : format(
    "%s-%s-%s%dPercent%s%dMinutes", var.context.prefix, var.group_name,
    trimprefix(var.traffic_routing.type, "TimeBased"), var.traffic_routing.percentage,
    var.traffic_routing.type == "TimeBasedLinear" ? "Every" : "", var.traffic_routing.interval,
  )

  config_name = var.traffic_routing == null ? var.default_deployment_config_name : aws_codedeploy_deployment_config.this[0].deployment_config_name
  config_arn  = var.traffic_routing == null ? "arn:${local.partition}:codedeploy:${local.region}:${local.account_id}:deploymentconfig:${var.default_deployment_config_name}" : aws_codedeploy_deployment_config.this[0].arn
}

resource "aws_codedeploy_deployment_config" "this" {
  count = var.traffic_routing == null ? 0 : 1

  deployment_config_name = local.custom_config_name
  compute_platform       = "ECS"

  traffic_routing_config {
    type = var.traffic_routing.type

    dynamic "time_based_canary" {
      for_each = var.traffic_routing.type == "TimeBasedCanary" ? [var.traffic_routing] : []

      content {
        percentage = time_based_canary.value.percentage
        interval   = time_based_canary.value.interval
      }
    }

    dynamic "time_based_linear" {
      for_each = var.traffic_routing.type == "TimeBasedLinear" ? [var.traffic_routing] : []

      content {
        percentage = time_based_linear.value.percentage
        interval   = time_based_linear.value.interval
      }
    }
  }

  lifecycle {
    # CodeDeploy cannot delete a configuration in use: the group must switch to the new one first.
    create_before_destroy = true

    precondition {
      condition     = length(local.custom_config_name) <= 100
      error_message = "The deployment configuration name \"${local.custom_config_name}\" has ${length(local.custom_config_name)} characters; the maximum is 100. Shorten group_name."
    }
  }
}
