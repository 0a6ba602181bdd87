data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  name      = "${var.context.prefix}-${var.name}"
  partition = data.aws_partition.current.partition
  # Provider 5.100 has no `region`, and provider 6 deprecates the other attributes with the name of the Region.
  region  = split(".", data.aws_region.current.endpoint)[1]
  account = data.aws_caller_identity.current.account_id

  # Only the configuration can contain a secret; plans should show the rest.
  generate = nonsensitive({ for key, value in var.generate.action : key => value if key != "configuration" })
  request  = try(jsondecode(var.generate.action.configuration["UserParameters"]), {})
  artifact = local.generate.output_artifacts[0]

  # What the generate action can use.
  given_artifacts = concat([module.inputs.source_action.artifact], module.inputs.build[*].artifact)

  # The function and CodeDeployToECS must use the same paths; the default of CodeDeployToECS is appspec.yaml.
  appspec_path = nonsensitive(coalesce(var.appspec_path, try(local.request.appspec_path, null), "appspec.yml"))
  taskdef_path = nonsensitive(coalesce(var.taskdef_path, try(local.request.taskdef_path, null), "taskdef.json"))

  # Image1ArtifactName, Image1ContainerName and so on, in the order of the placeholders.
  images = merge([
    for number, placeholder in sort(keys(module.inputs.deploy.images)) : {
      "Image${number + 1}ArtifactName"  = module.inputs.deploy.images[placeholder]
      "Image${number + 1}ContainerName" = placeholder
    }
  ]...)

  # The README compares the two layouts.
  deploy_actions = concat(module.inputs.approval != null ? ["approve"] : [], ["deploy"])
  stages = concat(
    module.inputs.build != null ? [{ name = "Build", actions = ["build"] }] : [],
    var.generate_stage ? [{ name = "Generate", actions = ["generate"] }] : [],
    [{ name = "Deploy", actions = concat(var.generate_stage ? [] : ["generate"], local.deploy_actions) }],
  )

  actions = {
    build = {
      run_order        = 1
      name             = "build-image"
      category         = "Build"
      owner            = "AWS"
      provider         = "CodeBuild"
      version          = "1"
      namespace        = null
      role_arn         = one(aws_iam_role.build[*].arn)
      input_artifacts  = [module.inputs.source_action.artifact]
      output_artifacts = module.inputs.build[*].artifact
      configuration    = { ProjectName = one(module.inputs.build[*].project_name) }
    }

    generate = merge(local.generate, {
      run_order     = 1
      role_arn      = aws_iam_role.generate.arn
      configuration = var.generate.action.configuration
    })

    approve = {
      run_order        = 2
      name             = "approve"
      category         = "Approval"
      owner            = "AWS"
      provider         = "Manual"
      version          = "1"
      namespace        = null
      role_arn         = null
      input_artifacts  = []
      output_artifacts = []
      configuration = {
        for key, value in {
          CustomData         = try(module.inputs.approval.message, null)
          ExternalEntityLink = try(module.inputs.approval.review_url, null)
          NotificationArn    = try(module.inputs.approval.topic_arn, null)
        } : key => value if value != null
      }
    }

    deploy = {
      run_order        = 3
      name             = "codedeploy-fargate"
      category         = "Deploy"
      owner            = "AWS"
      provider         = "CodeDeployToECS"
      version          = "1"
      namespace        = null
      role_arn         = local.deploy_role_arn
      input_artifacts  = distinct(concat([local.artifact], values(module.inputs.deploy.images)))
      output_artifacts = []
      configuration = merge(local.images, {
        ApplicationName                = module.inputs.deploy.application_name
        DeploymentGroupName            = module.inputs.deploy.group_name
        AppSpecTemplateArtifact        = local.artifact
        AppSpecTemplatePath            = local.appspec_path
        TaskDefinitionTemplateArtifact = local.artifact
        TaskDefinitionTemplatePath     = local.taskdef_path
      })
    }
  }
}

# Type V2 for its execution modes. SUPERSEDED by default: a blue/green deployment can take an hour, and of the revisions that
# arrive in the meantime only the newest should be deployed.
resource "aws_codepipeline" "this" {
  name           = local.name
  role_arn       = aws_iam_role.pipeline.arn
  pipeline_type  = "V2"
  execution_mode = var.execution_mode

  artifact_store {
    type     = "S3"
    location = aws_s3_bucket.artifacts.bucket

    encryption_key {
      type = "KMS"
      # The key ARN, because an alias does not work across accounts.
      id = aws_kms_key.artifacts.arn
    }
  }

  stage {
    name = "Source"

    action {
      name             = "source"
      category         = "Source"
      owner            = "AWS"
      provider         = module.inputs.source_action.s3 != null ? "S3" : "ECR"
      version          = "1"
      role_arn         = aws_iam_role.source.arn
      output_artifacts = [module.inputs.source_action.artifact]
      configuration    = local.source_configuration
    }
  }

  dynamic "stage" {
    for_each = local.stages

    content {
      name = stage.value.name

      dynamic "action" {
        for_each = [for name in stage.value.actions : local.actions[name]]

        content {
          run_order        = action.value.run_order
          name             = action.value.name
          category         = action.value.category
          owner            = action.value.owner
          provider         = action.value.provider
          version          = action.value.version
          namespace        = action.value.namespace
          role_arn         = action.value.role_arn
          input_artifacts  = action.value.input_artifacts
          output_artifacts = action.value.output_artifacts
          configuration    = action.value.configuration
        }
      }
    }
  }

  tags = var.context.all_tags

  # The first execution starts as soon as the pipeline is created, and requires the permissions.
  depends_on = [
    aws_iam_role_policy.pipeline,
    aws_iam_role_policy.source,
    aws_iam_role_policy.build,
    aws_iam_role_policy.build_artifacts,
    aws_iam_role_policy.generate,
    aws_iam_role_policy.deploy,
    aws_s3_bucket_policy.artifacts,
    aws_kms_key_policy.artifacts,
  ]

  lifecycle {
    precondition {
      condition = (
        local.appspec_path == try(local.request.appspec_path, local.appspec_path) &&
        local.taskdef_path == try(local.request.taskdef_path, local.taskdef_path)
      )
      error_message = "appspec_path and taskdef_path (${local.appspec_path}, ${local.taskdef_path}) differ from the paths in the generate action's request. Remove them from this module."
    }

    precondition {
      condition     = local.appspec_path != local.taskdef_path
      error_message = "appspec_path and taskdef_path must differ; both are \"${local.appspec_path}\"."
    }
  }
}
