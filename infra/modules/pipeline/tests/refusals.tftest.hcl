# What CodePipeline, CodeDeploy or IAM would refuse late is refused at plan.

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

run "refuses_a_name_that_is_too_long_for_a_role" {
  command = plan
  variables {
    name = "a-name-that-leaves-no-room-for-what-its-roles-do"
  }
  expect_failures = [var.name]
}

run "refuses_capitals_in_the_name" {
  command = plan
  variables {
    name = "Web"
  }
  expect_failures = [var.name]
}

run "refuses_two_sources" {
  command = plan
  variables {
    source_action = { s3 = { bucket = "b", key = "k" }, ecr = { repository_name = "r" } }
  }
  expect_failures = [var.source_action]
}

run "refuses_no_source" {
  command = plan
  variables {
    source_action = {}
  }
  expect_failures = [var.source_action]
}

run "refuses_a_source_artifact_with_a_dot" {
  command = plan
  variables {
    source_action = { artifact = "source.zip", s3 = { bucket = "b", key = "k" } }
  }
  expect_failures = [var.source_action]
}

run "refuses_an_input_that_no_action_makes" {
  command = plan
  variables {
    generate = {
      function_arn = "arn:aws:lambda:eu-west-1:111111111111:function:shop-dev-artifact"
      action = {
        name             = "generate-codedeploy-artifact"
        category         = "Invoke"
        owner            = "AWS"
        provider         = "Lambda"
        version          = "1"
        namespace        = "codedeploy_artifact"
        input_artifacts  = ["build_artifact"]
        output_artifacts = ["codedeploy_artifact"]
        configuration    = { FunctionName = "shop-dev-artifact", UserParameters = "{\"task_definition\":\"shop-web\"}" }
      }
    }
  }
  expect_failures = [var.generate]
}

run "refuses_an_output_that_is_the_source" {
  command = plan
  variables {
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
        output_artifacts = ["source_artifact"]
        configuration    = { FunctionName = "shop-dev-artifact", UserParameters = "{\"task_definition\":\"shop-web\"}" }
      }
    }
  }
  expect_failures = [var.generate]
}

run "refuses_five_images" {
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
      images                 = { A = "source_artifact", B = "source_artifact", C = "source_artifact", D = "source_artifact", E = "source_artifact" }
    }
  }
  expect_failures = [var.deploy]
}

run "refuses_a_placeholder_in_brackets" {
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
      images                 = { "<IMAGE1_NAME>" = "source_artifact" }
    }
  }
  expect_failures = [var.deploy]
}

run "refuses_an_image_of_an_unknown_artifact" {
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
      images                 = { IMAGE1_NAME = "build_artifact" }
    }
  }
  expect_failures = [var.deploy]
}

run "refuses_a_revision_for_the_family" {
  command = plan
  variables {
    deploy = {
      application_name       = "shop-dev-web"
      group_name             = "shop-dev-web-canary"
      application_arn        = "arn:aws:codedeploy:eu-west-1:111111111111:application:shop-dev-web"
      group_arn              = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop-dev-web/shop-dev-web-canary"
      config_arn             = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"
      task_definition_family = "shop-dev-web:7"
      pass_role_arns         = ["arn:aws:iam::111111111111:role/shop-dev-exec"]
    }
  }
  expect_failures = [var.deploy]
}

run "refuses_to_pass_no_role" {
  command = plan
  variables {
    deploy = {
      application_name       = "shop-dev-web"
      group_name             = "shop-dev-web-canary"
      application_arn        = "arn:aws:codedeploy:eu-west-1:111111111111:application:shop-dev-web"
      group_arn              = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop-dev-web/shop-dev-web-canary"
      config_arn             = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"
      task_definition_family = "shop-dev-web"
      pass_role_arns         = []
    }
  }
  expect_failures = [var.deploy]
}

run "refuses_to_pass_any_role" {
  command = plan
  variables {
    deploy = {
      application_name       = "shop-dev-web"
      group_name             = "shop-dev-web-canary"
      application_arn        = "arn:aws:codedeploy:eu-west-1:111111111111:application:shop-dev-web"
      group_arn              = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop-dev-web/shop-dev-web-canary"
      config_arn             = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"
      task_definition_family = "shop-dev-web"
      pass_role_arns         = ["arn:aws:iam::111111111111:role/*"]
    }
  }
  expect_failures = [var.deploy]
}

run "refuses_to_pass_roles_by_a_single_wildcard" {
  command = plan
  variables {
    deploy = {
      application_name       = "shop-dev-web"
      group_name             = "shop-dev-web-canary"
      application_arn        = "arn:aws:codedeploy:eu-west-1:111111111111:application:shop-dev-web"
      group_arn              = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop-dev-web/shop-dev-web-canary"
      config_arn             = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"
      task_definition_family = "shop-dev-web"
      pass_role_arns         = ["arn:aws:iam::111111111111:role/shop-dev-exe?"]
    }
  }
  expect_failures = [var.deploy]
}

run "refuses_a_path_that_the_artifact_does_not_have" {
  command = plan
  variables {
    appspec_path = "appspec.yaml"
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
        configuration    = { FunctionName = "shop-dev-artifact", UserParameters = "{\"task_definition\":\"shop-web\",\"appspec_path\":\"cd/appspec.yml\"}" }
      }
    }
  }
  expect_failures = [aws_codepipeline.this]
}

run "refuses_one_path_for_both_files" {
  command = plan
  variables {
    taskdef_path = "appspec.yml"
  }
  expect_failures = [aws_codepipeline.this]
}

run "refuses_a_long_message" {
  command = plan
  variables {
    approval = { message = format("%01001d", 0) }
  }
  expect_failures = [var.approval]
}

run "refuses_parallel_executions" {
  command = plan
  variables {
    execution_mode = "PARALLEL"
  }
  expect_failures = [var.execution_mode]
}

run "refuses_to_keep_artifacts_for_no_time" {
  command = plan
  variables {
    artifact_retention_in_days = 0
  }
  expect_failures = [var.artifact_retention_in_days]
}

run "refuses_a_key_that_is_gone_at_once" {
  command = plan
  variables {
    kms = { deletion_window_in_days = 1 }
  }
  expect_failures = [var.kms]
}
