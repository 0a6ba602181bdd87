# The task role: the application's own permissions, and those that enable_execute_command and volumes require.
resource "aws_iam_role" "task" {
  name                 = "${local.name}-task-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  tags                 = var.context.all_tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TasksOfThisAccount"
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = local.account }
        ArnLike      = { "aws:SourceArn" = "${local.ecs_arn}:*" }
      }
    }]
  })
}

# task_role_policy can be unknown during planning, so this policy always exists. Its fixed statement allows an action that
# needs no permission.
resource "aws_iam_role_policy" "task" {
  name = "application"
  role = aws_iam_role.task.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{ Sid = "AskWhoIAm", Effect = "Allow", Action = "sts:GetCallerIdentity", Resource = "*" }],
      [for actions in [["CreateControlChannel", "CreateDataChannel", "OpenControlChannel", "OpenDataChannel"]] : {
        # These actions do not support resource-level permissions.
        Sid       = "ExecuteCommand"
        Effect    = "Allow"
        Action    = [for action in actions : "ssmmessages:${action}"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
      } if var.enable_execute_command],
      [for number, volume in local.iam_volumes : merge(
        {
          Sid      = "MountVolume${number + 1}"
          Effect   = "Allow"
          Action   = concat(["elasticfilesystem:ClientMount"], [for action in ["elasticfilesystem:ClientWrite"] : action if !volume.read_only])
          Resource = "${local.efs_arn}:file-system/${volume.file_system_id}"
        },
        volume.access_point_id == null ? {} : {
          Condition = { StringEquals = { "elasticfilesystem:AccessPointArn" = "${local.efs_arn}:access-point/${volume.access_point_id}" } }
        },
      )],
      # A conditional does not work here: an empty list does not convert to a list of different statements.
      flatten([for policy in var.task_role_policy[*] : jsondecode(policy).Statement]),
    )
  })
}

locals {
  efs_arn     = "arn:${data.aws_partition.current.partition}:elasticfilesystem:${local.region}:${local.account}"
  iam_volumes = [for volume in module.inputs.volumes : volume.efs if try(volume.efs.iam, false)]
}
