# The build stage.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context       = { prefix = "shop-dev", all_tags = { app_id = "shop" } }
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
      input_artifacts  = ["build_artifact"]
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
    pass_role_arns         = ["arn:aws:iam::111111111111:role/shop-dev-task", "arn:aws:iam::111111111111:role/shop-dev-exec"]
  }
  build = {
    project_name = "shop-dev-image"
    project_arn  = "arn:aws:codebuild:eu-west-1:111111111111:project/shop-dev-image"
    role_name    = "shop-dev-image-eu-west-1"
  }
}

run "the_build_is_between_source_and_deploy" {
  command = apply

  assert {
    condition     = join(" ", aws_codepipeline.this.stage[*].name) == "Source Build Deploy"
    error_message = "found ${join(", ", aws_codepipeline.this.stage[*].name)}"
  }

  assert {
    condition = (
      aws_codepipeline.this.stage[1].action[0].provider == "CodeBuild" &&
      aws_codepipeline.this.stage[1].action[0].input_artifacts == tolist(["source_artifact"]) &&
      aws_codepipeline.this.stage[1].action[0].output_artifacts == tolist(["build_artifact"]) &&
      aws_codepipeline.this.stage[1].action[0].configuration == tomap({ ProjectName = "shop-dev-image" }) &&
      aws_codepipeline.this.stage[1].action[0].role_arn == aws_iam_role.build[0].arn
    )
    error_message = "The build action must build the source in the project, with a role of its own."
  }

  assert {
    condition     = aws_codepipeline.this.stage[2].action[0].input_artifacts == tolist(["build_artifact"])
    error_message = "The generate action must use the artifact of the build."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.build[0].policy).Statement[0].Resource == var.build.project_arn
    error_message = aws_iam_role_policy.build[0].policy
  }

  assert {
    condition = aws_iam_role_policy.build_artifacts[0].role == "shop-dev-image-eu-west-1" && [
      for statement in jsondecode(aws_iam_role_policy.build_artifacts[0].policy).Statement : reverse(split("/", statement.Resource))[0]
      if startswith(statement.Sid, "Read") || startswith(statement.Sid, "Write")
    ] == ["source_art*", "build_arti*"]
    error_message = aws_iam_role_policy.build_artifacts[0].policy
  }
}

run "it_comes_before_a_stage_of_generate" {
  command = apply
  variables {
    generate_stage = true
  }

  assert {
    condition     = join(" ", aws_codepipeline.this.stage[*].name) == "Source Build Generate Deploy"
    error_message = "found ${join(", ", aws_codepipeline.this.stage[*].name)}"
  }
}

run "its_image_can_be_filled_in_by_the_deploy_action" {
  command = plan

  module {
    source = "./inputs"
  }

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

  assert {
    condition     = var.deploy.images == tomap({ IMAGE1_NAME = "build_artifact" })
    error_message = "An image of the build must be accepted."
  }
}

run "refuses_the_name_of_the_source" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    build = { project_name = "p", project_arn = "a", role_name = "r", artifact = "source_artifact" }
  }
  expect_failures = [var.build]
}

run "refuses_an_output_of_generate_that_is_the_build" {
  command = plan
  variables {
    build = { project_name = "p", project_arn = "arn:aws:codebuild:eu-west-1:111111111111:project/p", role_name = "r", artifact = "codedeploy_artifact" }
  }
  expect_failures = [var.generate]
}

run "refuses_a_misspelt_key" {
  command = plan
  variables {
    build = { project_name = "p", project_arn = "arn:aws:codebuild:eu-west-1:111111111111:project/p", role_name = "r", artefact = "image" }
  }
  expect_failures = [output.name]
}
