resource "aws_iam_role_policy" "deploy" {
  name = "deploy"
  role = aws_iam_role.deploy.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "DeployGroup"
          Effect   = "Allow"
          Action   = concat(["codedeploy:CreateDeployment"], module.inputs.allow.alarms ? ["codedeploy:UpdateDeploymentGroup"] : [])
          Resource = var.codedeploy.group_arn
        },
        {
          Sid      = "KeepRevisions"
          Effect   = "Allow"
          Action   = ["codedeploy:GetApplicationRevision", "codedeploy:RegisterApplicationRevision"]
          Resource = var.codedeploy.application_arn
        },
        {
          Sid      = "ReadConfigs"
          Effect   = "Allow"
          Action   = "codedeploy:GetDeploymentConfig"
          Resource = local.config_arns
        },
        {
          # This action does not support resource-level permissions: it can end a wait of any deployment in the Region.
          Sid       = "ContinueDeployment"
          Effect    = "Allow"
          Action    = "codedeploy:ContinueDeployment"
          Resource  = "*"
          Condition = local.in_this_region
        },
      ],
      [for statement in [
        {
          # On *: this action is allowed on * in AWS's own policy for CodeDeployToECS. The roles that can be passed limit what
          # a revision can do.
          Sid       = "RegisterTaskDefinition"
          Effect    = "Allow"
          Action    = "ecs:RegisterTaskDefinition"
          Resource  = "*"
          Condition = local.in_this_region
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
          Sid       = "PassTaskRoles"
          Effect    = "Allow"
          Action    = "iam:PassRole"
          Resource  = var.pass_role_arns
          Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
        },
      ] : statement if length(var.pass_role_arns) > 0],
      [for it in module.inputs.revisions[*] : {
        # CodeDeploy reads the revision with the permissions of the caller of CreateDeployment.
        Sid      = "KeepAppSpecs"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"]
        Resource = "${it.bucket_arn}/${it.prefix}*"
      }],
      [for it in module.inputs.revisions[*] : {
        Sid       = "UseRevisionKey"
        Effect    = "Allow"
        Action    = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource  = it.key_arn
        Condition = local.through_s3
      } if it.key_arn != null],
      [for arn in ["arn:${local.partition}:application-autoscaling:${local.region}:${local.account}:scalable-target/*"] : {
        # The IDs of scalable targets are not known in advance, so this includes those of other ECS services.
        Sid       = "SuspendScaling"
        Effect    = "Allow"
        Action    = "application-autoscaling:RegisterScalableTarget"
        Resource  = arn
        Condition = { StringEquals = { "application-autoscaling:service-namespace" = "ecs" } }
      } if module.inputs.allow.suspend_scaling],
      [for arn in [local.service_arn] : {
        Sid      = "RotateService"
        Effect   = "Allow"
        Action   = "ecs:UpdateService"
        Resource = arn
      } if module.inputs.allow.rotate],
    )
  })
}
