module "codedeploy" {
  source = "../../modules/codedeploy"

  context          = module.context.config
  application_name = var.app_name
  group_name       = "${var.app_name}-canary-10-percent-5-minutes"

  # 10 % of the traffic for five minutes, then all of it. For other values:
  # traffic_routing = { type = "TimeBasedCanary", interval = 15, percentage = 20 }
  default_deployment_config_name = "CodeDeployDefault.ECSCanary10Percent5Minutes"

  ecs_service = {
    cluster_name = module.ecs_cluster.name
    service_name = module.ecs_service.service_name
  }
  blue_green = {
    deployment_ready = {
      action_on_timeout = "CONTINUE_DEPLOYMENT"
      wait_time_minutes = 0
    }
    blue_fleet = {
      action            = "TERMINATE"
      wait_time_minutes = 6
    }
  }
  load_balancer = {
    target_group_pair = module.alb.target_group_pairs[var.app_name]
  }

  # Errors and unhealthy targets of either target group stop a deployment and roll it back; 4xx only inform. During an
  # incident, apply with -var alarms_enabled=false: CodePipeline cannot turn alarms off for one deployment.
  alarms = {
    enabled = var.alarms_enabled
    alarms  = module.alb.rollback_alarm_names[var.app_name]
  }
  notifications = { topic_arn = aws_sns_topic.alarms.arn }

  hook_function_arns = module.gate[*].function_arn

  pass_role_arns  = [module.ecs_service.execution_role_arn, module.ecs_service.task_role_arn]
  revision_bucket = { name = data.aws_s3_bucket.artifacts.id, prefix = "appspec/${var.app_name}/" }
}
