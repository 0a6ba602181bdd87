# Keys that no object has. known-keys has tests of the texts.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context = { prefix = "shop-dev", all_tags = { app_id = "shop" } }
  # Any file stands in for the zip: nothing is uploaded.
  package               = { path = "versions.tf" }
  url                   = "https://lb.example.com:9001"
  checks                = "checks:\n- path: /health\n"
  deployment_group_arns = ["arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop/web"]
}

run "a_key_of_the_package" {
  command = plan
  variables {
    package = { s3_uri = "s3://releases/bootstrap.zip", s3_object_versions = "1" }
  }
  expect_failures = [output.function_name]
}
