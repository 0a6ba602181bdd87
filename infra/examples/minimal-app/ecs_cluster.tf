module "ecs_cluster" {
  source = "../../modules/ecs-cluster"

  context = module.context.config
  name    = var.app_name

  # Five failed tasks within five minutes.
  alarm_settings = {
    enable_alert     = true
    action_topic_arn = aws_sns_topic.alarms.arn
  }
  task_failure_alerting_config = {
    evaluation_periods     = 1
    log_record_retention   = 14
    notification_period    = 300
    notification_threshold = 5
  }
}
