# What Fargate, ECS or CodeDeploy would refuse in the middle of an apply, or only a failing deployment would show.
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
  vpc_config = { subnets = ["subnet-a"], security_groups = ["sg-a"] }
}

run "a_name_with_a_blank" {
  command = plan
  variables {
    name = "web shop"
  }
  expect_failures = [var.name]
}

run "a_name_too_long_for_the_role" {
  command = plan
  variables {
    name = "a-name-that-is-so-long-that-the-role-of-the-task-would-not-fit"
  }
  expect_failures = [var.name]
}

run "definitions_that_are_no_json" {
  command = plan
  variables {
    container_definitions = "[{name: container}]"
  }
  expect_failures = [var.container_definitions]
}

run "definitions_that_are_no_array" {
  command = plan
  variables {
    container_definitions = "{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}]}"
  }
  expect_failures = [var.container_definitions]
}

run "a_container_without_an_image" {
  command = plan
  variables {
    container_definitions = "[{\"name\":\"container\",\"portMappings\":[{\"containerPort\":80}]}]"
  }
  expect_failures = [var.container_definitions]
}

run "two_containers_of_one_name" {
  command = plan
  variables {
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}]},{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}]}]"
  }
  expect_failures = [var.container_definitions]
}

run "no_essential_container" {
  command = plan
  variables {
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}],\"essential\":false}]"
  }
  expect_failures = [var.container_definitions]
}

run "no_container" {
  command = plan
  variables {
    container_definitions = "[]"
  }
  expect_failures = [var.container_definitions]
}

run "a_container_that_is_not_there" {
  command = plan
  variables {
    load_balancer_target = [{ target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef", container_name = "web", container_port = 80 }]
  }
  expect_failures = [var.load_balancer_target]
}

run "a_port_that_is_not_mapped" {
  command = plan
  variables {
    load_balancer_target = [{ target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef", container_name = "container", container_port = 8080 }]
  }
  expect_failures = [var.load_balancer_target]
}

run "a_port_of_another_container" {
  command = plan
  variables {
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\"},{\"name\":\"sidecar\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}]}]"
  }
  expect_failures = [var.load_balancer_target]
}

run "a_port_within_a_range" {
  command = plan
  variables {
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPortRange\":\"80-90\"}]}]"
  }
  expect_failures = [var.load_balancer_target]
}

run "a_port_that_is_mapped_for_udp" {
  command = plan
  variables {
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80,\"protocol\":\"udp\"}]}]"
  }
  expect_failures = [var.load_balancer_target]
}

run "codedeploy_without_a_load_balancer" {
  command = plan
  variables {
    load_balancer_target = []
  }
  expect_failures = [var.load_balancer_target]
}

run "a_negative_grace_period" {
  command = plan
  variables {
    load_balancer_target = [{ target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef", container_name = "container", container_port = 80, health_check_grace_period_seconds = -1 }]
  }
  expect_failures = [var.load_balancer_target]
}

run "cpu_that_fargate_lacks" {
  command = plan
  variables {
    cpu = 300
  }
  expect_failures = [var.cpu]
}

run "memory_below_what_the_cpu_has" {
  command = plan
  variables {
    cpu    = 1024
    memory = 1024
  }
  expect_failures = [var.memory]
}

run "memory_above_what_the_cpu_has" {
  command = plan
  variables {
    cpu    = 256
    memory = 4096
  }
  expect_failures = [var.memory]
}

run "memory_between_the_steps" {
  command = plan
  variables {
    cpu    = 8192
    memory = 17408
  }
  expect_failures = [var.memory]
}

run "another_architecture" {
  command = plan
  variables {
    cpu_architecture = "arm64"
  }
  expect_failures = [var.cpu_architecture]
}

run "another_controller" {
  command = plan
  variables {
    deployment_controller = "EXTERNAL"
    load_balancer_target  = []
  }
  expect_failures = [var.deployment_controller]
}

run "blue_green_without_codedeploy" {
  command = plan
  variables {
    deployment_controller = "ECS"
    allow_blue_green      = true
  }
  expect_failures = [var.allow_blue_green]
}

run "codedeploy_without_blue_green" {
  command = plan
  variables {
    allow_blue_green = false
  }
  expect_failures = [var.allow_blue_green]
}

run "half_a_task" {
  command = plan
  variables {
    desired_count = 0.5
  }
  expect_failures = [var.desired_count]
}

run "more_tasks_than_may_be" {
  command = plan
  variables {
    desired_count      = 5
    autoscaling_policy = { cpu = { predefined_metric_type = "ECSServiceAverageCPUUtilization", target_value = 75 } }
  }
  expect_failures = [var.desired_count]
}

run "another_platform_version" {
  command = plan
  variables {
    fargate_platform_version = "v1.4"
  }
  expect_failures = [var.fargate_platform_version]
}

run "no_subnet" {
  command = plan
  variables {
    vpc_config = { subnets = [], security_groups = ["sg-a"] }
  }
  expect_failures = [var.vpc_config]
}

run "a_name_without_a_namespace" {
  command = plan
  variables {
    vpc_config = { subnets = ["subnet-a"], security_groups = ["sg-a"], service_discovery = true }
  }
  expect_failures = [var.vpc_config]
}

run "another_metric" {
  command = plan
  variables {
    autoscaling_policy = { cpu = { predefined_metric_type = "CPUUtilization", target_value = 75 } }
  }
  expect_failures = [var.autoscaling_policy]
}

run "requests_per_target_with_codedeploy" {
  command = plan
  variables {
    autoscaling_policy = { requests = { predefined_metric_type = "ALBRequestCountPerTarget", target_value = 100, resource_label = "app/lb/1/targetgroup/web/1" } }
  }
  expect_failures = [var.autoscaling_policy]
}

run "requests_of_no_target_group" {
  command = plan
  variables {
    deployment_controller = "ECS"
    autoscaling_policy    = { requests = { predefined_metric_type = "ALBRequestCountPerTarget", target_value = 100 } }
  }
  expect_failures = [var.autoscaling_policy]
}

run "more_than_all_of_the_cpu" {
  command = plan
  variables {
    autoscaling_policy = { cpu = { predefined_metric_type = "ECSServiceAverageCPUUtilization", target_value = 101 } }
  }
  expect_failures = [var.autoscaling_policy]
}

run "a_negative_cooldown" {
  command = plan
  variables {
    autoscaling_policy = { cpu = { predefined_metric_type = "ECSServiceAverageCPUUtilization", target_value = 75, scale_in_cooldown = -1 } }
  }
  expect_failures = [var.autoscaling_policy]
}

run "fewest_above_most" {
  command = plan
  variables {
    autoscaling_capacity = { min = 5, max = 4 }
  }
  expect_failures = [var.autoscaling_capacity]
}

run "text_as_a_policy" {
  command = plan
  variables {
    task_role_policy = "AmazonS3ReadOnlyAccess"
  }
  expect_failures = [var.task_role_policy]
}
