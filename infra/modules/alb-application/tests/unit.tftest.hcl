mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context      = { prefix = "shop-alice", all_tags = { product = "shop" } }
  name         = "web"
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-shared/0/1"
  application  = { port = 8080, host_headers = ["alice.example.internal"], priority = 110 }
}

run "a_rule_and_two_target_groups" {
  command = apply

  assert {
    condition = (
      aws_lb_listener_rule.production.listener_arn == var.listener_arn && aws_lb_listener_rule.production.priority == 110 &&
      one(aws_lb_listener_rule.production.action).target_group_arn == aws_lb_target_group.this["blue"].arn
    )
    error_message = "A new rule must forward to blue."
  }

  assert {
    condition     = [for group in aws_lb_target_group.this : [group.name, group.port, group.vpc_id]] == [for colour in ["blue", "green"] : ["shop-alice-web-${colour}", 8080, data.aws_lb.shared.vpc_id]]
    error_message = "Both target groups must have the application's port and be in the VPC of the load balancer."
  }

  assert {
    condition = output.target_group_pair == {
      prod_route    = [var.listener_arn]
      test_route    = []
      target_groups = ["shop-alice-web-blue", "shop-alice-web-green"]
    }
    error_message = "target_group_pair must fit load_balancer.target_group_pair of the codedeploy module."
  }

  assert {
    condition     = length(aws_lb_listener_rule.test) == 0 && output.rollback_alarm_names == [] && output.informing_alarm_names == []
    error_message = "Rules on a test listener and alarms must be created only if they are configured."
  }
}

run "it_can_start_on_green" {
  command = apply
  variables {
    application = { path_patterns = ["/alice/*"], priority = 110, initial_target_group = "green" }
  }

  assert {
    condition     = one(aws_lb_listener_rule.production.action).target_group_arn == aws_lb_target_group.this["green"].arn
    error_message = "The rule must forward to initial_target_group."
  }
}

run "the_test_listener_has_the_same_rule" {
  command = apply
  variables {
    test_listener = { arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-shared/0/2" }
  }

  assert {
    condition = (
      aws_lb_listener_rule.test[0].listener_arn == var.test_listener.arn && aws_lb_listener_rule.test[0].priority == 110 &&
      aws_lb_listener_rule.test[0].condition == aws_lb_listener_rule.production.condition &&
      output.target_group_pair.test_route == [var.test_listener.arn]
    )
    error_message = "Production and test listener must route the same requests to the application."
  }
}

run "alarms_watch_both_colours" {
  command = apply
  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", threshold_5xx = 7 }
  }

  assert {
    condition = output.rollback_alarm_names == flatten([for colour in ["blue", "green"] : [
      for kind in ["5xx", "connection-errors", "unhealthy"] : "shop-alice-web-${colour}-${kind}"
    ]]) && output.informing_alarm_names == ["shop-alice-web-blue-4xx", "shop-alice-web-green-4xx"]
    error_message = "found ${join(", ", output.rollback_alarm_names)}; ${join(", ", output.informing_alarm_names)}"
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["green-5xx"].threshold == 7 &&
      aws_cloudwatch_metric_alarm.this["green-5xx"].dimensions.TargetGroup == aws_lb_target_group.this["green"].arn_suffix
    )
    error_message = "An alarm must have its threshold and watch its target group."
  }
}

run "refuses_an_application_without_a_rule" {
  command = plan
  variables {
    application = { port = 8080 }
  }
  expect_failures = [var.application]
}
