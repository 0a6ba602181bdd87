locals {
  # IfExists, because Lambda does not document that it sends aws:SourceAccount.
  trust_lambda = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Lambda"
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEqualsIfExists = { "aws:SourceAccount" = local.account } }
    }]
  })

  # Every statement, and whether these settings require it.
  statements = [
    {
      needed   = true
      Sid      = "WriteOwnLog"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/lambda/${local.name}:*"
    },
    {
      # This action does not support resource-level permissions.
      needed    = var.codedeploy
      Sid       = "ReportHook"
      Action    = "codedeploy:PutLifecycleEventHookExecutionStatus"
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      # One call describes all alarms, and one alarm that is not allowed would deny it.
      needed    = length(concat(var.alarm_names, local.checks_alarms)) > 0
      Sid       = "LookAtAlarms"
      Action    = "cloudwatch:DescribeAlarms"
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      # Lambda uses this role for the network interfaces of the function; the actions that describe do not support
      # resource-level permissions, and the interfaces have no names before they exist.
      needed    = var.vpc != null
      Sid       = "AttachToNetwork"
      Action    = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      # Lambda uses this role to decrypt the environment variables.
      needed   = var.kms_key_arn != null
      Sid      = "DecryptEnvironment"
      Action   = "kms:Decrypt"
      Resource = coalesce(var.kms_key_arn, "none")
    },
  ]

  # The code of the function runs with this role, too, and does not need the network interfaces.
  denied = var.vpc == null ? [] : [{
    Sid       = "DenyNetworkInCode"
    Effect    = "Deny"
    Action    = ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"]
    Resource  = "*"
    Condition = { ArnEquals = { "lambda:SourceFunctionArn" = local.arn } }
  }]
}

resource "aws_iam_role" "this" {
  name                 = "${local.name}-exec-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "Execution role of the function ${local.name}"
  assume_role_policy   = local.trust_lambda

  tags = var.context.all_tags
}

resource "aws_iam_role_policy" "this" {
  #checkov:skip=CKV_AWS_355:The report of a hook has no resource, cloudwatch:DescribeAlarms describes several alarms at once, and the network interfaces of Lambda have no names before they exist; all are limited to the Region.
  #checkov:skip=CKV_AWS_290:As above; the code of the function is denied the network interfaces.
  name = "deployment-gate"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      for statement in local.statements :
      merge({ Effect = "Allow" }, { for key, value in statement : key => value if key != "needed" }) if statement.needed
    ], local.denied)
  })
}
