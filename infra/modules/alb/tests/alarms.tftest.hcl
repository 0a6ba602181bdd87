mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context             = { prefix = "shop-dev", all_tags = { product = "shop" } }
  name                = "web"
  vpc_id              = "vpc-0123456789abcdef0"
  subnets             = ["subnet-0000000000000000a", "subnet-0000000000000000b"]
  security_groups     = ["sg-0123456789abcdef0"]
  ssl_certificate_arn = "arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000"
  applications        = { web = {} }
}

run "alarms_watch_both_colours" {
  command = apply

  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", threshold_5xx = 3 }
  }

  assert {
    condition     = output.alarm_names.web == ["shop-dev-web-blue-4xx", "shop-dev-web-blue-5xx", "shop-dev-web-green-4xx", "shop-dev-web-green-5xx"]
    error_message = "Each colour needs an alarm on 4xx and one on 5xx, and their names must come out."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["shop-dev-web-green-5xx"].metric_name == "HTTPCode_Target_5XX_Count" &&
      aws_cloudwatch_metric_alarm.this["shop-dev-web-green-5xx"].threshold == 3 &&
      aws_cloudwatch_metric_alarm.this["shop-dev-web-green-5xx"].treat_missing_data == "notBreaching" &&
      aws_cloudwatch_metric_alarm.this["shop-dev-web-green-5xx"].dimensions.TargetGroup == aws_lb_target_group.this["web/green"].arn_suffix
    )
    error_message = "An alarm must watch its own target group and must not fire without traffic."
  }
}

run "refuses_an_alarm_period_of_45_seconds" {
  command = plan
  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", period = 45 }
  }
  expect_failures = [var.alarms]
}

run "refuses_an_alarm_without_periods" {
  command = plan
  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", evaluation_periods = 0 }
  }
  expect_failures = [var.alarms]
}

run "refuses_minutes_over_more_than_a_day" {
  command = plan
  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", period = 3540, evaluation_periods = 25 }
  }
  expect_failures = [var.alarms]
}

run "accepts_seven_days_of_hours" {
  command = plan
  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", period = 3600, evaluation_periods = 168 }
  }
  assert {
    condition     = alltrue([for alarm in values(aws_cloudwatch_metric_alarm.this) : alarm.evaluation_periods == 168])
    error_message = "With periods of an hour, CloudWatch looks back seven days."
  }
}

run "refuses_hours_over_more_than_seven_days" {
  command = plan
  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", period = 3600, evaluation_periods = 169 }
  }
  expect_failures = [var.alarms]
}
