# Keys that no object has. known-keys has tests of the texts.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context             = { all_tags = { product = "shop" } }
  bucket              = "artifacts"
  key                 = "appspec/web/appspec.yaml"
  task_definition_arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7"
  container_name      = "web"
  container_port      = 80
}

run "a_key_of_the_network" {
  command = plan
  variables {
    network = { subnets = ["subnet-0a"], security_groups = ["sg-0a"], assign_publicip = true }
  }
  expect_failures = [output.uri]
}

run "a_key_of_the_strategy" {
  command = plan
  variables {
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", wieght = 1, weight = 1 }]
  }
  expect_failures = [output.uri]
}
