locals {
  # One alarm per target group and status code class, keyed by alarm name. Blue and green both have alarms, because either
  # can be the one that serves clients.
  alarms = var.alarms == null ? {} : {
    for pair in setproduct(keys(local.target_groups), ["4xx", "5xx"]) : "${local.target_groups[pair[0]].name}-${pair[1]}" => {
      target_group = pair[0]
      application  = local.target_groups[pair[0]].application
      class        = pair[1]
      threshold    = pair[1] == "4xx" ? var.alarms.threshold_4xx : var.alarms.threshold_5xx
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = each.key
  alarm_description   = "Target group ${local.target_groups[each.value.target_group].name} answered more than ${each.value.threshold} requests with ${each.value.class} in each of ${var.alarms.evaluation_periods} periods of ${var.alarms.period} s."
  namespace           = "AWS/ApplicationELB"
  metric_name         = "HTTPCode_Target_${upper(each.value.class)}_Count"
  statistic           = "Sum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = var.alarms.period
  evaluation_periods  = var.alarms.evaluation_periods
  # The load balancer publishes no data point when the count is zero.
  treat_missing_data = "notBreaching"
  alarm_actions      = [var.alarms.topic_arn]
  ok_actions         = [var.alarms.topic_arn]
  tags               = var.context.all_tags

  dimensions = {
    LoadBalancer = aws_lb.this.arn_suffix
    TargetGroup  = aws_lb_target_group.this[each.value.target_group].arn_suffix
  }
}
