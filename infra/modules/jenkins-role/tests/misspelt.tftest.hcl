# Keys that no object has. known-keys has tests of the texts.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context            = { prefix = "shop-dev", all_tags = { app_id = "shop" } }
  name               = "jenkins"
  trusted_principals = ["arn:aws:iam::333333333333:role/jenkins-agent"]
  service            = { cluster_name = "main", service_name = "web" }
  codedeploy = {
    application_name = "shop-dev-web"
    group_name       = "shop-dev-web-canary"
    application_arn  = "arn:aws:codedeploy:eu-west-1:111111111111:application:shop-dev-web"
    group_arn        = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop-dev-web/shop-dev-web-canary"
    config_arn       = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"
  }
  task_definition_family = "shop-dev-web"
}

run "a_key_of_what_is_allowed" {
  command = plan
  variables {
    allow = { rotat = true }
  }
  expect_failures = [output.stop_role_arn]
}

run "a_key_of_the_revisions" {
  command = plan
  variables {
    revisions = { bucket_arn = "arn:aws:s3:::shop-revisions", prefix = "appspec/", kms_key_arn = "arn:aws:kms:eu-west-1:111111111111:key/1" }
  }
  expect_failures = [output.stop_role_arn]
}

run "a_key_of_the_evidence" {
  command = plan
  variables {
    evidence = { log_groups_arns = ["arn:aws:logs:eu-west-1:111111111111:log-group:/ecs/web"] }
  }
  expect_failures = [output.stop_role_arn]
}
