# The role that the pipeline's deploy action assumes: it reads the artifact, registers the task definition and deploys it.
resource "aws_iam_role" "deploy" {
  name                 = "${local.name}-deploy-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "Deploys ${var.codedeploy.application_name} for the pipeline in the tools account"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Pipeline"
      Effect    = "Allow"
      Principal = { AWS = var.trusted.deploy }
      Action    = "sts:AssumeRole"
    }]
  })

  tags = var.context.all_tags
}

locals {
  task_definitions = [for revision in ["", ":*"] : "arn:${local.partition}:ecs:${local.region}:${local.account}:task-definition/${var.task_definition_family}${revision}"]
  through_s3       = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" } }
  read_objects     = ["s3:GetObject", "s3:GetObjectVersion"]
}

resource "aws_iam_role_policy" "deploy" {
  name = "deploy"
  role = aws_iam_role.deploy.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "DeployGroup"
        Effect   = "Allow"
        Action   = ["codedeploy:CreateDeployment", "codedeploy:GetDeployment"]
        Resource = var.codedeploy.group_arn
      },
      {
        Sid      = "KeepRevisions"
        Effect   = "Allow"
        Action   = ["codedeploy:GetApplication", "codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"]
        Resource = [var.codedeploy.application_arn, "${var.codedeploy.application_arn}/*"]
      },
      {
        Sid      = "ReadConfig"
        Effect   = "Allow"
        Action   = "codedeploy:GetDeploymentConfig"
        Resource = var.codedeploy.config_arn
      },
      {
        # On *: this action is allowed on * in AWS's own policy for CodeDeployToECS. The roles that can be passed limit what a
        # revision can do.
        Sid       = "RegisterTaskDefinition"
        Effect    = "Allow"
        Action    = "ecs:RegisterTaskDefinition"
        Resource  = "*"
        Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
      },
      {
        # For the tags in taskdef.json, and only while it is registered. ECS asks for the family or for the revision.
        Sid       = "TagTaskDefinition"
        Effect    = "Allow"
        Action    = "ecs:TagResource"
        Resource  = local.task_definitions
        Condition = { StringEquals = { "ecs:CreateAction" = "RegisterTaskDefinition" } }
      },
      {
        # To both services, as in AWS's own policy for CodeDeployToECS.
        Sid       = "PassTaskRoles"
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = var.pass_role_arns
        Condition = { StringEquals = { "iam:PassedToService" = ["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"] } }
      },
      {
        Sid      = "ReadArtifacts"
        Effect   = "Allow"
        Action   = local.read_objects
        Resource = "${var.artifact.bucket_arn}/*"
      },
      {
        Sid       = "UseArtifactKey"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = var.artifact.key_arn
        Condition = local.through_s3
      },
    ]
  })
}
