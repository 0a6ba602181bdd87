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

# Each run is a row of a table: a wrong value for every variable with wrong values left, whose rules do not depend on others in the
# row. Terraform names the variables whose wrong value it accepts.
run "refuses_1" {
  command = plan
  variables {
    # a name with a space
    name = "web shop"
    # definitions that are no JSON
    container_definitions = "[{name: container}]"
    # CPU that Fargate lacks
    cpu = 300
    # another architecture
    cpu_architecture = "arm64"
    # another controller
    deployment_controller = "EXTERNAL"
    load_balancer_target  = []
    # another platform version
    fargate_platform_version = "v1.4"
    # text as a policy
    task_role_policy = "AmazonS3ReadOnlyAccess"
  }
  expect_failures = [var.name, var.container_definitions, var.cpu, var.cpu_architecture, var.deployment_controller, var.fargate_platform_version, var.task_role_policy]
}

run "refuses_2" {
  command = plan
  variables {
    # a name too long for the role
    name = "a-name-that-is-so-long-that-the-role-of-the-task-would-not-fit"
    # definitions that are no array
    container_definitions = "{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}]}"
    # less memory than the CPU allows
    cpu    = 1024
    memory = 1024
    # blue/green without CodeDeploy
    deployment_controller = "ECS"
    allow_blue_green      = true
  }
  expect_failures = [var.name, var.container_definitions, var.memory, var.allow_blue_green]
}

run "refuses_3" {
  command = plan
  variables {
    # a container without an image
    container_definitions = "[{\"name\":\"container\",\"portMappings\":[{\"containerPort\":80}]}]"
    # more memory than the CPU allows
    cpu    = 256
    memory = 4096
    # CodeDeploy without blue/green
    allow_blue_green = false
    # half a task
    desired_count = 0.5
  }
  expect_failures = [var.container_definitions, var.memory, var.allow_blue_green, var.desired_count]
}

run "refuses_4" {
  command = plan
  variables {
    # two containers of one name
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}]},{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}]}]"
    # memory between two steps
    cpu    = 8192
    memory = 17408
    # more tasks than the maximum
    desired_count      = 5
    autoscaling_policy = { cpu = { predefined_metric_type = "ECSServiceAverageCPUUtilization", target_value = 75 } }
  }
  expect_failures = [var.container_definitions, var.memory, var.desired_count]
}

run "refuses_5" {
  command = plan
  variables {
    # no essential container
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}],\"essential\":false}]"
  }
  expect_failures = [var.container_definitions]
}

run "refuses_6" {
  command = plan
  variables {
    # no container
    container_definitions = "[]"
  }
  expect_failures = [var.container_definitions]
}
