# Keys that no object has. known-keys has tests of the texts.
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

run "a_key_of_a_wait" {
  command = plan
  variables {
    blue_green = { blue_fleet = { wait_time_minute = 60 } }
  }
  expect_failures = [output.application_name]
}

run "a_key_of_the_load_balancer" {
  command = plan
  variables {
    load_balancer = { target_group_pair = { prod_route = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/1"], target_groups = ["blue", "green"], test_routes = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/2"] } }
  }
  expect_failures = [output.application_name]
}

run "a_key_of_the_alarms" {
  command = plan
  variables {
    alarms = { alarms = ["errors"], ignore_poll_failures = true }
  }
  expect_failures = [output.application_name]
}

run "a_key_of_the_notifications" {
  command = plan
  variables {
    notifications = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", event = ["DeploymentReady"] }
  }
  expect_failures = [output.application_name]
}

run "a_key_of_the_revision_bucket" {
  command = plan
  variables {
    revision_bucket = { name = "revisions", prefx = "appspec/" }
  }
  expect_failures = [output.application_name]
}
