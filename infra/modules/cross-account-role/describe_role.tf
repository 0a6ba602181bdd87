data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  name      = "${var.context.prefix}-${var.name}"
  partition = data.aws_partition.current.partition
  # Provider 5.100 has no `region`, and provider 6 deprecates the other attributes with the name of the Region.
  region  = split(".", data.aws_region.current.endpoint)[1]
  account = data.aws_caller_identity.current.account_id
}

# The role that the function assumes to describe resources. The function names its sessions after the job, so CloudTrail in
# this account shows which job made a call; other session names are rejected.
resource "aws_iam_role" "describe" {
  name                 = "${local.name}-describe-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "Describes ${var.task_definition_family} for the pipeline in the tools account"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Function"
      Effect    = "Allow"
      Principal = { AWS = var.trusted.describe }
      Action    = "sts:AssumeRole"
      Condition = merge(
        { StringLike = { "sts:RoleSessionName" = "codedeploy-artifact-*" } },
        var.external_id == null ? {} : { StringEquals = { "sts:ExternalId" = var.external_id } },
      )
    }]
  })

  tags = var.context.all_tags
}

resource "aws_iam_role_policy" "describe" {
  name = "describe"
  role = aws_iam_role.describe.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [{
        # This action does not support resource-level permissions.
        Sid       = "DescribeTaskDefinition"
        Effect    = "Allow"
        Action    = "ecs:DescribeTaskDefinition"
        Resource  = "*"
        Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
      }],
      [for service in var.service[*] : {
        Sid      = "DescribeService"
        Effect   = "Allow"
        Action   = "ecs:DescribeServices"
        Resource = "arn:${local.partition}:ecs:${local.region}:${local.account}:service/${service.cluster_name}/${service.service_name}"
      }],
    )
  })
}
