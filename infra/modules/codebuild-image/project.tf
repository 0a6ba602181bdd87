data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  name      = "${var.context.prefix}-${var.name}"
  partition = data.aws_partition.current.partition
  # Provider 5.100 has no `region`, and provider 6 deprecates the other attributes with the name of the Region.
  region  = split(".", data.aws_region.current.endpoint)[1]
  account = data.aws_caller_identity.current.account_id

  repository = {
    region  = split(":", var.repository_arn)[3]
    account = split(":", var.repository_arn)[4]
    name    = split("repository/", var.repository_arn)[1]
  }
  repository_uri = "${local.repository.account}.dkr.ecr.${local.repository.region}.${data.aws_partition.current.dns_suffix}/${local.repository.name}"

  # Docker takes the value of an argument without one from the environment, so that no value has to be quoted.
  environment = merge({ REPOSITORY = local.repository_uri }, var.build_args)
  buildspec = templatefile("${path.module}/buildspec.yml.tftpl", {
    region        = local.repository.region
    dockerfile    = var.dockerfile
    build_context = var.build_context
    build_args    = join("", [for name in keys(var.build_args) : " --build-arg ${name}"])
  })
}

# Builds the image in the source artifact of a pipeline, pushes it, and writes imageDetail.json.
resource "aws_codebuild_project" "this" {
  #checkov:skip=CKV_AWS_316:Docker, which builds the image, requires privileged mode; the project does nothing else
  name           = local.name
  description    = "Builds and pushes ${local.repository_uri}"
  service_role   = aws_iam_role.this.arn
  build_timeout  = var.timeout_in_minutes
  encryption_key = var.artifact_key_arn
  tags           = var.context.all_tags

  source {
    type      = "CODEPIPELINE"
    buildspec = local.buildspec
  }

  artifacts {
    type = "CODEPIPELINE"
  }

  environment {
    type            = var.architecture == "arm64" ? "ARM_CONTAINER" : "LINUX_CONTAINER"
    image           = var.architecture == "arm64" ? "aws/codebuild/amazonlinux-aarch64-standard:3.0" : "aws/codebuild/amazonlinux-x86_64-standard:5.0"
    compute_type    = var.compute_type
    privileged_mode = true

    dynamic "environment_variable" {
      for_each = local.environment

      content {
        name  = environment_variable.key
        value = environment_variable.value
      }
    }
  }

  logs_config {
    cloudwatch_logs {
      group_name = aws_cloudwatch_log_group.this.name
    }
  }
}

resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs always encrypts log data; log_kms_key_arn sets a customer managed key.
  name              = "/aws/codebuild/${local.name}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.log_kms_key_arn
  tags              = var.context.all_tags
}
