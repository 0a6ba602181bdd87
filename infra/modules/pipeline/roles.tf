# One role for the pipeline, one for each action. Each action reaches the artifacts that it reads and makes, nothing else.

locals {
  arn = "arn:${local.partition}:codepipeline:${local.region}:${local.account}:${local.name}"

  # CodePipeline makes keys of the first 20 characters of the pipeline's name, the first 10 of the artifact's, and a random end.
  folder = "${aws_s3_bucket.artifacts.arn}/${substr(local.name, 0, 20)}*"
  objects = {
    for artifact in [var.source_action.artifact, local.artifact] : artifact => "${local.folder}/${substr(artifact, 0, 10)}*"
  }
  deploy_inputs = distinct(concat([local.artifact], values(var.deploy.images)))

  through_s3      = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" } }
  deploy_role_arn = var.cross_account != null ? var.cross_account.deploy_role_arn : one(aws_iam_role.deploy[*].arn)

  # Only the pipeline becomes a role of its actions.
  trust_pipeline = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Pipeline"
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.pipeline.arn }
      Action    = "sts:AssumeRole"
    }]
  })
}

# What CodePipeline itself is: it becomes the roles of its actions, looks after the artifact store, and asks for approval.
resource "aws_iam_role" "pipeline" {
  name        = "${local.name}-pipeline"
  description = "CodePipeline runs ${local.name}"

  # IfExists: CodePipeline does not promise to say for which account it asks.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "CodePipeline"
      Effect    = "Allow"
      Principal = { Service = "codepipeline.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEqualsIfExists = { "aws:SourceAccount" = local.account } }
    }]
  })

  tags = var.context.all_tags
}

resource "aws_iam_role_policy" "pipeline" {
  name = "run-pipeline"
  role = aws_iam_role.pipeline.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "BecomeActions"
          Effect   = "Allow"
          Action   = "sts:AssumeRole"
          Resource = [aws_iam_role.source.arn, aws_iam_role.generate.arn, local.deploy_role_arn]
        },
        {
          Sid      = "LookAtArtifactBucket"
          Effect   = "Allow"
          Action   = ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"]
          Resource = aws_s3_bucket.artifacts.arn
        },
        {
          Sid      = "HandArtifactsOver"
          Effect   = "Allow"
          Action   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"]
          Resource = "${local.folder}/*"
        },
        {
          Sid       = "UseArtifactKey"
          Effect    = "Allow"
          Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource  = aws_kms_key.artifacts.arn
          Condition = local.through_s3
        },
      ],
      [for topic_arn in try([var.approval.topic_arn], []) : {
        Sid      = "AskForApproval"
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = topic_arn
      } if topic_arn != null],
    )
  })
}

# What the generate action is. Its session is what the function gets as artifactCredentials, so the artifacts are here and not
# with the function.
resource "aws_iam_role" "generate" {
  name               = "${local.name}-generate"
  description        = "Generate action of the pipeline ${local.name}"
  assume_role_policy = local.trust_pipeline
  tags               = var.context.all_tags
}

resource "aws_iam_role_policy" "generate" {
  name = "generate"
  role = aws_iam_role.generate.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        Sid      = "InvokeFunction"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = nonsensitive(var.generate.function_arn)
      }],
      [for artifact in local.generate.input_artifacts : {
        Sid      = "ReadInput"
        Effect   = "Allow"
        Action   = "s3:GetObject"
        Resource = local.objects[artifact]
      }],
      [
        {
          Sid      = "WriteOutput"
          Effect   = "Allow"
          Action   = "s3:PutObject"
          Resource = local.objects[local.artifact]
        },
        {
          Sid       = "UseArtifactKey"
          Effect    = "Allow"
          Action    = length(local.generate.input_artifacts) > 0 ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:GenerateDataKey"]
          Resource  = aws_kms_key.artifacts.arn
          Condition = local.through_s3
        },
      ],
    )
  })
}
