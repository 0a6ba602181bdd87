mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context = { prefix = "shop-dev", all_tags = { app_id = "app-0042" } }
  name    = "web"
  cluster = {
    arn                = "arn:aws:ecs:eu-west-1:111111111111:cluster/shop-dev-apps"
    name               = "shop-dev-apps"
    execution_role_arn = "arn:aws:iam::111111111111:role/shop-dev-apps-execution"
    namespace_id       = "ns-0123456789abcdef"
  }
  container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}]}]"
  load_balancer_target = [{
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef"
    container_name   = "container"
    container_port   = 80
  }]
  vpc_config = { subnets = ["subnet-a"], security_groups = ["sg-a"] }
}

run "codedeploy_is_the_default" {
  command = plan

  assert {
    condition     = length(aws_ecs_service.code_deploy) == 1 && length(aws_ecs_service.rolling) == 0
    error_message = "the service does not have the CODE_DEPLOY deployment controller"
  }
  assert {
    condition     = aws_ecs_service.code_deploy[0].deployment_controller[0].type == "CODE_DEPLOY" && length(aws_ecs_service.code_deploy[0].deployment_circuit_breaker) == 0
    error_message = jsonencode(aws_ecs_service.code_deploy[0].deployment_controller)
  }
  assert {
    condition     = aws_ecs_service.code_deploy[0].name == "shop-dev-web" && aws_ecs_service.code_deploy[0].health_check_grace_period_seconds == 60 && aws_ecs_service.code_deploy[0].propagate_tags == "SERVICE"
    error_message = "the service is ${aws_ecs_service.code_deploy[0].name}"
  }
  assert {
    condition     = output.container == { name = "container", port = 80 } && output.config.service_name == "shop-dev-web" && output.config.container_port == 80
    error_message = jsonencode(output.container)
  }
  assert {
    condition     = output.log_group_name == "/ecs/shop-dev-apps/web" && aws_cloudwatch_log_group.this.retention_in_days == 90
    error_message = "the log group is ${output.log_group_name}"
  }
  # Without a topic, an alarm would notify nobody.
  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) == 0 && length(aws_appautoscaling_target.this) == 0 && length(aws_service_discovery_service.this) == 0
    error_message = "unexpected resources exist"
  }
}

run "a_task_of_fargate_that_keeps_its_revisions" {
  command = plan
  variables {
    cpu              = 1024
    memory           = 3072
    cpu_architecture = "ARM64"
  }

  assert {
    condition = (
      aws_ecs_task_definition.this.cpu == "1024" && aws_ecs_task_definition.this.memory == "3072" &&
      aws_ecs_task_definition.this.runtime_platform[0].cpu_architecture == "ARM64" && aws_ecs_task_definition.this.network_mode == "awsvpc" &&
      aws_ecs_task_definition.this.requires_compatibilities == toset(["FARGATE"]) && aws_ecs_task_definition.this.skip_destroy
    )
    error_message = jsonencode(aws_ecs_task_definition.this)
  }
}

# The figures are those of the table in the ECS developer guide: how many amounts of memory, the least and the most.
run "the_tasks_that_fargate_has" {
  command = plan

  assert {
    condition = jsonencode({ for cpu, memory in local.fargate_memory : cpu => [length(memory), min(memory...) / 1024, max(memory...) / 1024] }) == jsonencode({
      "256" = [3, 0.5, 2], "512" = [4, 1, 4], "1024" = [7, 2, 8], "2048" = [13, 4, 16], "4096" = [23, 8, 30], "8192" = [12, 16, 60], "16384" = [12, 32, 120]
    })
    error_message = jsonencode(local.fargate_memory)
  }
}

run "the_application_may_do_what_its_policy_says" {
  command = plan
  variables {
    task_role_policy = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"ReadPictures\",\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::pictures/*\"}]}"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement.Action] == ["sts:GetCallerIdentity", "s3:GetObject"]
    error_message = aws_iam_role_policy.task.policy
  }
  assert {
    condition = jsondecode(aws_iam_role.task.assume_role_policy).Statement[0].Condition == {
      ArnLike      = { "aws:SourceArn" = "arn:aws:ecs:eu-west-1:111111111111:*" }
      StringEquals = { "aws:SourceAccount" = "111111111111" }
    }
    error_message = aws_iam_role.task.assume_role_policy
  }
}

# Statements need not be alike: one has a condition, one a list where the other has a text.
run "the_application_takes_unlike_statements" {
  command = plan
  variables {
    task_role_policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        { Sid = "ReadPictures", Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::pictures/*" },
        {
          Sid       = "ListPictures"
          Effect    = "Allow"
          Action    = ["s3:ListBucket"]
          Resource  = ["arn:aws:s3:::pictures"]
          Condition = { StringLike = { "s3:prefix" = "web/*" } }
        },
      ]
    })
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement.Sid] == ["AskWhoIAm", "ReadPictures", "ListPictures"]
    error_message = aws_iam_role_policy.task.policy
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.task.policy).Statement[2].Condition.StringLike == { "s3:prefix" = "web/*" }
    error_message = aws_iam_role_policy.task.policy
  }
}

run "without_a_policy_the_application_has_no_permissions" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement.Action] == ["sts:GetCallerIdentity"]
    error_message = aws_iam_role_policy.task.policy
  }
}

# The group's name goes into the container definitions of the same module call: no cycle. The image is one of a
# repository in the same plan, so the definitions are unknown while Terraform plans and checked later.
run "container_definitions_that_are_unknown_at_first" {
  module {
    source = "./tests/new_repository"
  }

  assert {
    condition     = jsondecode(output.container_definitions)[0].logConfiguration.options["awslogs-group"] == "/ecs/shop-dev-apps/web"
    error_message = output.container_definitions
  }
}

run "a_service_for_codedeploy_is_created" {}

# What CodeDeploy sets in a deployment is its own: another network and platform version in Terraform are no change of the
# service. They reach it with the AppSpec.
run "changes_by_codedeploy_are_ignored" {
  command = plan
  variables {
    fargate_platform_version = "1.4.0"
    vpc_config               = { subnets = ["subnet-b"], security_groups = ["sg-b"] }
    load_balancer_target = [{
      target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/green/0123456789abcdef"
      container_name   = "container"
      container_port   = 80
    }]
  }

  assert {
    condition     = aws_ecs_service.code_deploy[0].network_configuration[0].subnets == toset(["subnet-a"]) && aws_ecs_service.code_deploy[0].platform_version == "LATEST"
    error_message = jsonencode(aws_ecs_service.code_deploy[0].network_configuration)
  }
  assert {
    condition     = [for target in aws_ecs_service.code_deploy[0].load_balancer : target.target_group_arn] == ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef"]
    error_message = jsonencode(aws_ecs_service.code_deploy[0].load_balancer)
  }
}

run "another_number_of_tasks_is_reported_and_not_applied" {
  command = plan
  variables {
    desired_count = 3
  }

  expect_failures = [check.desired_count]
}

run "a_scaled_number_of_tasks_is_not_reported" {
  command = plan
  variables {
    desired_count      = 3
    autoscaling_policy = { cpu = { predefined_metric_type = "ECSServiceAverageCPUUtilization", target_value = 75 } }
  }

  assert {
    condition     = aws_ecs_service.code_deploy[0].desired_count == 1
    error_message = "Terraform would set the number of tasks to ${aws_ecs_service.code_deploy[0].desired_count}"
  }
}

run "ecs_deploys_with_a_circuit_breaker" {
  command = plan
  variables {
    deployment_controller = "ECS"
    allow_blue_green      = false
    load_balancer_target  = []
  }

  assert {
    condition     = length(aws_ecs_service.code_deploy) == 0 && aws_ecs_service.rolling[0].deployment_controller[0].type == "ECS"
    error_message = "the service does not have the ECS deployment controller"
  }
  assert {
    condition     = aws_ecs_service.rolling[0].deployment_circuit_breaker[0].enable && aws_ecs_service.rolling[0].deployment_circuit_breaker[0].rollback
    error_message = jsonencode(aws_ecs_service.rolling[0].deployment_circuit_breaker)
  }
  assert {
    condition     = [for strategy in aws_ecs_service.rolling[0].capacity_provider_strategy : strategy.capacity_provider] == ["FARGATE"] && aws_ecs_service.rolling[0].health_check_grace_period_seconds == null
    error_message = jsonencode(aws_ecs_service.rolling[0].capacity_provider_strategy)
  }
  assert {
    condition     = output.container == null && output.config.container_name == null
    error_message = jsonencode(output.config)
  }
}

# A cluster may have no default: without a launch type ECS would take EC2, which knows no platform version.
run "without_capacity_providers_ecs_deploys_to_fargate" {
  command = plan
  variables {
    deployment_controller = "ECS"
    cluster = {
      arn                        = "arn:aws:ecs:eu-west-1:111111111111:cluster/shop-dev-apps"
      name                       = "shop-dev-apps"
      execution_role_arn         = "arn:aws:iam::111111111111:role/shop-dev-apps-execution"
      default_capacity_providers = []
    }
  }

  assert {
    condition     = aws_ecs_service.rolling[0].launch_type == "FARGATE" && length(aws_ecs_service.rolling[0].capacity_provider_strategy) == 0
    error_message = "the service has neither a launch type nor capacity providers"
  }
}

run "auto_scaling_tracks_a_target" {
  command = plan
  variables {
    desired_count        = 2
    autoscaling_capacity = { min = 2, max = 6 }
    autoscaling_policy = {
      ecs-scale-cpu = { predefined_metric_type = "ECSServiceAverageCPUUtilization", target_value = 75, scale_in_cooldown = 120, scale_out_cooldown = 120 }
    }
  }

  assert {
    condition = (
      aws_appautoscaling_target.this[0].resource_id == "service/shop-dev-apps/shop-dev-web" &&
      aws_appautoscaling_target.this[0].min_capacity == 2 && aws_appautoscaling_target.this[0].max_capacity == 6
    )
    error_message = jsonencode(aws_appautoscaling_target.this)
  }
  assert {
    condition = (
      aws_appautoscaling_policy.this["ecs-scale-cpu"].target_tracking_scaling_policy_configuration[0].target_value == 75 &&
      aws_appautoscaling_policy.this["ecs-scale-cpu"].target_tracking_scaling_policy_configuration[0].scale_in_cooldown == 120
    )
    error_message = jsonencode(aws_appautoscaling_policy.this)
  }
}

run "alarms_by_severity" {
  variables {
    alarm_topic = { arn = "arn:aws:sns:eu-west-1:111111111111:alarms" }
    ecs_cpu_cloudwatch_configuration = {
      severe  = { evaluation_period = 3, period = 180, threshold = 90 }
      warning = { evaluation_period = 5, period = 60, threshold = 70, type = "MAIL" }
    }
  }

  assert {
    condition     = toset(output.informing_alarm_names) == toset(["shop-dev-web-cpu-severe", "shop-dev-web-cpu-warning", "shop-dev-web-memory-severe"])
    error_message = jsonencode(output.informing_alarm_names)
  }
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["cpu-warning"].threshold == 70 && aws_cloudwatch_metric_alarm.this["cpu-warning"].tags["alarm_type"] == "MAIL" &&
      aws_cloudwatch_metric_alarm.this["cpu-warning"].dimensions == tomap({ ClusterName = "shop-dev-apps", ServiceName = "shop-dev-web" }) &&
      aws_cloudwatch_metric_alarm.this["cpu-warning"].alarm_actions == toset(["arn:aws:sns:eu-west-1:111111111111:alarms"])
    )
    error_message = jsonencode(aws_cloudwatch_metric_alarm.this["cpu-warning"])
  }
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["memory-severe"].metric_name == "MemoryUtilization" && strcontains(aws_cloudwatch_metric_alarm.this["memory-severe"].alarm_description, "for 9 minutes")
    error_message = aws_cloudwatch_metric_alarm.this["memory-severe"].alarm_description
  }
}

run "tasks_are_found_by_the_services_name" {
  command = plan
  variables {
    vpc_config = { subnets = ["subnet-a"], security_groups = ["sg-a"], service_discovery = true }
  }

  assert {
    condition     = aws_service_discovery_service.this[0].name == "web" && aws_service_discovery_service.this[0].dns_config[0].namespace_id == "ns-0123456789abcdef"
    error_message = jsonencode(aws_service_discovery_service.this)
  }
}
