# Keys that no object has. known-keys has tests of the texts.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context       = { prefix = "shop-dev", all_tags = {} }
  name          = "web"
  source_action = { s3 = { bucket = "shop-source", key = "release/web.zip" } }
  generate = {
    function_arn = "arn:aws:lambda:eu-west-1:111111111111:function:shop-dev-artifact"
    action = {
      name             = "generate-codedeploy-artifact"
      category         = "Invoke"
      owner            = "AWS"
      provider         = "Lambda"
      version          = "1"
      namespace        = "codedeploy_artifact"
      input_artifacts  = []
      output_artifacts = ["codedeploy_artifact"]
      configuration    = { FunctionName = "shop-dev-artifact", UserParameters = "{\"task_definition\":\"shop-web\"}" }
    }
  }
  deploy = {
    application_name       = "shop-dev-web"
    group_name             = "shop-dev-web-canary"
    application_arn        = "arn:aws:codedeploy:eu-west-1:111111111111:application:shop-dev-web"
    group_arn              = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop-dev-web/shop-dev-web-canary"
    config_arn             = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"
    task_definition_family = "shop-dev-web"
    pass_role_arns         = ["arn:aws:iam::111111111111:role/shop-dev-exec"]
  }
}

run "a_key_of_the_source" {
  command = plan
  variables {
    source_action = { s3 = { bucket = "b", key = "k", kms_key = "arn:aws:kms:eu-west-1:111111111111:key/1" } }
  }
  expect_failures = [output.name]
}

run "a_key_of_the_approval" {
  command = plan
  variables {
    approval = { mesage = "Deploy?" }
  }
  expect_failures = [output.name]
}

run "a_key_of_the_key" {
  command = plan
  variables {
    kms = { deletion_window = 7 }
  }
  expect_failures = [output.name]
}

run "a_key_of_the_deployment" {
  command = plan
  variables {
    deploy = {
      application_name       = "shop-dev-web"
      group_name             = "shop-dev-web-canary"
      application_arn        = "arn:aws:codedeploy:eu-west-1:111111111111:application:shop-dev-web"
      group_arn              = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop-dev-web/shop-dev-web-canary"
      config_arn             = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"
      task_definition_family = "shop-dev-web"
      pass_role_arns         = ["arn:aws:iam::111111111111:role/shop-dev-exec"]
      image                  = { IMAGE1_NAME = "source_artifact" }
    }
  }
  expect_failures = [output.name]
}
