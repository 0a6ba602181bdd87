# The pipeline's trigger: EventBridge starts it immediately and at no cost, unlike polling.

locals {
  source_configuration = module.inputs.source_action.s3 != null ? {
    S3Bucket             = try(module.inputs.source_action.s3.bucket, "")
    S3ObjectKey          = try(module.inputs.source_action.s3.key, "")
    PollForSourceChanges = "false"
    } : {
    RepositoryName = try(module.inputs.source_action.ecr.repository_name, "")
    ImageTag       = try(module.inputs.source_action.ecr.image_tag, "")
  }

  source_event = module.inputs.source_action.s3 != null ? jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [try(module.inputs.source_action.s3.bucket, "")] }
      object = { key = [try(module.inputs.source_action.s3.key, "")] }
    }
    }) : jsonencode({
    source      = ["aws.ecr"]
    detail-type = ["ECR Image Action"]
    detail = {
      action-type     = ["PUSH"]
      result          = ["SUCCESS"]
      repository-name = [try(module.inputs.source_action.ecr.repository_name, "")]
      image-tag       = [try(module.inputs.source_action.ecr.image_tag, "")]
    }
  })
}

resource "aws_cloudwatch_event_rule" "source" {
  name          = "${local.name}-source"
  description   = "Starts the pipeline ${local.name} when its source changes"
  event_pattern = local.source_event
  tags          = var.context.all_tags
}

resource "aws_cloudwatch_event_target" "source" {
  rule     = aws_cloudwatch_event_rule.source.name
  arn      = aws_codepipeline.this.arn
  role_arn = aws_iam_role.start.arn
}

# Allows EventBridge to start this pipeline.
resource "aws_iam_role" "start" {
  name                 = "${local.name}-start-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "EventBridge starts the pipeline ${local.name}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "EventBridge"
      Effect    = "Allow"
      Principal = { Service = "events.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnEquals    = { "aws:SourceArn" = "arn:${local.partition}:events:${local.region}:${local.account}:rule/${local.name}-source" }
      }
    }]
  })

  tags = var.context.all_tags
}

resource "aws_iam_role_policy" "start" {
  name = "start-pipeline"
  role = aws_iam_role.start.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "StartPipeline"
      Effect   = "Allow"
      Action   = "codepipeline:StartPipelineExecution"
      Resource = local.arn
    }]
  })
}
