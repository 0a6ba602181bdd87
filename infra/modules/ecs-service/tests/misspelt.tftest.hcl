# Keys that no object has. known-keys has tests of the texts.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context = {
    prefix   = "shop-dev"
    all_tags = {}
    iam      = { path = "/teams/shop/", permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary" }
  }
  name = "web"
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
  vpc_config = { subnets = ["subnet-a"], security_groups = ["sg-a"] }
}

run "a_key_of_a_policy" {
  command = plan
  variables {
    autoscaling_policy = { cpu = { predefined_metric_type = "ECSServiceAverageCPUUtilization", target_value = 75, scale_in_coldown = 60 } }
  }
  expect_failures = [output.informing_alarm_names]
}

run "a_key_of_an_alarm" {
  command = plan
  variables {
    ecs_cpu_cloudwatch_configuration = { severe = { evaluation_period = 3, period = 180, threshold = 90, evaluaution_periods = 3 } }
  }
  expect_failures = [output.informing_alarm_names]
}

run "a_key_of_a_volume" {
  command = plan
  variables {
    volumes = { data = { efs = { file_system_id = "fs-0a", readonly = true } } }
  }
  expect_failures = [output.informing_alarm_names]
}

run "a_key_of_the_network" {
  command = plan
  variables {
    vpc_config = { subnets = ["subnet-a"], security_groups = ["sg-a"], asign_public_ip = true }
  }
  expect_failures = [output.informing_alarm_names]
}
