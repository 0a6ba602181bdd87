terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

module "alb" {
  source = "../.."

  context = { prefix = "shop-dev", all_tags = {} }
  name    = "alb"
  vpc_id  = "vpc-0123456789abcdef0"
  rules = [{
    type                     = "egress"
    description              = "HTTP to the tasks"
    protocol                 = "tcp"
    from_port                = 80
    to_port                  = 80
    source_security_group_id = module.ecs.id
  }]
}

module "ecs" {
  source = "../.."

  context = { prefix = "shop-dev", all_tags = {} }
  name    = "ecs"
  vpc_id  = "vpc-0123456789abcdef0"
  rules = [{
    type                     = "ingress"
    description              = "HTTP from the load balancer"
    protocol                 = "tcp"
    from_port                = 80
    to_port                  = 80
    source_security_group_id = module.alb.id
  }]
}

output "ids" {
  value = [module.alb.id, module.ecs.id]
}
