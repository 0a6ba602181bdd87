# The execution role, with which ECS pulls images and creates log streams. The AWS managed policy for it allows access to
# every repository and log group in the account.
resource "aws_iam_role" "execution" {
  name                 = "${local.name}-execution-${local.region}"
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
      Condition = { StringEquals = { "aws:SourceAccount" = local.account } }
    }]
  })
}

# One policy for this module's and the caller's statements, because execution_role_policy can be unknown during planning.
resource "aws_iam_role_policy" "execution" {
  name = "execution"
  role = aws_iam_role.execution.id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = concat(local.execution_statements, local.custom_statements)
  })
}

locals {
  repositories = (
    length(var.ecr_repository_arns) > 0 ? var.ecr_repository_arns : ["${local.arn}:ecr:${local.region}:${local.account}:repository/*"]
  )

  execution_statements = [
    {
      # This action does not support resource-level permissions.
      Sid      = "LogInToEcr"
      Effect   = "Allow"
      Action   = "ecr:GetAuthorizationToken"
      Resource = "*"
    },
    {
      Sid      = "PullImages"
      Effect   = "Allow"
      Action   = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
      Resource = local.repositories
    },
    {
      Sid      = "WriteLogsOfTheCluster"
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "${local.arn}:logs:${local.region}:${local.account}:log-group:/ecs/${local.name}/*:*"
    },
  ]

  # A policy can have a single statement without a list. A conditional does not work here: both results must have the same
  # type, and an empty list does not convert to a list of different statements.
  custom_statements = flatten([for policy in var.execution_role_policy[*] : jsondecode(policy).Statement])
}
