# An alarm on failed tasks: ECS sends an event for each stopped task to EventBridge, a rule selects the failures, a log group
# stores them with their stop reasons, and the alarm counts the log lines. EventBridge metrics would not need the log group,
# but they are best effort, and ECS deletes stopped tasks after about an hour, usually before anyone has looked.
locals {
  failures           = module.inputs.alarm_settings.enable_alert ? 1 : 0
  failures_name      = "${local.name}-task-failures"
  failures_log_group = "/aws/events/${local.failures_name}"

  failures_rule_arn      = "${local.arn}:events:${local.region}:${local.account}:rule/${local.failures_name}"
  failures_log_group_arn = "${local.arn}:logs:${local.region}:${local.account}:log-group:${local.failures_log_group}"
}

resource "aws_cloudwatch_event_rule" "task_failures" {
  count = local.failures

  name        = local.failures_name
  description = "Failed tasks of services in ${local.name}. Tasks stopped by scaling in, deployments, Spot interruptions or users do not match."
  tags        = var.context.all_tags

  event_pattern = jsonencode({
    source      = ["aws.ecs"]
    detail-type = ["ECS Task State Change"]
    detail = {
      clusterArn = [aws_ecs_cluster.this.arn]
      lastStatus = ["STOPPED"]
      group      = [{ prefix = "service:" }]
      # Tasks stopped for a failed health check have the same stop code as tasks stopped by a deployment; only the stop
      # reason differs.
      "$or" = [
        { stopCode = ["EssentialContainerExited", "TaskFailedToStart"] },
        { stoppedReason = [{ prefix = "Task failed ELB health checks" }, { prefix = "Task failed container health checks" }] },
      ]
    }
  })
}

resource "aws_cloudwatch_event_target" "task_failures" {
  count = local.failures

  rule       = aws_cloudwatch_event_rule.task_failures[0].name
  arn        = aws_cloudwatch_log_group.task_failures[0].arn
  depends_on = [aws_cloudwatch_log_resource_policy.task_failures]
}

# EventBridge can write only to log groups whose names begin with /aws/events/.
resource "aws_cloudwatch_log_group" "task_failures" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs always encrypts log data; kms_key_arn sets a customer managed key.
  #checkov:skip=CKV_AWS_338:Stop reasons are only needed while a failure is investigated; log_record_retention sets the retention.
  count = local.failures

  name              = local.failures_log_group
  retention_in_days = module.inputs.task_failure_alerting_config.log_record_retention
  kms_key_id        = var.kms_key_arn
  tags              = var.context.all_tags
}

# Allows EventBridge to write to the log group. A Region can have 10 such policies.
resource "aws_cloudwatch_log_resource_policy" "task_failures" {
  count = local.failures

  policy_name = local.failures_name

  policy_document = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "OpenStreams"
        Effect    = "Allow"
        Principal = { Service = ["delivery.logs.amazonaws.com", "events.amazonaws.com"] }
        Action    = "logs:CreateLogStream"
        Resource  = "${local.failures_log_group_arn}:*"
      },
      {
        Sid       = "WriteEventsOfTheRule"
        Effect    = "Allow"
        Principal = { Service = ["delivery.logs.amazonaws.com", "events.amazonaws.com"] }
        Action    = "logs:PutLogEvents"
        Resource  = "${local.failures_log_group_arn}:*:*"
        Condition = { ArnEquals = { "aws:SourceArn" = local.failures_rule_arn } }
      },
    ]
  })
}

resource "aws_cloudwatch_log_metric_filter" "task_failures" {
  count = local.failures

  name           = local.failures_name
  log_group_name = aws_cloudwatch_log_group.task_failures[0].name
  pattern        = "" # Matches every line, because the rule only forwards failures.

  metric_transformation {
    name      = local.failures_name
    namespace = "TaskFailures"
    value     = "1"
    unit      = "Count"
  }
}

resource "aws_cloudwatch_metric_alarm" "task_failures" {
  count = local.failures

  alarm_name          = local.failures_name
  alarm_description   = "Tasks of services in ${local.name} keep failing. The stop reasons are in the log group ${aws_cloudwatch_log_group.task_failures[0].name}."
  namespace           = "TaskFailures"
  metric_name         = local.failures_name
  statistic           = "Sum"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = module.inputs.task_failure_alerting_config.notification_threshold
  period              = module.inputs.task_failure_alerting_config.notification_period
  evaluation_periods  = module.inputs.task_failure_alerting_config.evaluation_periods
  treat_missing_data  = "notBreaching"
  alarm_actions       = [module.inputs.alarm_settings.action_topic_arn]
  ok_actions          = [module.inputs.alarm_settings.action_topic_arn]
  tags                = var.context.all_tags
}
