resource "aws_iam_role_policy" "read" {
  name = "read"
  role = aws_iam_role.read.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid    = "ReadGroup"
          Effect = "Allow"
          Action = [
            "codedeploy:BatchGetDeployments",
            "codedeploy:GetDeployment",
            "codedeploy:GetDeploymentGroup",
            "codedeploy:ListDeployments",
          ]
          Resource = var.codedeploy.group_arn
        },
        {
          Sid      = "ReadApplication"
          Effect   = "Allow"
          Action   = ["codedeploy:GetApplication", "codedeploy:GetApplicationRevision"]
          Resource = var.codedeploy.application_arn
        },
        {
          Sid      = "ReadConfigs"
          Effect   = "Allow"
          Action   = "codedeploy:GetDeploymentConfig"
          Resource = local.config_arns
        },
        {
          Sid      = "DescribeService"
          Effect   = "Allow"
          Action   = "ecs:DescribeServices"
          Resource = local.service_arn
        },
        {
          Sid      = "DescribeTasks"
          Effect   = "Allow"
          Action   = "ecs:DescribeTasks"
          Resource = "arn:${local.partition}:ecs:${local.region}:${local.account}:task/${var.service.cluster_name}/*"
        },
        {
          # This action supports resource-level permissions only for container instances, which Fargate does not have.
          Sid       = "ListTasks"
          Effect    = "Allow"
          Action    = "ecs:ListTasks"
          Resource  = "*"
          Condition = { ArnEquals = { "ecs:cluster" = local.cluster_arn } }
        },
        {
          # Most of these actions do not support resource-level permissions, and reading composite alarms requires *.
          Sid    = "ReadProgress"
          Effect = "Allow"
          Action = [
            "cloudwatch:DescribeAlarms",
            "codedeploy:BatchGetDeploymentTargets",
            "codedeploy:ListDeploymentTargets",
            "ecs:DescribeTaskDefinition",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
          ]
          Resource  = "*"
          Condition = local.in_this_region
        },
      ],
      [for actions in [["codedeploy:BatchGetDeploymentGroups", "codedeploy:ListApplications", "codedeploy:ListDeploymentGroups"]] : {
        # The search covers every deployment group in the account.
        Sid       = "SearchGroups"
        Effect    = "Allow"
        Action    = actions
        Resource  = "*"
        Condition = local.in_this_region
      } if module.inputs.allow.search],
      [for arns in [module.inputs.evidence.log_group_arns] : {
        Sid      = "ReadLogs"
        Effect   = "Allow"
        Action   = ["logs:FilterLogEvents", "logs:GetLogEvents"]
        Resource = flatten([for arn in arns : [arn, "${arn}:*"]])
      } if length(arns) > 0],
      [for arns in [module.inputs.evidence.function_arns] : {
        Sid      = "ReadFunctions"
        Effect   = "Allow"
        Action   = "lambda:GetFunctionConfiguration"
        Resource = arns
      } if length(arns) > 0],
      [for arns in [module.inputs.evidence.repository_arns] : {
        Sid      = "ReadImages"
        Effect   = "Allow"
        Action   = "ecr:DescribeImages"
        Resource = arns
      } if length(arns) > 0],
      [for arns in [var.notification_topic_arns] : {
        Sid      = "Notify"
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = arns
      } if length(arns) > 0],
      [for actions in ["application-autoscaling:DescribeScalableTargets"] : {
        # For `deploy --suspend-scaling`. This action does not support resource-level permissions.
        Sid       = "ReadScaling"
        Effect    = "Allow"
        Action    = actions
        Resource  = "*"
        Condition = local.in_this_region
      } if module.inputs.allow.suspend_scaling],
      [for it in module.inputs.revisions[*] : {
        Sid      = "ReadRevisions"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = "${it.bucket_arn}/${it.prefix}*"
      }],
      [for it in module.inputs.revisions[*] : {
        Sid       = "UseRevisionKey"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = it.key_arn
        Condition = local.through_s3
      } if it.key_arn != null],
      [for it in module.inputs.oidc[*] : {
        Sid      = "BecomeOthers"
        Effect   = "Allow"
        Action   = "sts:AssumeRole"
        Resource = [aws_iam_role.deploy.arn, aws_iam_role.stop.arn]
      }],
    )
  })
}
