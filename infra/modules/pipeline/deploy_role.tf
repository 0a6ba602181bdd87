# The role of the deploy action if the service is in this account; otherwise the action uses the workload account's role.
resource "aws_iam_role" "deploy" {
  count = var.cross_account == null ? 1 : 0

  name                 = "${local.name}-deploy-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "Deploy action of the pipeline ${local.name}"
  assume_role_policy   = local.trust_pipeline
  tags                 = var.context.all_tags
}

resource "aws_iam_role_policy" "deploy" {
  count = var.cross_account == null ? 1 : 0

  name = "deploy"
  role = aws_iam_role.deploy[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "DeployGroup"
        Effect   = "Allow"
        Action   = ["codedeploy:CreateDeployment", "codedeploy:GetDeployment"]
        Resource = module.inputs.deploy.group_arn
      },
      {
        Sid      = "KeepRevisions"
        Effect   = "Allow"
        Action   = ["codedeploy:GetApplication", "codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"]
        Resource = [module.inputs.deploy.application_arn, "${module.inputs.deploy.application_arn}/*"]
      },
      {
        Sid      = "ReadConfig"
        Effect   = "Allow"
        Action   = "codedeploy:GetDeploymentConfig"
        Resource = module.inputs.deploy.config_arn
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
        Resource  = module.inputs.deploy.pass_role_arns
        Condition = { StringEquals = { "iam:PassedToService" = ["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"] } }
      },
      {
        Sid      = "ReadArtifacts"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = [for artifact in local.deploy_inputs : local.objects[artifact]]
      },
      {
        Sid       = "UseArtifactKey"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = aws_kms_key.artifacts.arn
        Condition = local.through_s3
      },
    ]
  })
}

locals {
  task_definitions = [for revision in ["", ":*"] : "arn:${local.partition}:ecs:${local.region}:${local.account}:task-definition/${module.inputs.deploy.task_definition_family}${revision}"]
}
