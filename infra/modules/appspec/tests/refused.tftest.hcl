# What the rules about the variables refuse.

mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context             = { all_tags = {} }
  bucket              = "artifacts"
  key                 = "appspec/web/appspec.yaml"
  task_definition_arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7"
  container_name      = "web"
  container_port      = 80
}

# Each run is a row of a table: a wrong value for every variable with wrong values left, whose rules do not depend on others in the
# row. Terraform names the variables whose wrong value it accepts.
run "refuses_1" {
  command = plan
  variables {
    # eleven tags
    context = { all_tags = { t1 = "", t2 = "", t3 = "", t4 = "", t5 = "", t6 = "", t7 = "", t8 = "", t9 = "", t10 = "", t11 = "" } }
    # a ZIP
    key = "appspec/web/appspec.zip"
    # a family without revision
    task_definition_arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web"
    # a container name with a space
    container_name = "my web"
    # port 0
    container_port = 0
    # a platform version of two numbers
    platform_version = "1.4"
    # no subnet
    network = { subnets = [], security_groups = ["sg-0a"] }
    # a capacity provider by ARN
    capacity_provider_strategy = [{ capacity_provider = "arn:aws:ecs:x", weight = 1 }]
    # an unknown hook
    hooks = { BeforeAllowTrafic = "smoke-test" }
  }
  expect_failures = [
    var.context,
    var.key,
    var.task_definition_arn,
    var.container_name,
    var.container_port,
    var.platform_version,
    var.network,
    var.capacity_provider_strategy,
    var.hooks,
  ]
}

run "refuses_2" {
  command = plan
  variables {
    # a key that begins with a slash
    key = "/appspec.yaml"
    # the placeholder of CodePipeline
    task_definition_arn = "<TASK_DEFINITION>"
    # port 65536
    container_port = 65536
    # a platform version in small letters
    platform_version = "latest"
    # seventeen subnets
    network = { subnets = [for n in range(17) : "subnet-${n}"], security_groups = ["sg-0a"] }
    # a base over 100000
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", base = 100001, weight = 1 }]
    # a hook that is no function
    hooks = { BeforeInstall = "arn:aws:sns:eu-west-1:111122223333:topic" }
  }
  expect_failures = [
    var.key,
    var.task_definition_arn,
    var.container_port,
    var.platform_version,
    var.network,
    var.capacity_provider_strategy,
    var.hooks,
  ]
}

run "refuses_3" {
  command = plan
  variables {
    # half a port
    container_port = 80.5
    # a subnet given twice
    network = { subnets = ["subnet-0a", "subnet-0a"], security_groups = ["sg-0a"] }
    # a weight over 1000
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", weight = 1001 }]
    # an empty hook
    hooks = { BeforeInstall = "" }
  }
  expect_failures = [var.container_port, var.network, var.capacity_provider_strategy, var.hooks]
}

run "refuses_4" {
  command = plan
  variables {
    # no security group
    network = { subnets = ["subnet-0a"], security_groups = [] }
    # a capacity provider given twice
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", weight = 1 }, { capacity_provider = "FARGATE", weight = 2 }]
  }
  expect_failures = [var.network, var.capacity_provider_strategy]
}

run "refuses_5" {
  command = plan
  variables {
    # six security groups
    network = { subnets = ["subnet-0a"], security_groups = ["sg-1", "sg-2", "sg-3", "sg-4", "sg-5", "sg-6"] }
    # two bases
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", base = 1, weight = 1 }, { capacity_provider = "FARGATE_SPOT", base = 1 }]
  }
  expect_failures = [var.network, var.capacity_provider_strategy]
}

run "refuses_6" {
  command = plan
  variables {
    # names instead of IDs
    network = { subnets = ["private-a"], security_groups = ["sg-0a"] }
    # no weight
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", base = 1 }]
  }
  expect_failures = [var.network, var.capacity_provider_strategy]
}
