# What CloudWatch would refuse in the middle of an apply, and the longest windows that it takes.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context = { prefix = "shop-dev", all_tags = {} }
  name    = "web"
  cluster = {
    arn                = "arn:aws:ecs:eu-west-1:111111111111:cluster/shop-dev-apps"
    name               = "shop-dev-apps"
    execution_role_arn = "arn:aws:iam::111111111111:role/shop-dev-apps-execution"
  }
  container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}]}]"
  load_balancer_target = [{
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef"
    container_name   = "container"
    container_port   = 80
  }]
  vpc_config  = { subnets = ["subnet-a"], security_groups = ["sg-a"] }
  alarm_topic = { arn = "arn:aws:sns:eu-west-1:111111111111:alarms" }
}

run "seven_days_of_hours_and_one_day_of_minutes" {
  command = plan
  variables {
    ecs_cpu_cloudwatch_configuration    = { week = { evaluation_period = 168, period = 3600, threshold = 90 }, day = { evaluation_period = 1440, period = 60, threshold = 90 } }
    ecs_memory_cloudwatch_configuration = { week = { evaluation_period = 7, period = 86400, threshold = 90 } }
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.this)) == toset(["cpu-day", "cpu-week", "memory-week"])
    error_message = jsonencode(keys(aws_cloudwatch_metric_alarm.this))
  }
}

# Each run is a row of a table: a wrong value for every variable with wrong values left, whose rules do not depend on others in the
# row. Terraform names the variables whose wrong value it accepts.
