# One run for each rule about the variables.

mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context                        = { prefix = "shop-dev", all_tags = {} }
  application_name               = "web"
  group_name                     = "web"
  ecs_service                    = { cluster_name = "shop-dev-main", service_name = "shop-dev-web" }
  pass_role_arns                 = ["arn:aws:iam::111111111111:role/execution"]
  default_deployment_config_name = "CodeDeployDefault.ECSAllAtOnce"
  load_balancer = {
    target_group_pair = {
      prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/1"]
      target_groups = ["shop-dev-web-blue", "shop-dev-web-green"]
    }
  }
}

run "refuses_an_application_name_with_a_space" {
  command = plan
  variables {
    application_name = "my web"
  }
  expect_failures = [var.application_name]
}

run "refuses_an_application_name_over_100_characters" {
  command = plan
  variables {
    application_name = "a2345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012"
  }
  expect_failures = [var.application_name]
}

run "refuses_a_group_name_with_a_slash" {
  command = plan
  variables {
    group_name = "web/canary"
  }
  expect_failures = [var.group_name]
}

run "refuses_a_group_name_over_100_characters" {
  command = plan
  variables {
    group_name = "a2345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012"
  }
  expect_failures = [var.group_name]
}

run "refuses_a_cluster_arn" {
  command = plan
  variables {
    ecs_service = { cluster_name = "arn:aws:ecs:eu-west-1:111111111111:cluster/main", service_name = "web" }
  }
  expect_failures = [var.ecs_service]
}

run "refuses_no_roles_to_pass" {
  command = plan
  variables {
    pass_role_arns = []
  }
  expect_failures = [var.pass_role_arns]
}

run "refuses_wildcards_among_roles_to_pass" {
  command = plan
  variables {
    pass_role_arns = ["arn:aws:iam::111111111111:role/execution", "arn:aws:iam::111111111111:role/*"]
  }
  expect_failures = [var.pass_role_arns]
}

run "refuses_single_wildcards_among_roles_to_pass" {
  command = plan
  variables {
    pass_role_arns = ["arn:aws:iam::111111111111:role/tas?"]
  }
  expect_failures = [var.pass_role_arns]
}

run "refuses_a_predefined_configuration_of_lambda" {
  command = plan
  variables {
    default_deployment_config_name = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
  }
  expect_failures = [var.default_deployment_config_name]
}

run "refuses_a_misspelt_predefined_configuration" {
  command = plan
  variables {
    default_deployment_config_name = "CodeDeployDefault.ECSLinear10PercentEvery1Minute"
  }
  expect_failures = [var.default_deployment_config_name]
}

run "refuses_no_configuration_at_all" {
  command = plan
  variables {
    default_deployment_config_name = null
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_two_configurations" {
  command = plan
  variables {
    traffic_routing = { type = "TimeBasedCanary", interval = 5, percentage = 10 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_an_unknown_traffic_routing" {
  command = plan
  variables {
    default_deployment_config_name = null
    traffic_routing                = { type = "Canary", interval = 5, percentage = 10 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_a_percentage_of_0" {
  command = plan
  variables {
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedCanary", interval = 5, percentage = 0 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_a_percentage_of_100" {
  command = plan
  variables {
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedCanary", interval = 5, percentage = 100 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_half_a_percent" {
  command = plan
  variables {
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedCanary", interval = 5, percentage = 0.5 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_an_interval_of_0" {
  command = plan
  variables {
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedLinear", interval = 0, percentage = 10 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_an_interval_over_two_days" {
  command = plan
  variables {
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedCanary", interval = 2881, percentage = 10 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_half_a_minute" {
  command = plan
  variables {
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedCanary", interval = 1.5, percentage = 10 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_a_linear_shift_over_two_days" {
  command = plan
  variables {
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedLinear", interval = 321, percentage = 10 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_an_unknown_action_on_timeout" {
  command = plan
  variables {
    blue_green = { deployment_ready = { action_on_timeout = "WAIT" } }
  }
  expect_failures = [var.blue_green]
}

run "refuses_to_continue_with_a_wait" {
  command = plan
  variables {
    blue_green = { deployment_ready = { wait_time_minutes = 5 } }
  }
  expect_failures = [var.blue_green]
}

run "refuses_to_stop_without_a_wait" {
  command = plan
  variables {
    blue_green = { deployment_ready = { action_on_timeout = "STOP_DEPLOYMENT" } }
  }
  expect_failures = [var.blue_green]
}

run "refuses_an_approval_over_five_days" {
  command = plan
  variables {
    blue_green = { deployment_ready = { action_on_timeout = "STOP_DEPLOYMENT", wait_time_minutes = 7201 } }
  }
  expect_failures = [var.blue_green]
}

run "refuses_to_keep_blue_alive" {
  command = plan
  variables {
    blue_green = { blue_fleet = { action = "KEEP_ALIVE" } }
  }
  expect_failures = [var.blue_green]
}

run "refuses_to_keep_blue_over_two_days" {
  command = plan
  variables {
    blue_green = { blue_fleet = { wait_time_minutes = 2881 } }
  }
  expect_failures = [var.blue_green]
}

run "refuses_eleven_alarms" {
  command = plan
  variables {
    alarms = { alarms = ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "a10", "a11"] }
  }
  expect_failures = [var.alarms]
}

run "refuses_alarms_without_an_alarm" {
  command = plan
  variables {
    alarms = {}
  }
  expect_failures = [var.alarms]
}

run "refuses_an_arn_that_is_no_alarm" {
  command = plan
  variables {
    alarms = { alarms = ["arn:aws:sns:eu-west-1:111111111111:alarms"] }
  }
  expect_failures = [var.alarms]
}

run "refuses_an_empty_alarm_name" {
  command = plan
  variables {
    alarms = { alarms = [""] }
  }
  expect_failures = [var.alarms]
}

run "refuses_an_unknown_rollback_event" {
  command = plan
  variables {
    auto_rollback_events = ["DEPLOYMENT_FAILED"]
  }
  expect_failures = [var.auto_rollback_events]
}

run "refuses_a_rollback_on_alarm_without_alarms" {
  command = plan
  variables {
    auto_rollback_events = ["DEPLOYMENT_STOP_ON_ALARM"]
  }
  expect_failures = [var.auto_rollback_events]
}

run "refuses_an_unknown_notification" {
  command = plan
  variables {
    notifications = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:x", events = ["InstanceStart"] }
  }
  expect_failures = [var.notifications]
}

run "refuses_notifications_of_nothing" {
  command = plan
  variables {
    notifications = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:x", events = [] }
  }
  expect_failures = [var.notifications]
}

run "refuses_a_hook_by_name" {
  command = plan
  variables {
    hook_function_arns = ["smoke-test"]
  }
  expect_failures = [var.hook_function_arns]
}

run "refuses_a_configuration_name_over_100_characters" {
  command = plan
  variables {
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedLinear", interval = 5, percentage = 10 }
    group_name                     = "a23456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
  }
  expect_failures = [aws_codedeploy_deployment_config.this]
}
