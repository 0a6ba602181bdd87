locals {
  alarms = module.inputs.alarm_topic == null ? {} : merge([
    for resource, alarms in { CPU = module.inputs.ecs_cpu_cloudwatch_configuration, Memory = module.inputs.ecs_memory_cloudwatch_configuration } : {
      for severity, alarm in alarms :
      "${lower(resource)}-${severity}" => merge(alarm, { resource = resource, severity = severity })
    }
  ]...)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${local.name}-${each.key}"
  alarm_description   = "${each.value.type}: the service ${local.name} has used more than ${each.value.threshold} % of its ${lower(each.value.resource)} for ${each.value.period * each.value.evaluation_period / 60} minutes."
  namespace           = "AWS/ECS"
  metric_name         = "${each.value.resource}Utilization"
  dimensions          = { ClusterName = var.cluster.name, ServiceName = local.service.name }
  statistic           = "Average"
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.evaluation_period
  treat_missing_data  = "notBreaching"
  alarm_actions       = [module.inputs.alarm_topic.arn]
  ok_actions          = [module.inputs.alarm_topic.arn]
  tags                = merge(var.context.all_tags, { alarm_type = each.value.type, severity = each.value.severity })
}
