module "context" {
  source = "../../modules/context"

  app_id         = var.app_id
  chargeback_id  = var.chargeback_id
  product_name   = var.product_name
  workspace      = var.workspace
  private_domain = var.private_domain
}

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
