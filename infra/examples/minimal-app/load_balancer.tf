module "alb_sg" {
  source = "../../modules/security-group"

  context     = module.context.config
  name        = "${var.app_name}-alb"
  description = "Load balancer of ${var.app_name}"
  vpc_id      = data.aws_vpc.vpc.id
  rules = concat([
    {
      type        = "ingress"
      description = "HTTPS from clients"
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      cidr_blocks = var.client_cidr_blocks
    },
    {
      type                     = "egress"
      description              = "HTTP to the tasks"
      protocol                 = "tcp"
      from_port                = var.container_port
      to_port                  = var.container_port
      source_security_group_id = module.ecs_service_sg.id
    },
    ], [for id in module.gate_sg[*].id : {
      type                     = "ingress"
      description              = "HTTPS from the hook function to the test listener"
      protocol                 = "tcp"
      from_port                = local.test_port
      to_port                  = local.test_port
      source_security_group_id = id
  }])
}

data "aws_acm_certificate" "cert" {
  domain      = "*.${module.context.account_private_domain}"
  statuses    = ["ISSUED"]
  most_recent = true

  # By default, the data source only finds certificates with RSA keys of up to 2048 bits.
  key_types = ["EC_prime256v1", "EC_secp384r1", "EC_secp521r1", "RSA_2048", "RSA_3072", "RSA_4096"]
}

module "alb" {
  source = "../../modules/alb"

  context             = module.context.config
  name                = var.app_name
  vpc_id              = data.aws_vpc.vpc.id
  subnets             = data.aws_subnets.private.ids
  security_groups     = [module.alb_sg.id]
  ssl_certificate_arn = data.aws_acm_certificate.cert.arn
  allow_blue_green    = true
  test_listener       = local.gates == 0 ? null : { port = local.test_port }
  alarms              = { topic_arn = aws_sns_topic.alarms.arn }

  # The guide creates the green target group separately. The alb module creates both.
  applications = {
    (var.app_name) = {
      port     = var.container_port
      protocol = "HTTP"
      health_check = {
        check_interval      = 30
        matcher             = "200"
        path                = "/"
        unhealthy_threshold = 3
      }
    }
  }

  # So that `terraform destroy` removes everything. Not for production.
  deletion_protection      = false
  log_bucket_force_destroy = true
}

data "aws_route53_zone" "zone" {
  name         = module.context.account_private_domain
  private_zone = true
}

module "route53_record" {
  source = "../../modules/route53-record"

  zone_id = data.aws_route53_zone.zone.zone_id
  records = [{
    name    = var.app_name
    type    = "CNAME"
    records = [module.alb.dns_name]
    ttl     = 60
  }]
}
