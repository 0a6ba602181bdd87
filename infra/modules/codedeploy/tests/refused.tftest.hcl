# What the rules about the variables refuse.

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

# Each run is a row of a table: a wrong value for every variable with wrong values left, whose rules do not depend on others in the
# row. Terraform names the variables whose wrong value it accepts.
run "refuses_1" {
  command = plan
  variables {
    # an application name with a space
    application_name = "my web"
    # a group name with a slash
    group_name = "web/canary"
    # a cluster ARN
    ecs_service = { cluster_name = "arn:aws:ecs:eu-west-1:111111111111:cluster/main", service_name = "web" }
    # no roles to pass
    pass_role_arns = []
    # a predefined configuration of Lambda
    default_deployment_config_name = "CodeDeployDefault.LambdaCanary10Percent5Minutes"
    # a hook by name
    hook_function_arns = ["smoke-test"]
  }
  expect_failures = [var.application_name, var.group_name, var.ecs_service, var.pass_role_arns, var.default_deployment_config_name, var.hook_function_arns]
}

run "refuses_1_of_the_objects" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # an unknown action on timeout
    blue_green = { deployment_ready = { action_on_timeout = "WAIT" } }
    # eleven alarms
    alarms = { alarms = ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "a10", "a11"] }
    # an unknown notification
    notifications = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:x", events = ["InstanceStart"] }
  }
  expect_failures = [var.blue_green, var.alarms, var.notifications]
}

run "refuses_2" {
  command = plan
  variables {
    # an application name over 100 characters
    application_name = "a2345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012"
    # a group name over 100 characters
    group_name = "a2345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012"
    # wildcards in the roles to pass
    pass_role_arns = ["arn:aws:iam::111111111111:role/execution", "arn:aws:iam::111111111111:role/*"]
    # a misspelt predefined configuration
    default_deployment_config_name = "CodeDeployDefault.ECSLinear10PercentEvery1Minute"
  }
  expect_failures = [var.application_name, var.group_name, var.pass_role_arns, var.default_deployment_config_name]
}

run "refuses_2_of_the_objects" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # continue with a wait
    blue_green = { deployment_ready = { wait_time_minutes = 5 } }
    # alarms without an alarm
    alarms = {}
    # notifications of nothing
    notifications = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:x", events = [] }
  }
  expect_failures = [var.blue_green, var.alarms, var.notifications]
}

run "refuses_3" {
  command = plan
  variables {
    # single wildcards in the roles to pass
    pass_role_arns = ["arn:aws:iam::111111111111:role/tas?"]
    # no configuration at all
    default_deployment_config_name = null
  }
  expect_failures = [var.pass_role_arns, var.traffic_routing]
}

run "refuses_3_of_the_objects" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # stop without a wait
    blue_green = { deployment_ready = { action_on_timeout = "STOP_DEPLOYMENT" } }
    # an ARN that is no alarm
    alarms = { alarms = ["arn:aws:sns:eu-west-1:111111111111:alarms"] }
  }
  expect_failures = [var.blue_green, var.alarms]
}

run "refuses_4" {
  command = plan
  variables {
    # two configurations
    traffic_routing = { type = "TimeBasedCanary", interval = 5, percentage = 10 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_4_of_the_objects" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # an approval over five days
    blue_green = { deployment_ready = { action_on_timeout = "STOP_DEPLOYMENT", wait_time_minutes = 7201 } }
    # an empty alarm name
    alarms = { alarms = [""] }
  }
  expect_failures = [var.blue_green, var.alarms]
}

run "refuses_5" {
  command = plan
  variables {
    # an unknown traffic routing
    default_deployment_config_name = null
    traffic_routing                = { type = "Canary", interval = 5, percentage = 10 }
    # an unknown rollback event
    auto_rollback_events = ["DEPLOYMENT_FAILED"]
  }
  expect_failures = [var.traffic_routing, var.auto_rollback_events]
}

run "refuses_5_of_the_objects" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # keep blue alive
    blue_green = { blue_fleet = { action = "KEEP_ALIVE" } }
  }
  expect_failures = [var.blue_green]
}

run "refuses_6" {
  command = plan
  variables {
    # a percentage of 0
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedCanary", interval = 5, percentage = 0 }
    # a rollback on alarm without alarms
    auto_rollback_events = ["DEPLOYMENT_STOP_ON_ALARM"]
  }
  expect_failures = [var.traffic_routing, var.auto_rollback_events]
}

run "refuses_6_of_the_objects" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # keep blue over two days
    blue_green = { blue_fleet = { wait_time_minutes = 2881 } }
  }
  expect_failures = [var.blue_green]
}

run "refuses_7" {
  command = plan
  variables {
    # a percentage of 100
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedCanary", interval = 5, percentage = 100 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_8" {
  command = plan
  variables {
    # half a percent
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedCanary", interval = 5, percentage = 0.5 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_9" {
  command = plan
  variables {
    # an interval of 0
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedLinear", interval = 0, percentage = 10 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_10" {
  command = plan
  variables {
    # an interval over two days
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedCanary", interval = 2881, percentage = 10 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_11" {
  command = plan
  variables {
    # half a minute
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedCanary", interval = 1.5, percentage = 10 }
  }
  expect_failures = [var.traffic_routing]
}

run "refuses_12" {
  command = plan
  variables {
    # a linear shift over two days
    default_deployment_config_name = null
    traffic_routing                = { type = "TimeBasedLinear", interval = 321, percentage = 10 }
  }
  expect_failures = [var.traffic_routing]
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
