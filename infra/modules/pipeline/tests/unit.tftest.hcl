mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

override_resource {
  target          = aws_iam_role.pipeline
  values          = { arn = "arn:aws:iam::111111111111:role/shop-dev-web-pipeline" }
  override_during = plan
}

override_resource {
  target          = aws_iam_role.source
  values          = { arn = "arn:aws:iam::111111111111:role/shop-dev-web-source" }
  override_during = plan
}

override_resource {
  target          = aws_iam_role.generate
  values          = { arn = "arn:aws:iam::111111111111:role/shop-dev-web-generate" }
  override_during = plan
}

override_resource {
  target          = aws_iam_role.deploy
  values          = { arn = "arn:aws:iam::111111111111:role/shop-dev-web-deploy" }
  override_during = plan
}

override_resource {
  target          = aws_s3_bucket.artifacts
  values          = { arn = "arn:aws:s3:::shop-dev-web-1", bucket = "shop-dev-web-1", id = "shop-dev-web-1" }
  override_during = plan
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
    pass_role_arns         = ["arn:aws:iam::111111111111:role/shop-dev-task", "arn:aws:iam::111111111111:role/shop-dev-exec"]
  }
}

run "generate_and_deploy_are_one_stage" {
  command = plan

  assert {
    condition     = [for action in aws_codepipeline.this.stage[1].action : action.name] == ["generate-codedeploy-artifact", "codedeploy-fargate"]
    error_message = "The generated artifact must be deployed next, in the same stage."
  }

  assert {
    condition = aws_codepipeline.this.stage[1].action[1].configuration == tomap({
      ApplicationName                = "shop-dev-web"
      DeploymentGroupName            = "shop-dev-web-canary"
      AppSpecTemplateArtifact        = "codedeploy_artifact"
      AppSpecTemplatePath            = "appspec.yml"
      TaskDefinitionTemplateArtifact = "codedeploy_artifact"
      TaskDefinitionTemplatePath     = "taskdef.json"
    })
    error_message = "Every path is set: CodeDeployToECS would look for appspec.yaml."
  }

  assert {
    condition = [for action in aws_codepipeline.this.stage[1].action : action.role_arn] == [
      "arn:aws:iam::111111111111:role/shop-dev-web-generate",
      "arn:aws:iam::111111111111:role/shop-dev-web-deploy",
    ] && aws_codepipeline.this.stage[0].action[0].role_arn == "arn:aws:iam::111111111111:role/shop-dev-web-source"
    error_message = "Each action has a role of its own."
  }

  assert {
    condition     = aws_codepipeline.this.pipeline_type == "V2" && aws_codepipeline.this.execution_mode == "SUPERSEDED"
    error_message = "Type and mode of the pipeline."
  }

  assert {
    condition     = one(one(aws_codepipeline.this.artifact_store).encryption_key).id == aws_kms_key.artifacts.arn
    error_message = "Artifacts are encrypted with the pipeline's own key, by its ARN."
  }

  assert {
    condition     = aws_codepipeline.this.stage[0].action[0].configuration["PollForSourceChanges"] == "false" && jsondecode(aws_cloudwatch_event_rule.source.event_pattern).detail.object.key == ["release/web.zip"]
    error_message = "EventBridge starts the pipeline, not polling."
  }
}

run "roles_reach_what_their_action_needs" {
  command = plan

  assert {
    condition = jsondecode(aws_iam_role.pipeline.assume_role_policy).Statement[0].Principal == { Service = "codepipeline.amazonaws.com" } && alltrue([
      for trust in [aws_iam_role.source.assume_role_policy, aws_iam_role.generate.assume_role_policy, aws_iam_role.deploy[0].assume_role_policy] :
      [for statement in jsondecode(trust).Statement : statement.Principal.AWS] == ["arn:aws:iam::111111111111:role/shop-dev-web-pipeline"]
    ])
    error_message = "CodePipeline must assume the pipeline's role, and only that role may assume the roles of the actions."
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.generate.policy).Statement : statement.Sid => statement.Resource } == {
      InvokeFunction = "arn:aws:lambda:eu-west-1:111111111111:function:shop-dev-artifact"
      WriteOutput    = "arn:aws:s3:::shop-dev-web-1/shop-dev-web*/codedeploy*"
      UseArtifactKey = aws_kms_key.artifacts.arn
    }
    error_message = "The session of the function must only write the output artifact."
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.deploy[0].policy).Statement : statement.Sid => statement.Resource if !contains(["ReadArtifacts", "UseArtifactKey"], statement.Sid) } == {
      DeployGroup            = var.deploy.group_arn
      KeepRevisions          = [var.deploy.application_arn, "${var.deploy.application_arn}/*"]
      ReadConfig             = var.deploy.config_arn
      RegisterTaskDefinition = "*"
      TagTaskDefinition      = ["arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-dev-web", "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-dev-web:*"]
      PassTaskRoles          = ["arn:aws:iam::111111111111:role/shop-dev-task", "arn:aws:iam::111111111111:role/shop-dev-exec"]
    }
    error_message = "One group, one application, two roles; registering takes no ARN."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.deploy[0].policy).Statement : statement.Condition.StringEquals["iam:PassedToService"] if statement.Sid == "PassTaskRoles"] == [["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"]]
    error_message = "Roles are passed to ECS only."
  }

  assert {
    condition = alltrue(flatten([
      for policy in [aws_iam_role_policy.pipeline.policy, aws_iam_role_policy.source.policy, aws_iam_role_policy.generate.policy, aws_iam_role_policy.deploy[0].policy, aws_iam_role_policy.start.policy] : [
        for statement in jsondecode(policy).Statement :
        statement.Effect == "Allow" && (!contains(flatten([statement.Resource]), "*") || statement.Sid == "RegisterTaskDefinition") && alltrue([for action in flatten([statement.Action]) : !strcontains(action, "*")])
      ]
    ]))
    error_message = "No action may be a wildcard, and no resource unless AWS requires it."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.pipeline.policy).Statement[0].Resource == ["arn:aws:iam::111111111111:role/shop-dev-web-source", "arn:aws:iam::111111111111:role/shop-dev-web-generate", "arn:aws:iam::111111111111:role/shop-dev-web-deploy"]
    error_message = "The pipeline must only assume the roles of its own actions."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.start.policy).Statement[0].Resource == "arn:aws:codepipeline:eu-west-1:111111111111:shop-dev-web"
    error_message = "EventBridge must be allowed to start this pipeline only."
  }
}

run "the_artifact_store_is_closed" {
  command = plan

  assert {
    condition = { for statement in jsondecode(aws_s3_bucket_policy.artifacts.policy).Statement : statement.Sid => statement.Condition } == {
      DenyPlainHttp         = { Bool = { "aws:SecureTransport" = "false" } }
      DenyUploadsWithoutKms = { StringNotEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" } }
      DenyOtherKeys = {
        Null            = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
        StringNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key.artifacts.arn }
      }
    }
    error_message = "No plain HTTP, no upload without KMS, no other key."
  }

  assert {
    condition     = [for statement in jsondecode(aws_kms_key_policy.artifacts.policy).Statement : statement.Principal.AWS] == ["arn:aws:iam::111111111111:root"]
    error_message = "The key is for this account."
  }

  assert {
    condition     = aws_s3_bucket.artifacts.force_destroy == false && aws_kms_key.artifacts.enable_key_rotation && aws_s3_bucket_versioning.artifacts.versioning_configuration[0].status == "Enabled"
    error_message = "Artifacts must be protected from deletion, with key rotation and a versioned bucket."
  }
}

run "an_image_of_ecr_is_filled_in" {
  command = plan

  variables {
    name          = "a-name-of-more-than-20-characters"
    source_action = { ecr = { repository_name = "shop/web" } }
    approval      = { message = "Look at the artifact", topic_arn = "arn:aws:sns:eu-west-1:111111111111:approvals" }
    generate = {
      function_arn = "arn:aws:lambda:eu-west-1:111111111111:function:shop-dev-artifact"
      action = {
        name             = "generate-codedeploy-artifact"
        category         = "Invoke"
        owner            = "AWS"
        provider         = "Lambda"
        version          = "1"
        namespace        = "codedeploy_artifact"
        input_artifacts  = ["source_artifact"]
        output_artifacts = ["codedeploy_artifact"]
        configuration    = { FunctionName = "shop-dev-artifact", UserParameters = "{\"task_definition\":\"shop-web\",\"appspec_path\":\"cd/appspec.json\"}" }
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
      images                 = { IMAGE2_NAME = "source_artifact", IMAGE1_NAME = "source_artifact" }
    }
  }

  assert {
    condition = { for key, value in aws_codepipeline.this.stage[1].action[2].configuration : key => value if startswith(key, "Image") || key == "AppSpecTemplatePath" } == {
      Image1ArtifactName  = "source_artifact"
      Image1ContainerName = "IMAGE1_NAME"
      Image2ArtifactName  = "source_artifact"
      Image2ContainerName = "IMAGE2_NAME"
      AppSpecTemplatePath = "cd/appspec.json"
    }
    error_message = "Images must be in the order of their placeholders, and paths as in the request."
  }

  assert {
    condition     = aws_codepipeline.this.stage[1].action[2].input_artifacts == tolist(["codedeploy_artifact", "source_artifact"]) && aws_codepipeline.this.stage[1].action[0].input_artifacts == tolist(["source_artifact"])
    error_message = "Both actions get the artifact of the source."
  }

  assert {
    condition     = [for action in aws_codepipeline.this.stage[1].action : "${action.run_order} ${action.provider}"] == ["1 Lambda", "2 Manual", "3 CodeDeployToECS"]
    error_message = "The approval must be between them."
  }

  assert {
    condition     = aws_codepipeline.this.stage[1].action[1].configuration == tomap({ CustomData = "Look at the artifact", NotificationArn = "arn:aws:sns:eu-west-1:111111111111:approvals" })
    error_message = "Unset members must not be sent."
  }

  assert {
    condition     = contains([for statement in jsondecode(aws_iam_role_policy.pipeline.policy).Statement : statement.Resource if statement.Sid == "AskForApproval"], "arn:aws:sns:eu-west-1:111111111111:approvals")
    error_message = "The pipeline must be allowed to notify approvers."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.generate.policy).Statement : statement.Resource if statement.Sid == "ReadInput"] == ["arn:aws:s3:::shop-dev-web-1/shop-dev-a-name-of-m*/source_art*"]
    error_message = "CodePipeline cuts names to 20 and 10 characters."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.source.policy).Statement : statement.Resource if statement.Sid == "LookAtImage"] == ["arn:aws:ecr:eu-west-1:111111111111:repository/shop/web"] && jsondecode(aws_cloudwatch_event_rule.source.event_pattern).detail.image-tag == ["latest"]
    error_message = "A push of the tag must start the pipeline, which reads that repository only."
  }
}

run "generate_can_have_a_stage_of_its_own" {
  command = plan

  variables {
    generate_stage = true
    approval       = { message = "Look at the artifact" }
  }

  assert {
    condition = [for stage in aws_codepipeline.this.stage : "${stage.name}: ${join(", ", stage.action[*].provider)}"] == [
      "Source: S3",
      "Generate: Lambda",
      "Deploy: Manual, CodeDeployToECS",
    ]
    error_message = "A rollback of Deploy must not generate again."
  }

  assert {
    condition     = aws_codepipeline.this.stage[2].action[1].input_artifacts == aws_codepipeline.this.stage[1].action[0].output_artifacts
    error_message = "The artifact passes from one stage to the next."
  }
}

run "a_service_in_another_account" {
  command = plan

  variables {
    cross_account = {
      deploy_role_arn          = "arn:aws:iam::222222222222:role/shop-prod-deploy"
      bucket_policy_statements = ["{\"Sid\":\"ReadFromProd\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::222222222222:role/shop-prod-deploy\"},\"Action\":[\"s3:GetObject\"],\"Resource\":\"arn:aws:s3:::shop-dev-web-1/*\"}"]
      key_policy_statements    = ["{\"Sid\":\"DecryptFromProd\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::222222222222:role/shop-prod-deploy\"},\"Action\":\"kms:Decrypt\",\"Resource\":\"*\"}"]
    }
  }

  assert {
    condition     = length(aws_iam_role.deploy) == 0 && aws_codepipeline.this.stage[1].action[1].role_arn == "arn:aws:iam::222222222222:role/shop-prod-deploy"
    error_message = "The deploy action must run as the role of the other account."
  }

  assert {
    condition     = contains(jsondecode(aws_iam_role_policy.pipeline.policy).Statement[0].Resource, "arn:aws:iam::222222222222:role/shop-prod-deploy")
    error_message = "The pipeline must be allowed to assume that role."
  }

  assert {
    condition     = jsondecode(aws_s3_bucket_policy.artifacts.policy).Statement[3].Sid == "ReadFromProd" && jsondecode(aws_kms_key_policy.artifacts.policy).Statement[1].Sid == "DecryptFromProd"
    error_message = "Bucket and key must allow that role."
  }
}
