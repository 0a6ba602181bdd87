# The role of the source action: reads the source and writes the source artifact.
resource "aws_iam_role" "source" {
  name                 = "${local.name}-source-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "Source action of the pipeline ${local.name}"
  assume_role_policy   = local.trust_pipeline
  tags                 = var.context.all_tags
}

resource "aws_iam_role_policy" "source" {
  name = "source"
  role = aws_iam_role.source.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "WriteOutput"
          Effect   = "Allow"
          Action   = "s3:PutObject"
          Resource = local.objects[module.inputs.source_action.artifact]
        },
        {
          Sid       = "UseArtifactKey"
          Effect    = "Allow"
          Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource  = aws_kms_key.artifacts.arn
          Condition = local.through_s3
        },
      ],
      flatten([for it in module.inputs.source_action.s3[*] : [
        {
          Sid      = "LookAtSourceBucket"
          Effect   = "Allow"
          Action   = ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning", "s3:ListBucket"]
          Resource = "arn:${local.partition}:s3:::${it.bucket}"
        },
        {
          Sid      = "ReadSource"
          Effect   = "Allow"
          Action   = ["s3:GetObject", "s3:GetObjectTagging", "s3:GetObjectVersion", "s3:GetObjectVersionTagging"]
          Resource = "arn:${local.partition}:s3:::${it.bucket}/${it.key}"
        },
      ]]),
      [for it in module.inputs.source_action.s3[*] : {
        Sid       = "UseSourceKey"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = it.kms_key_arn
        Condition = local.through_s3
      } if it.kms_key_arn != null],
      [for it in module.inputs.source_action.ecr[*] : {
        Sid      = "LookAtImage"
        Effect   = "Allow"
        Action   = "ecr:DescribeImages"
        Resource = "arn:${local.partition}:ecr:${local.region}:${local.account}:repository/${it.repository_name}"
      }],
    )
  })
}
