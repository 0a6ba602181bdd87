locals {
  test_port = 8443
  ports     = distinct(values(var.apps)[*].port)
}

module "alb_sg" {
  source = "../../modules/security-group"

  context     = module.context.config
  name        = "alb"
  description = "The load balancer of all applications"
  vpc_id      = data.aws_vpc.vpc.id
  rules = concat(
    [
      for purpose, port in { "HTTPS from clients" = 443, "HTTPS to what is being deployed" = local.test_port } : {
        type                                      = "ingress"
        description                               = purpose
        protocol                                  = "tcp"
        from_port                                 = port
        to_port                                   = port
        cidr_blocks                               = var.client_cidr_blocks
      }
    ],
    [
      for port in local.ports : {
        type                     = "egress"
        description              = "HTTP to the tasks"
        protocol                 = "tcp"
        from_port                = port
        to_port                  = port
        source_security_group_id = module.tasks_sg.id
      }
    ],
  )
}

data "aws_acm_certificate" "cert" {
  domain      = "*.${module.context.account_private_domain}"
  statuses    = ["ISSUED"]
  most_recent = true

  # Unless they are named, ACM finds no certificates but those with RSA keys of 2048 bits and less.
  key_types = ["EC_prime256v1", "EC_secp384r1", "EC_secp521r1", "RSA_2048", "RSA_3072", "RSA_4096"]
}

module "alb" {
  source = "../../modules/alb"

  context             = module.context.config
  name                = "shared"
  vpc_id              = data.aws_vpc.vpc.id
  subnets             = data.aws_subnets.private.ids
  security_groups     = [module.alb_sg.id]
  ssl_certificate_arn = data.aws_acm_certificate.cert.arn
  allow_blue_green    = true

  # A deployment shows its green tasks here, before any client sees them.
  test_listener = { port = local.test_port }

  # Each application is a rule of the listener; what no rule takes is answered with 404.
  applications = {
    for name, app in var.apps : name => {
      port          = app.port
      host_headers  = ["${app.host}.${module.context.account_private_domain}"]
      path_patterns = app.path_patterns
      priority      = app.priority
    }
  }

  # So that `terraform destroy` removes all of it. Not for production.
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
  records = [
    for host in distinct(values(var.apps)[*].host) : {
      name    = host
      type    = "CNAME"
      records = [module.alb.dns_name]
      ttl     = 60
    }
  ]
}
