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

# Each run is a row of a table: a wrong value for every variable with wrong values left, whose rules do not depend on others in the
# row. Terraform names the variables whose wrong value it accepts.
run "refuses_1" {
  command = plan
  variables {
    # a name that is too long for a role
    name = "a-name-that-leaves-no-room-for-what-its-roles-do"
    # parallel executions
    execution_mode = "PARALLEL"
    # keep artifacts for 0 days
    artifact_retention_in_days = 0
  }
  expect_failures = [var.name, var.execution_mode, var.artifact_retention_in_days]
}

run "refuses_1_of_the_objects" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # two sources
    source_action = { s3 = { bucket = "b", key = "k" }, ecr = { repository_name = "r" } }
    # a long message
    approval = { message = format("%01001d", 0) }
    # a key without a deletion window
    kms = { deletion_window_in_days = 1 }
  }
  expect_failures = [var.source_action, var.approval, var.kms]
}

run "refuses_2" {
  command = plan
  variables {
    # capitals in the name
    name = "Web"
  }
  expect_failures = [var.name]
}

run "refuses_2_of_the_objects" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # no source
    source_action = {}
  }
  expect_failures = [var.source_action]
}

run "refuses_3" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # a source artifact with a dot
    source_action = { artifact = "source.zip", s3 = { bucket = "b", key = "k" } }
  }
  expect_failures = [var.source_action]
}

run "refuses_4" {
  command = plan
  variables {
    # an input that no action makes
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

run "refuses_4_of_the_objects" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # five images
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

run "refuses_5" {
  command = plan
  variables {
    # an output that is the source
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

run "refuses_5_of_the_objects" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # a placeholder in brackets
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

run "refuses_6" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # an image of an unknown artifact
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

run "refuses_7" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # a revision for the family
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

run "refuses_8" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # pass no role
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

run "refuses_9" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # pass any role
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

run "refuses_10" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # pass roles by a single wildcard
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
