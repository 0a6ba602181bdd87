# The existing network and certificate of the account.

data "aws_vpc" "this" {
  filter {
    name   = "tag:Name"
    values = [var.vpc_name]
  }
}

data "aws_subnets" "private" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.this.id]
  }

  tags = { Tier = "private" }
}

data "aws_acm_certificate" "this" {
  domain      = module.context.account_private_domain
  statuses    = ["ISSUED"]
  most_recent = true

  # By default, the data source only finds certificates with RSA keys of up to 2048 bits.
  key_types = ["EC_prime256v1", "EC_secp384r1", "EC_secp521r1", "RSA_2048", "RSA_3072", "RSA_4096"]
}

module "alb_sg" {
  source  = "../../modules/security-group"
  context = module.context.config
  name    = "${var.app.app_name}-alb"
  vpc_id  = data.aws_vpc.this.id

  rules = [
    {
      type        = "ingress"
      description = "HTTPS from the VPC"
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      cidr_blocks = [data.aws_vpc.this.cidr_block]
    },
    {
      type                     = "egress"
      description              = "HTTP to the tasks"
      protocol                 = "tcp"
      from_port                = 80
      to_port                  = 80
      source_security_group_id = module.service_sg.id
    },
  ]
}

module "service_sg" {
  source  = "../../modules/security-group"
  context = module.context.config
  name    = "${var.app.app_name}-ecs"
  vpc_id  = data.aws_vpc.this.id

  rules = [
    {
      type                     = "ingress"
      description              = "HTTP from the load balancer"
      protocol                 = "tcp"
      from_port                = 80
      to_port                  = 80
      source_security_group_id = module.alb_sg.id
    },
    {
      type        = "egress"
      description = "HTTPS for images and logs"
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      cidr_blocks = ["0.0.0.0/0"]
    },
  ]
}
