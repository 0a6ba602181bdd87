# The task role: the application's own permissions. Without task_role_policy it has none.
resource "aws_iam_role" "task" {
  name = "${local.name}-task"
  tags = var.context.all_tags

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
      # A conditional does not work here: an empty list does not convert to a list of different statements.
      flatten([for policy in var.task_role_policy[*] : jsondecode(policy).Statement]),
    )
  })
}
