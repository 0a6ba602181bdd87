# What the application itself may do. Without task_role_policy it may do nothing.
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

# Whether there is a policy of the caller may be unknown while Terraform plans, so this one always exists. The statement
# that is always in it allows what AWS allows everybody.
resource "aws_iam_role_policy" "task" {
  name = "application"
  role = aws_iam_role.task.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{ Sid = "AskWhoIAm", Effect = "Allow", Action = "sts:GetCallerIdentity", Resource = "*" }],
      # No conditional: its two results must be of one type, and statements that are not alike make none with an empty list.
      flatten([for policy in var.task_role_policy[*] : jsondecode(policy).Statement]),
    )
  })
}
