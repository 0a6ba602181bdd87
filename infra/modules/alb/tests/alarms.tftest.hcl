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
    condition = output.rollback_alarm_names.web == [
      "shop-dev-web-blue-5xx", "shop-dev-web-blue-connection-errors", "shop-dev-web-blue-unhealthy",
      "shop-dev-web-green-5xx", "shop-dev-web-green-connection-errors", "shop-dev-web-green-unhealthy",
      "shop-dev-web-elb-5xx",
    ]
    error_message = "What a broken release causes must roll it back, on either colour."
  }

  assert {
    condition     = output.informing_alarm_names.web == ["shop-dev-web-blue-4xx", "shop-dev-web-green-4xx"]
    error_message = "What clients cause must only inform."
  }

  assert {
    condition = { for name, alarm in aws_cloudwatch_metric_alarm.this : alarm.metric_name => alarm.statistic... } == {
      HTTPCode_Target_4XX_Count  = ["Sum", "Sum"]
      HTTPCode_Target_5XX_Count  = ["Sum", "Sum"]
      TargetConnectionErrorCount = ["Sum", "Sum"]
      UnHealthyHostCount         = ["Maximum", "Maximum"]
    }
    error_message = "Counts of a period are summed; of the targets, the worst moment counts."
  }

  assert {
    condition = (
      one([for query in aws_cloudwatch_metric_alarm.load_balancer["elb-5xx"].metric_query : query.expression if query.expression != null]) == "FILL(http502, 0) + FILL(http503, 0) + FILL(http504, 0)" &&
      sort(flatten([for query in aws_cloudwatch_metric_alarm.load_balancer["elb-5xx"].metric_query : query.metric[*].metric_name])) == tolist(["HTTPCode_ELB_502_Count", "HTTPCode_ELB_503_Count", "HTTPCode_ELB_504_Count"])
    )
    error_message = "The load balancer's own errors must be summed; one that was not counted counts as 0."
  }

  assert {
    condition = alltrue([for alarm in concat(values(aws_cloudwatch_metric_alarm.this), values(aws_cloudwatch_metric_alarm.load_balancer)) :
      alarm.alarm_actions == toset([var.alarms.topic_arn]) && alarm.ok_actions == toset([var.alarms.topic_arn]) && alarm.treat_missing_data == "notBreaching"
    ])
    error_message = "Every alarm must notify of its start and its end, and must not fire without traffic."
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

  module {
    source = "./inputs"
  }

  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", period = 45 }
  }
  expect_failures = [var.alarms]
}

run "two_applications_share_the_alarm_of_the_load_balancer" {
  command = apply
  variables {
    applications = { web = {}, api = { path_patterns = ["/api/*"], priority = 10 } }
    alarms       = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms" }
  }
  assert {
    condition     = [for names in values(output.rollback_alarm_names) : [length(names), names[6]]] == [[7, "shop-dev-web-elb-5xx"], [7, "shop-dev-web-elb-5xx"]]
    error_message = "Each application has its own alarms and that of the load balancer; a deployment group takes ten."
  }
}

run "refuses_a_negative_threshold" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", threshold_unhealthy = -1 }
  }
  expect_failures = [var.alarms]
}

run "refuses_an_alarm_without_periods" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", evaluation_periods = 0 }
  }
  expect_failures = [var.alarms]
}

run "refuses_minutes_over_more_than_a_day" {
  command = plan

  module {
    source = "./inputs"
  }

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

  module {
    source = "./inputs"
  }

  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", period = 3600, evaluation_periods = 169 }
  }
  expect_failures = [var.alarms]
}
