mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context = { prefix = "shop-dev", all_tags = { app_id = "app-0042" } }
  name    = "apps"
}

run "a_cluster_with_fargate_and_spot" {
  command = plan

  assert {
    condition     = output.name == "shop-dev-apps" && aws_ecs_cluster.this.tags["app_id"] == "app-0042"
    error_message = "the cluster is ${output.name}"
  }
  assert {
    condition     = aws_ecs_cluster_capacity_providers.this.capacity_providers == toset(["FARGATE", "FARGATE_SPOT"])
    error_message = jsonencode(aws_ecs_cluster_capacity_providers.this.capacity_providers)
  }
  assert {
    condition     = [for strategy in aws_ecs_cluster_capacity_providers.this.default_capacity_provider_strategy : strategy.capacity_provider] == ["FARGATE"]
    error_message = jsonencode(aws_ecs_cluster_capacity_providers.this.default_capacity_provider_strategy)
  }
  assert {
    condition     = anytrue([for setting in aws_ecs_cluster.this.setting : setting.name == "containerInsights" && setting.value == "enabled"])
    error_message = "Container Insights are off"
  }
  assert {
    condition     = output.runtime_log_group_name == "/ecs/shop-dev-apps/runtime" && aws_cloudwatch_log_group.runtime.retention_in_days == 90
    error_message = "the runtime log group is ${output.runtime_log_group_name}"
  }
  assert {
    condition     = output.namespace_id == null && output.task_failure_alarm_name == null
    error_message = "an unexpected namespace or alarm exists"
  }
}

run "the_execution_role_pulls_and_logs" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.execution.assume_role_policy).Statement[0].Condition == {
      StringEquals = { "aws:SourceAccount" = "111111111111" }
    }
    error_message = aws_iam_role.execution.assume_role_policy
  }
  assert {
    condition = jsonencode({
      for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Sid => [statement.Action, statement.Resource]
      }) == jsonencode({
      LogInToEcr            = ["ecr:GetAuthorizationToken", "*"]
      PullImages            = [["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], ["arn:aws:ecr:eu-west-1:111111111111:repository/*"]]
      WriteLogsOfTheCluster = [["logs:CreateLogStream", "logs:PutLogEvents"], "arn:aws:logs:eu-west-1:111111111111:log-group:/ecs/shop-dev-apps/*:*"]
    })
    error_message = aws_iam_role_policy.execution.policy
  }
}

run "the_execution_role_takes_a_policy_of_the_caller" {
  command = plan
  variables {
    ecr_repository_arns   = ["arn:aws:ecr:eu-west-1:222222222222:repository/web"]
    execution_role_policy = "{\"Version\":\"2012-10-17\",\"Statement\":{\"Sid\":\"Secret\",\"Effect\":\"Allow\",\"Action\":\"ssm:GetParameters\",\"Resource\":\"arn:aws:ssm:eu-west-1:111111111111:parameter/web/*\"}}"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Sid] == ["LogInToEcr", "PullImages", "WriteLogsOfTheCluster", "Secret"]
    error_message = aws_iam_role_policy.execution.policy
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.execution.policy).Statement[1].Resource == ["arn:aws:ecr:eu-west-1:222222222222:repository/web"]
    error_message = aws_iam_role_policy.execution.policy
  }
}

# Statements need not be alike: one has a condition, one a list where the other has a text.
run "the_execution_role_takes_unlike_statements" {
  command = plan
  variables {
    execution_role_policy = jsonencode({
      Version = "2012-10-17"
      Statement = [
        { Sid = "Parameters", Effect = "Allow", Action = "ssm:GetParameters", Resource = "arn:aws:ssm:eu-west-1:111111111111:parameter/web/*" },
        {
          Sid       = "Secret"
          Effect    = "Allow"
          Action    = ["secretsmanager:GetSecretValue"]
          Resource  = ["arn:aws:secretsmanager:eu-west-1:111111111111:secret:web-*"]
          Condition = { StringEquals = { "aws:RequestedRegion" = "eu-west-1" } }
        },
      ]
    })
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Sid] == ["LogInToEcr", "PullImages", "WriteLogsOfTheCluster", "Parameters", "Secret"]
    error_message = aws_iam_role_policy.execution.policy
  }
  assert {
    condition     = jsondecode(aws_iam_role_policy.execution.policy).Statement[4].Condition.StringEquals == { "aws:RequestedRegion" = "eu-west-1" }
    error_message = aws_iam_role_policy.execution.policy
  }
}

# The topic's ARN is that of a topic in the same plan, and unknown there: nothing may be counted by it.
run "an_alarm_on_tasks_that_fail" {
  module {
    source = "./tests/new_topic"
  }

  assert {
    condition     = output.alarm_name == "shop-dev-apps-task-failures"
    error_message = "the alarm is ${jsonencode(output.alarm_name)}"
  }
}

run "the_alarm_counts_failures_only" {
  variables {
    alarm_settings               = { enable_alert = true, action_topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms" }
    task_failure_alerting_config = { notification_threshold = 3, notification_period = 600, evaluation_periods = 2, log_record_retention = 30 }
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.task_failures[0].event_pattern).detail == {
      clusterArn = [aws_ecs_cluster.this.arn]
      lastStatus = ["STOPPED"]
      group      = [{ prefix = "service:" }]
      "$or" = [
        { stopCode = ["EssentialContainerExited", "TaskFailedToStart"] },
        { stoppedReason = [{ prefix = "Task failed ELB health checks" }, { prefix = "Task failed container health checks" }] },
      ]
    }
    error_message = aws_cloudwatch_event_rule.task_failures[0].event_pattern
  }
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.task_failures[0].threshold == 3 && aws_cloudwatch_metric_alarm.task_failures[0].period == 600 &&
      aws_cloudwatch_metric_alarm.task_failures[0].evaluation_periods == 2 &&
      aws_cloudwatch_metric_alarm.task_failures[0].alarm_actions == toset(["arn:aws:sns:eu-west-1:111111111111:alarms"])
    )
    error_message = jsonencode(aws_cloudwatch_metric_alarm.task_failures[0])
  }
  # The alarm must look at what the filter writes.
  assert {
    condition = (
      aws_cloudwatch_metric_alarm.task_failures[0].metric_name == aws_cloudwatch_log_metric_filter.task_failures[0].metric_transformation[0].name &&
      aws_cloudwatch_metric_alarm.task_failures[0].namespace == aws_cloudwatch_log_metric_filter.task_failures[0].metric_transformation[0].namespace
    )
    error_message = "the alarm watches another metric than that of the filter"
  }
  assert {
    condition     = startswith(aws_cloudwatch_log_group.task_failures[0].name, "/aws/events/") && aws_cloudwatch_log_group.task_failures[0].retention_in_days == 30
    error_message = "the log group is ${aws_cloudwatch_log_group.task_failures[0].name}"
  }
  assert {
    condition = (
      jsondecode(aws_cloudwatch_log_resource_policy.task_failures[0].policy_document).Statement[1].Condition.ArnEquals["aws:SourceArn"] ==
      "arn:aws:events:eu-west-1:111111111111:rule/${aws_cloudwatch_event_rule.task_failures[0].name}"
    )
    error_message = aws_cloudwatch_log_resource_policy.task_failures[0].policy_document
  }
}

run "services_find_each_other_in_a_namespace" {
  variables {
    service_discovery = { namespace = "shop-dev.local", vpc_id = "vpc-0123456789abcdef0" }
  }

  assert {
    condition     = output.config.namespace_id == "ns-0123456789abcdef"
    error_message = "the namespace is ${jsonencode(output.config.namespace_id)}"
  }
}

# Each run is a row of a table: a wrong value for every variable with wrong values left, whose rules do not depend on others in the
# row. Terraform names the variables whose wrong value it accepts.
run "refuses_1" {
  command = plan
  variables {
    # a name that is too long for the rule of the alarm
    name           = "a-name-that-fits-the-role-and-not-the-rule"
    alarm_settings = { enable_alert = true, action_topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms" }
    # other insights
    container_insights = "on"
    # text instead of a policy
    execution_role_policy = "AmazonS3ReadOnlyAccess"
  }
  expect_failures = [var.name, var.container_insights, var.execution_role_policy]
}

run "refuses_2" {
  command = plan
  variables {
    # a name that is too long for the role
    name = "a-name-that-is-so-long-that-the-execution-role-would-not-fit"
  }
  expect_failures = [var.name]
}

run "refuses_values_1" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # another capacity provider
    default_capacity_providers = [{ capacity_provider = "EC2" }]
    # half minutes
    task_failure_alerting_config = { notification_period = 90 }
    # a namespace in capitals
    service_discovery = { namespace = "Shop.Local", vpc_id = "vpc-0123456789abcdef0" }
  }
  expect_failures = [var.default_capacity_providers, var.task_failure_alerting_config, var.service_discovery]
}

run "refuses_values_2" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # a negative weight
    default_capacity_providers = [{ capacity_provider = "FARGATE", weight = 5 }, { capacity_provider = "FARGATE_SPOT", weight = -1 }]
    # more than seven days
    task_failure_alerting_config = { notification_period = 3600, evaluation_periods = 169 }
  }
  expect_failures = [var.default_capacity_providers, var.task_failure_alerting_config]
}

run "refuses_3" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # two bases
    default_capacity_providers = [{ capacity_provider = "FARGATE", base = 1 }, { capacity_provider = "FARGATE_SPOT", base = 1 }]
    # an alert without a topic
    alarm_settings = { enable_alert = true }
    # more than a day of minutes
    task_failure_alerting_config = { notification_period = 3540, evaluation_periods = 25 }
  }
  expect_failures = [var.default_capacity_providers, var.alarm_settings, var.task_failure_alerting_config]
}

run "refuses_4" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # weights of nothing
    default_capacity_providers = [{ capacity_provider = "FARGATE", weight = 0 }]
    # no failure is no alarm
    task_failure_alerting_config = { notification_threshold = 0 }
  }
  expect_failures = [var.default_capacity_providers, var.task_failure_alerting_config]
}

run "seven_days_of_hours" {
  command = plan
  variables {
    alarm_settings               = { enable_alert = true, action_topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms" }
    task_failure_alerting_config = { notification_period = 3600, evaluation_periods = 168 }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.task_failures[0].evaluation_periods == 168
    error_message = jsonencode(aws_cloudwatch_metric_alarm.task_failures[0].evaluation_periods)
  }
}

# The guide gives the application's permissions to the cluster, where they would have no effect.
run "the_name_of_the_guide_is_refused_whatever_it_holds" {
  command = plan
  variables {
    role_policy = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
  }
  expect_failures = [var.role_policy]
}

run "the_execution_role_has_the_settings_of_the_context_and_the_region_in_its_name" {
  command = plan
  variables {
    context = {
      prefix   = "shop-dev"
      all_tags = {}
      iam      = { path = "/teams/shop/", permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary" }
    }
  }

  assert {
    condition = (
      aws_iam_role.execution.name == "shop-dev-apps-execution-eu-west-1" && aws_iam_role.execution.path == "/teams/shop/" &&
      aws_iam_role.execution.permissions_boundary == "arn:aws:iam::111111111111:policy/boundary"
    )
    error_message = jsonencode([aws_iam_role.execution.name, aws_iam_role.execution.path, aws_iam_role.execution.permissions_boundary])
  }
}
