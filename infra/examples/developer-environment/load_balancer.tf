module "context" {
  source = "../../modules/context"

  app_id         = var.app_id
  chargeback_id  = var.chargeback_id
  product_name   = var.product_name
  workspace      = var.developer
  private_domain = var.private_domain
}

# The load balancer is in another state.
data "aws_lb" "shared" {
  name = var.load_balancer_name
}

data "aws_lb_listener" "production" {
  load_balancer_arn = data.aws_lb.shared.arn
  port              = 443
}

data "aws_lb_listener" "test" {
  load_balancer_arn = data.aws_lb.shared.arn
  port              = 8443
}

module "alb_application" {
  source = "../../modules/alb-application"

  context       = module.context.config
  name          = "web"
  listener_arn  = data.aws_lb_listener.production.arn
  test_listener = { arn = data.aws_lb_listener.test.arn }
  application = {
    host_headers = ["${var.developer}.${module.context.account_private_domain}"]
    priority     = var.priority
  }
}

# What the load balancer's own security group lacks to reach these tasks.
resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  security_group_id            = one(module.alb_application.load_balancer.security_groups)
  description                  = "HTTP to the tasks of ${module.context.prefix}"
  ip_protocol                  = "tcp"
  from_port                    = 80
  to_port                      = 80
  referenced_security_group_id = module.tasks_sg.id
  tags                         = module.context.all_tags
}

data "aws_route53_zone" "zone" {
  name         = module.context.account_private_domain
  private_zone = true
}

module "route53_record" {
  source = "../../modules/route53-record"

  zone_id = data.aws_route53_zone.zone.zone_id
  records = [{
    name    = var.developer
    type    = "CNAME"
    records = [module.alb_application.load_balancer.dns_name]
    ttl     = 60
  }]
}
