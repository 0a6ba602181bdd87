# The role of the build action starts the project. What the project does with the artifacts, it does in its own role.
resource "aws_iam_role" "build" {
  count = module.inputs.build == null ? 0 : 1

  name                 = "${local.name}-build-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "Build action of the pipeline ${local.name}"
  assume_role_policy   = local.trust_pipeline
  tags                 = var.context.all_tags
}

resource "aws_iam_role_policy" "build" {
  count = module.inputs.build == null ? 0 : 1

  name = "build"
  role = aws_iam_role.build[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "RunBuild"
      Effect   = "Allow"
      Action   = ["codebuild:BatchGetBuilds", "codebuild:StartBuild"]
      Resource = module.inputs.build.project_arn
    }]
  })
}

resource "aws_iam_role_policy" "build_artifacts" {
  count = module.inputs.build == null ? 0 : 1

  name = "artifacts-of-${local.name}"
  role = module.inputs.build.role_name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadInput"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = local.objects[module.inputs.source_action.artifact]
      },
      {
        Sid      = "WriteOutput"
        Effect   = "Allow"
        Action   = "s3:PutObject"
        Resource = local.objects[module.inputs.build.artifact]
      },
      {
        Sid       = "UseArtifactKey"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = aws_kms_key.artifacts.arn
        Condition = local.through_s3
      },
    ]
  })
}
