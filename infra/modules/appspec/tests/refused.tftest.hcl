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
    # an unknown hook
    hooks = { BeforeAllowTrafic = "smoke-test" }
  }
  expect_failures = [var.context, var.key, var.task_definition_arn, var.container_name, var.container_port, var.platform_version, var.hooks]
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
    # a hook that is no function
    hooks = { BeforeInstall = "arn:aws:sns:eu-west-1:111122223333:topic" }
  }
  expect_failures = [var.key, var.task_definition_arn, var.container_port, var.platform_version, var.hooks]
}

run "refuses_3" {
  command = plan
  variables {
    # half a port
    container_port = 80.5
    # an empty hook
    hooks = { BeforeInstall = "" }
  }
  expect_failures = [var.container_port, var.hooks]
}
