module "context" {
  source = "../../modules/context"

  app_id         = var.app_id
  chargeback_id  = var.chargeback_id
  product_name   = var.product_name
  workspace      = var.workspace
  private_domain = var.private_domain
}

data "aws_region" "current" {}

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
