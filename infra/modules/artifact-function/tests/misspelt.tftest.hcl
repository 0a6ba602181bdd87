# Keys that no object has. known-keys has tests of the texts.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context         = { prefix = "shop-dev", all_tags = {} }
  name            = "artifact"
  package         = { path = "versions.tf" }
  input_artifacts = ["source_artifact"]
}

run "a_key_of_the_package" {
  command = plan
  variables {
    user_parameters = { task_definition = "shop-web" }
    package         = { s3_uri = "s3://releases/bootstrap.zip", s3_object_versions = "1" }
  }
  expect_failures = [output.function_name]
}

run "a_key_of_the_request" {
  command = plan
  variables {
    user_parameters = { task_definition = "shop-web", taskdef_paths = "task.json" }
  }
  expect_failures = [output.function_name]
}

run "a_key_of_the_network" {
  command = plan
  variables {
    user_parameters = { task_definition = "shop-web", network = { subnets = ["subnet-0123456789abcdef0"], security_group = ["sg-0123456789abcdef0"], assign_public_ip = "DISABLED" } }
  }
  expect_failures = [output.function_name]
}
