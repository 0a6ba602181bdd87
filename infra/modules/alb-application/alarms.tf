locals {
  # What each target group is watched for. Errors of clients only inform: a fix may be deployed while they send them.
  metrics = {
    "4xx"               = { name = "HTTPCode_Target_4XX_Count", statistic = "Sum", threshold = "threshold_4xx" }
    "5xx"               = { name = "HTTPCode_Target_5XX_Count", statistic = "Sum", threshold = "threshold_5xx" }
    "connection-errors" = { name = "TargetConnectionErrorCount", statistic = "Sum", threshold = "threshold_connection_errors" }
    "unhealthy"         = { name = "UnHealthyHostCount", statistic = "Maximum", threshold = "threshold_unhealthy" }
  }

  alarms = {
    for pair in setproduct(["blue", "green"], module.inputs.alarms == null ? [] : keys(local.metrics)) :
    "${pair[0]}-${pair[1]}" => merge(local.metrics[pair[1]], { colour = pair[0], informs = pair[1] == "4xx" })
  }
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${var.context.prefix}-${var.name}-${each.key}"
  alarm_description   = "${each.value.name} of target group ${var.context.prefix}-${var.name}-${each.value.colour} above ${module.inputs.alarms[each.value.threshold]} in each of ${module.inputs.alarms.evaluation_periods} periods of ${module.inputs.alarms.period} s."
  namespace           = "AWS/ApplicationELB"
  metric_name         = each.value.name
  statistic           = each.value.statistic
  comparison_operator = "GreaterThanThreshold"
  threshold           = module.inputs.alarms[each.value.threshold]
  period              = module.inputs.alarms.period
  evaluation_periods  = module.inputs.alarms.evaluation_periods
  # The load balancer publishes no data point when the count is zero.
  treat_missing_data = "notBreaching"
  alarm_actions      = [module.inputs.alarms.topic_arn]
  ok_actions         = [module.inputs.alarms.topic_arn]
  tags               = var.context.all_tags

  dimensions = {
    LoadBalancer = data.aws_lb.shared.arn_suffix
    TargetGroup  = aws_lb_target_group.this[each.value.colour].arn_suffix
  }
}
