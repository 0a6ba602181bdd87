locals {
  periods = module.inputs.alarms == null ? "" : "in each of ${module.inputs.alarms.evaluation_periods} periods of ${module.inputs.alarms.period} s"

  # What each target group is watched for. Errors of clients only inform: a fix may be deployed while they send them.
  target_alarms = module.inputs.alarms == null ? {} : {
    "4xx" = {
      metric    = "HTTPCode_Target_4XX_Count"
      statistic = "Sum"
      threshold = module.inputs.alarms.threshold_4xx
      rollback  = false
      what      = "answered more than ${module.inputs.alarms.threshold_4xx} requests with 4xx"
    }
    "5xx" = {
      metric    = "HTTPCode_Target_5XX_Count"
      statistic = "Sum"
      threshold = module.inputs.alarms.threshold_5xx
      rollback  = true
      what      = "answered more than ${module.inputs.alarms.threshold_5xx} requests with 5xx"
    }
    "connection-errors" = {
      metric    = "TargetConnectionErrorCount"
      statistic = "Sum"
      threshold = module.inputs.alarms.threshold_connection_errors
      rollback  = true
      what      = "did not accept more than ${module.inputs.alarms.threshold_connection_errors} connections"
    }
    "unhealthy" = {
      metric    = "UnHealthyHostCount"
      statistic = "Maximum"
      threshold = module.inputs.alarms.threshold_unhealthy
      rollback  = true
      what      = "had more than ${module.inputs.alarms.threshold_unhealthy} unhealthy targets"
    }
  }

  # Keyed by alarm name. Blue and green both have alarms, because either can be the one that serves clients.
  alarms = {
    for pair in setproduct(keys(local.target_groups), keys(local.target_alarms)) :
    "${local.target_groups[pair[0]].name}-${pair[1]}" => merge(local.target_alarms[pair[1]], {
      target_group = pair[0]
      application  = local.target_groups[pair[0]].application
    })
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = each.key
  alarm_description   = "Target group ${local.target_groups[each.value.target_group].name} ${each.value.what} ${local.periods}."
  namespace           = "AWS/ApplicationELB"
  metric_name         = each.value.metric
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = module.inputs.alarms.period
  evaluation_periods  = module.inputs.alarms.evaluation_periods
  # The load balancer publishes no data point when the count is zero.
  treat_missing_data = "notBreaching"
  alarm_actions      = [module.inputs.alarms.topic_arn]
  ok_actions         = [module.inputs.alarms.topic_arn]
  tags               = var.context.all_tags

  dimensions = {
    LoadBalancer = aws_lb.this.arn_suffix
    TargetGroup  = aws_lb_target_group.this[each.value.target_group].arn_suffix
  }
}

# The load balancer's own 502, 503 and 504: no target, or none that answered. CloudWatch has them for the whole load balancer
# only. One alarm on their sum, because a deployment group can have at most ten alarms.
resource "aws_cloudwatch_metric_alarm" "load_balancer" {
  for_each = toset(module.inputs.alarms == null ? [] : ["elb-5xx"])

  alarm_name          = "${aws_lb.this.name}-${each.key}"
  alarm_description   = "Load balancer ${aws_lb.this.name} answered more than ${module.inputs.alarms.threshold_elb_5xx} requests with 502, 503 or 504 itself ${local.periods}."
  comparison_operator = "GreaterThanThreshold"
  threshold           = module.inputs.alarms.threshold_elb_5xx
  evaluation_periods  = module.inputs.alarms.evaluation_periods
  treat_missing_data  = "notBreaching"
  alarm_actions       = [module.inputs.alarms.topic_arn]
  ok_actions          = [module.inputs.alarms.topic_arn]
  tags                = var.context.all_tags

  metric_query {
    id          = "errors"
    expression  = join(" + ", [for status in local.elb_statuses : "FILL(http${status}, 0)"])
    label       = "502, 503 and 504 of the load balancer"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = local.elb_statuses

    content {
      id = "http${metric_query.value}"

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = "HTTPCode_ELB_${metric_query.value}_Count"
        stat        = "Sum"
        period      = module.inputs.alarms.period
        dimensions  = { LoadBalancer = aws_lb.this.arn_suffix }
      }
    }
  }
}

locals {
  elb_statuses = ["502", "503", "504"]
}
