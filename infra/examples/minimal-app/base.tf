# The guide's "Base Setup": names and tags, the existing network, and the alarm topic.
module "context" {
  source = "../../modules/context"

  app_id         = var.app_id
  chargeback_id  = var.chargeback_id
  product_name   = var.product_name
  workspace      = var.workspace
  private_domain = var.private_domain
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  # Provider 5.100 has no `region`, and provider 6 deprecates the other attributes with the name of the Region.
  region = split(".", data.aws_region.current.endpoint)[1]
}

data "aws_vpc" "vpc" {
  filter {
    name   = "tag:Name"
    values = [var.vpc_name]
  }
}

data "aws_subnets" "private" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.vpc.id]
  }

  tags = { Tier = "private" }
}

resource "aws_sns_topic" "alarms" {
  name              = "${module.context.prefix}-alarms"
  kms_master_key_id = aws_kms_key.alarms.id
  tags              = module.context.all_tags
}

# With the AWS managed key for SNS, CloudWatch and CodeDeploy could not publish, and their messages would be lost silently.
resource "aws_kms_key" "alarms" {
  description             = "Alarms of ${module.context.prefix}"
  enable_key_rotation     = true
  deletion_window_in_days = 7
  tags                    = module.context.all_tags

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "IamOfTheAccount"
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "AlarmsOfTheAccount"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
      },
      {
        Sid       = "NewsOfDeployments"
        Effect    = "Allow"
        Principal = { AWS = module.codedeploy.service_role_arn }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"]
        Resource  = "*"
        Condition = { StringEquals = { "kms:ViaService" = "sns.${local.region}.amazonaws.com" } }
      },
    ]
  })
}
