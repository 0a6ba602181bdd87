# One role for the pipeline and one for each action. Each action can access only its input and output artifacts.

locals {
  arn = "arn:${local.partition}:codepipeline:${local.region}:${local.account}:${local.name}"

  # Object keys consist of the first 20 characters of the pipeline name, the first 10 of the artifact name, and a random part.
  folder = "${aws_s3_bucket.artifacts.arn}/${substr(local.name, 0, 20)}*"
  objects = {
    for artifact in concat(local.given_artifacts, [local.artifact]) : artifact => "${local.folder}/${substr(artifact, 0, 10)}*"
  }
  deploy_inputs = distinct(concat([local.artifact], values(module.inputs.deploy.images)))

  through_s3      = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" } }
  deploy_role_arn = var.cross_account != null ? var.cross_account.deploy_role_arn : one(aws_iam_role.deploy[*].arn)

  # Only the pipeline can assume the roles of its actions.
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

# The pipeline's role: assumes the action roles, accesses the artifact bucket and requests approvals.
resource "aws_iam_role" "pipeline" {
  name                 = "${local.name}-pipeline-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "CodePipeline runs ${local.name}"

  # IfExists, because CodePipeline does not document that it sends aws:SourceAccount.
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
          Resource = concat([aws_iam_role.source.arn], aws_iam_role.build[*].arn, [aws_iam_role.generate.arn, local.deploy_role_arn])
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
      [for topic_arn in try([module.inputs.approval.topic_arn], []) : {
        Sid      = "AskForApproval"
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = topic_arn
      } if topic_arn != null],
    )
  })
}

# The role of the generate action. The function receives a session of this role as artifactCredentials, so artifact access is
# granted here, not to the function.
resource "aws_iam_role" "generate" {
  name                 = "${local.name}-generate-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "Generate action of the pipeline ${local.name}"
  assume_role_policy   = local.trust_pipeline
  tags                 = var.context.all_tags
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
