mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context                        = { prefix = "shop-dev", all_tags = { product = "shop" } }
  application_name               = "web"
  group_name                     = "web"
  ecs_service                    = { cluster_name = "shop-dev-main", service_name = "shop-dev-web" }
  pass_role_arns                 = ["arn:aws:iam::111111111111:role/execution", "arn:aws:iam::111111111111:role/task"]
  default_deployment_config_name = "CodeDeployDefault.ECSCanary10Percent5Minutes"
  load_balancer = {
    target_group_pair = {
      prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/50dc6c495c0c9188/f2f7dc8efc522ab2"]
      target_groups = ["shop-dev-web-blue", "shop-dev-web-green"]
    }
  }
}

run "the_guides_canary" {
  command = apply

  variables {
    blue_green = { blue_fleet = { wait_time_minutes = 6 } }
  }

  assert {
    condition = one(aws_codedeploy_deployment_group.this.deployment_style) == {
      deployment_type   = "BLUE_GREEN"
      deployment_option = "WITH_TRAFFIC_CONTROL"
    }
    error_message = "CodeDeploy has one deployment style for ECS."
  }

  assert {
    condition = (
      output.application_name == "shop-dev-web" && output.group_name == "shop-dev-web" &&
      output.config_name == "CodeDeployDefault.ECSCanary10Percent5Minutes" && length(aws_codedeploy_deployment_config.this) == 0
    )
    error_message = "Application and group must carry the prefix, and a predefined configuration must be used as it is."
  }

  assert {
    condition     = output.config.config_arn == "arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:CodeDeployDefault.ECSCanary10Percent5Minutes"
    error_message = "Policies name a predefined configuration by its ARN in the account."
  }

  assert {
    condition = (
      one(one(aws_codedeploy_deployment_group.this.blue_green_deployment_config).deployment_ready_option).action_on_timeout == "CONTINUE_DEPLOYMENT" &&
      one(one(aws_codedeploy_deployment_group.this.blue_green_deployment_config).terminate_blue_instances_on_deployment_success).termination_wait_time_in_minutes == 6
    )
    error_message = "Traffic must shift at once, and blue must be terminated after the given wait."
  }

  assert {
    condition = (
      toset(one(aws_codedeploy_deployment_group.this.auto_rollback_configuration).events) == toset(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"]) &&
      length(aws_codedeploy_deployment_group.this.alarm_configuration) == 0 && length(aws_codedeploy_deployment_group.this.trigger_configuration) == 0
    )
    error_message = "Without alarms and notifications there must be none, and failures must roll back."
  }

  assert {
    condition     = length(one(one(aws_codedeploy_deployment_group.this.load_balancer_info).target_group_pair_info).test_traffic_route) == 0
    error_message = "An empty test_route must create no test traffic route."
  }
}

run "a_custom_canary" {
  command = plan

  variables {
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedCanary", interval = 7, percentage = 20 }
  }

  assert {
    condition     = aws_codedeploy_deployment_config.this[0].deployment_config_name == "shop-dev-web-Canary20Percent7Minutes" && aws_codedeploy_deployment_config.this[0].compute_platform == "ECS"
    error_message = "The name of a configuration must contain its parameters, because it can be replaced only under another name."
  }

  assert {
    condition     = one(one(aws_codedeploy_deployment_config.this[0].traffic_routing_config).time_based_canary) == { interval = 7, percentage = 20 }
    error_message = "The canary must be as configured."
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.deployment_config_name == "shop-dev-web-Canary20Percent7Minutes"
    error_message = "The group must use the configuration."
  }
}

run "a_linear_shift_of_the_longest_kind" {
  command = plan

  variables {
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedLinear", interval = 320, percentage = 10 }
  }

  assert {
    condition     = aws_codedeploy_deployment_config.this[0].deployment_config_name == "shop-dev-web-Linear10PercentEvery320Minutes"
    error_message = "Nine waits of 320 minutes are exactly two days and must be accepted."
  }

  assert {
    condition     = one(one(aws_codedeploy_deployment_config.this[0].traffic_routing_config).time_based_linear) == { interval = 320, percentage = 10 }
    error_message = "The linear shift must be as configured."
  }
}

run "alarms_are_passed_by_name_and_roll_back" {
  command = plan

  variables {
    alarms = { alarms = ["by-name", "arn:aws:cloudwatch:eu-west-1:111111111111:alarm:by-arn:with-colon"] }
  }

  assert {
    condition     = toset(one(aws_codedeploy_deployment_group.this.alarm_configuration).alarms) == toset(["by-name", "by-arn:with-colon"])
    error_message = "CodeDeploy accepts only names of alarms; an ARN must be reduced to its name."
  }

  assert {
    condition     = contains(one(aws_codedeploy_deployment_group.this.auto_rollback_configuration).events, "DEPLOYMENT_STOP_ON_ALARM")
    error_message = "An alarm that stops a deployment must roll it back."
  }
}

run "switched_off_alarms_and_no_rollback" {
  command = plan

  variables {
    alarms               = { enabled = false, alarms = ["by-name"] }
    auto_rollback_events = []
  }

  assert {
    condition     = !one(aws_codedeploy_deployment_group.this.alarm_configuration).enabled && !one(aws_codedeploy_deployment_group.this.auto_rollback_configuration).enabled
    error_message = "Disabled settings must be off."
  }
}

run "a_test_route_and_an_approval" {
  command = plan

  variables {
    load_balancer = {
      target_group_pair = {
        prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/50dc6c495c0c9188/f2f7dc8efc522ab2"]
        target_groups = ["shop-dev-web-blue", "shop-dev-web-green"]
        test_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/50dc6c495c0c9188/0000000000000001"]
      }
    }
    blue_green = {
      deployment_ready = { action_on_timeout = "STOP_DEPLOYMENT", wait_time_minutes = 60 }
    }
  }

  assert {
    condition     = toset(one(one(one(aws_codedeploy_deployment_group.this.load_balancer_info).target_group_pair_info).test_traffic_route).listener_arns) == toset(var.load_balancer.target_group_pair.test_route)
    error_message = "The test listener must become the test traffic route."
  }

  assert {
    condition     = one(one(aws_codedeploy_deployment_group.this.blue_green_deployment_config).deployment_ready_option).wait_time_in_minutes == 60
    error_message = "The wait for an approval must be as configured."
  }
}

run "alarms_without_time_for_them_are_warned_about" {
  command = plan

  variables {
    alarms     = { alarms = ["by-name"] }
    blue_green = { blue_fleet = { wait_time_minutes = 0 } }
  }

  expect_failures = [check.time_for_alarms]
}
