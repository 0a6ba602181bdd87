data "aws_partition" "this" {}
data "aws_region" "this" {}
data "aws_caller_identity" "this" {}

locals {
  partition = data.aws_partition.this.partition
  # Provider 5.100 has no `region`, and provider 6 deprecates the other attributes with the name of the Region.
  region     = split(".", data.aws_region.this.endpoint)[1]
  account_id = data.aws_caller_identity.this.account_id

  ecs_prefix = "arn:${local.partition}:ecs:${local.region}:${local.account_id}"
  service    = "${var.ecs_service.cluster_name}/${var.ecs_service.service_name}"
  listeners  = concat(module.inputs.load_balancer.target_group_pair.prod_route, module.inputs.load_balancer.target_group_pair.test_route)
}

# The service role. The AWS managed policies for CodeDeploy allow access to every service, listener, function, topic and object
# in the account; this role allows the same actions on the resources of this deployment group only.
resource "aws_iam_role" "this" {
  name_prefix          = "${substr("${var.context.prefix}-${var.group_name}", 0, 26)}-deploy-"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "CodeDeploy service role for the deployment group ${local.application_name}/${local.group_name}"
  tags                 = var.context.all_tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "OnlyThisDeploymentGroup"
      Effect    = "Allow"
      Principal = { Service = "codedeploy.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account_id }
        ArnEquals    = { "aws:SourceArn" = "arn:${local.partition}:codedeploy:${local.region}:${local.account_id}:deploymentgroup:${local.application_name}/${local.group_name}" }
      }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "deploy"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "ShiftTheService"
          Effect   = "Allow"
          Action   = ["ecs:DescribeServices", "ecs:UpdateServicePrimaryTaskSet"]
          Resource = "${local.ecs_prefix}:service/${local.service}"
        },
        {
          Sid      = "RemoveItsTaskSets"
          Effect   = "Allow"
          Action   = "ecs:DeleteTaskSet"
          Resource = "${local.ecs_prefix}:task-set/${local.service}/*"
        },
        {
          # The three load balancer actions do not support resource-level permissions. CreateTaskSet does according to the
          # service authorization reference, but AWS's own policies for CodeDeploy use *. Alarms could be listed, but then
          # composite alarms, and alarms that override those of the group for one deployment, could not be read.
          Sid    = "CreateTaskSetsAndLook"
          Effect = "Allow"
          Action = [
            "ecs:CreateTaskSet",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeRules",
            "cloudwatch:DescribeAlarms",
          ]
          Resource  = "*"
          Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
        },
        {
          Sid      = "ShiftTheListeners"
          Effect   = "Allow"
          Action   = "elasticloadbalancing:ModifyListener"
          Resource = local.listeners
        },
        {
          Sid      = "ShiftTheirRules"
          Effect   = "Allow"
          Action   = "elasticloadbalancing:ModifyRule"
          Resource = [for arn in local.listeners : "${replace(arn, ":listener/", ":listener-rule/")}/*"]
        },
        {
          Sid       = "HandTaskRolesToEcs"
          Effect    = "Allow"
          Action    = "iam:PassRole"
          Resource  = var.pass_role_arns
          Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
        },
      ],
      [for arns in [var.hook_function_arns] : {
        Sid      = "CallHooks"
        Effect   = "Allow"
        Action   = "lambda:InvokeFunction"
        Resource = concat(arns, [for arn in arns : "${arn}:*"])
      } if length(arns) > 0],
      [for notifications in module.inputs.notifications[*] : {
        Sid      = "Notify"
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = notifications.topic_arn
      }],
      [for bucket in module.inputs.revision_bucket[*] : {
        Sid      = "ReadRevisions"
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion"]
        Resource = "arn:${local.partition}:s3:::${bucket.name}/${bucket.prefix}*"
      }],
      [for bucket in module.inputs.revision_bucket[*] : {
        Sid       = "DecryptRevisions"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = bucket.key_arn
        Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.this.dns_suffix}" } }
      } if bucket.key_arn != null],
    )
  })
}
