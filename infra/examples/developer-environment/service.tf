data "aws_subnets" "private" {
  filter {
    name   = "vpc-id"
    values = [module.alb_application.load_balancer.vpc_id]
  }

  tags = { Tier = "private" }
}

module "tasks_sg" {
  source = "../../modules/security-group"

  context     = module.context.config
  name        = "tasks"
  description = "The tasks of the environment"
  vpc_id      = module.alb_application.load_balancer.vpc_id
  rules = [
    {
      type                     = "ingress"
      description              = "HTTP from the load balancer"
      protocol                 = "tcp"
      from_port                = 80
      to_port                  = 80
      source_security_group_id = one(module.alb_application.load_balancer.security_groups)
    },
    {
      type        = "egress"
      description = "HTTPS to registries and to AWS"
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      cidr_blocks = ["0.0.0.0/0"]
    },
  ]
}

module "ecs_cluster" {
  source = "../../modules/ecs-cluster"

  context = module.context.config
  name    = "apps"
}

module "ecs_service" {
  source = "../../modules/ecs-service"

  context = module.context.config
  name    = "web"
  cluster = module.ecs_cluster.config

  container_definitions = jsonencode([{
    name         = "web"
    image        = var.image
    essential    = true
    portMappings = [{ containerPort = 80, hostPort = 80, protocol = "tcp" }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = module.ecs_cluster.runtime_log_group_name
        awslogs-region        = var.region
        awslogs-stream-prefix = "ecs"
      }
    }
  }])

  load_balancer_target = [{
    target_group_arn = module.alb_application.target_groups.blue.arn
    container_name   = "web"
    container_port   = 80
  }]

  vpc_config = {
    subnets         = data.aws_subnets.private.ids
    security_groups = [module.tasks_sg.id]
  }
}

module "codedeploy" {
  source = "../../modules/codedeploy"

  context                        = module.context.config
  application_name               = "web"
  group_name                     = "web"
  default_deployment_config_name = "CodeDeployDefault.ECSAllAtOnce"
  ecs_service                    = module.ecs_service.config
  load_balancer                  = { target_group_pair = module.alb_application.target_group_pair }
  pass_role_arns                 = [module.ecs_service.execution_role_arn, module.ecs_service.task_role_arn]
}
