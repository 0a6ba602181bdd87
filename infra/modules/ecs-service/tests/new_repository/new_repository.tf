terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

# Stands for a repository of the same plan: its URL is unknown until the apply.
resource "terraform_data" "repository" {}


module "ecs_service" {
  source = "../.."

  context = { prefix = "shop-dev", all_tags = {} }
  name    = "web"
  cluster = {
    arn                = "arn:aws:ecs:eu-west-1:111111111111:cluster/shop-dev-apps"
    name               = "shop-dev-apps"
    execution_role_arn = "arn:aws:iam::111111111111:role/shop-dev-apps-execution"
  }
  container_definitions = local.container_definitions
  load_balancer_target = [{
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef"
    container_name   = "container"
    container_port   = 80
  }]
  vpc_config = { subnets = ["subnet-a"], security_groups = ["sg-a"] }
  task_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Sid = "LookAtRepository", Effect = "Allow", Action = "ecr:DescribeImages", Resource = terraform_data.repository.id }]
  })
}

locals {
  container_definitions = jsonencode([{
    name         = "container"
    image        = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/${terraform_data.repository.id}:1"
    portMappings = [{ containerPort = 80 }]
    logConfiguration = {
      logDriver = "awslogs"
      options   = { "awslogs-group" = module.ecs_service.log_group_name }
    }
  }])
}

output "container_definitions" {
  value = local.container_definitions
}
