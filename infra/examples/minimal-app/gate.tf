# The hook function that tests the green tasks through the test listener, if gate_package is set.
locals {
  gates     = var.gate_package == null ? 0 : 1
  test_port = 8443
}

module "gate_sg" {
  source = "../../modules/security-group"
  count  = local.gates

  context     = module.context.config
  name        = "${var.app_name}-gate"
  description = "Hook function of ${var.app_name}"
  vpc_id      = data.aws_vpc.vpc.id
  rules = [
    {
      type                     = "egress"
      description              = "HTTPS to the test listener"
      protocol                 = "tcp"
      from_port                = local.test_port
      to_port                  = local.test_port
      source_security_group_id = module.alb_sg.id
    },
    {
      type        = "egress"
      description = "HTTPS to CodeDeploy and CloudWatch, through the NAT gateway or endpoints of the VPC"
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      cidr_blocks = ["0.0.0.0/0"]
    },
  ]
}

module "gate" {
  source = "../../modules/deployment-gate"
  count  = local.gates

  context = module.context.config
  name    = "${var.app_name}-gate"
  package = { path = var.gate_package }

  url         = "https://${module.alb.dns_name}:${local.test_port}"
  host_header = "${var.app_name}.${module.context.account_private_domain}"
  checks      = file("${path.module}/checks.yml")
  alarm_names = module.alb.rollback_alarm_names[var.app_name]

  vpc = {
    subnets         = data.aws_subnets.private.ids
    security_groups = module.gate_sg[*].id
  }
}
