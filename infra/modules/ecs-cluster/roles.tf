# What ECS itself does to start a task: pulls the images and opens the log streams. AWS has a managed policy for it, but
# that one reads every repository and writes every log group of the account.
resource "aws_iam_role" "execution" {
  name = "${local.name}-execution"
  tags = var.context.all_tags

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

# One policy for both, ours and the caller's: whether there is a second one may be unknown while Terraform plans.
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
      # IAM knows no resource for this action.
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

  # A policy may have one statement without a list around it. No conditional: its two results must be of one type, and
  # statements that are not alike make no such type with an empty list.
  custom_statements = flatten([for policy in var.role_policy[*] : jsondecode(policy).Statement])
}
