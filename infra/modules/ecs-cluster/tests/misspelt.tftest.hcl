# Keys that no object has. known-keys has tests of the texts.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context = { prefix = "shop-dev", all_tags = {} }
  name    = "apps"
}

# As the guide spells it.
run "a_key_of_the_alarm" {
  command = plan
  variables {
    task_failure_alerting_config = { evaluaution_periods = 1 }
  }
  expect_failures = [output.task_failure_alarm_name]
}

run "a_key_of_the_alert" {
  command = plan
  variables {
    alarm_settings = { enable_alarm = true }
  }
  expect_failures = [output.task_failure_alarm_name]
}

run "a_key_in_a_list" {
  command = plan
  variables {
    default_capacity_providers = [{ capacity_provider = "FARGATE", wieght = 2 }]
  }
  expect_failures = [output.task_failure_alarm_name]
}

run "a_key_of_the_namespace" {
  command = plan
  variables {
    service_discovery = { namespace = "shop.local", vpc_id = "vpc-0123456789abcdef0", vpc = "vpc-0123456789abcdef0" }
  }
  expect_failures = [output.task_failure_alarm_name]
}
