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

  # By default, the data source only finds certificates with RSA keys of up to 2048 bits.
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

  # Serves the green tasks of a deployment before production traffic shifts.
  test_listener = { port = local.test_port }

  # Each application has a listener rule; requests that match no rule receive a 404.
  applications = {
    for name, app in var.apps : name => {
      port          = app.port
      host_headers  = ["${app.host}.${module.context.account_private_domain}"]
      path_patterns = app.path_patterns
      priority      = app.priority
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
  records = [
    for host in distinct(values(var.apps)[*].host) : {
      name    = host
      type    = "CNAME"
      records = [module.alb.dns_name]
      ttl     = 60
    }
  ]
}
