locals {
  container_name   = "container"
  platform_version = "1.4.0"
}

data "aws_prefix_list" "s3" {
  name = "com.amazonaws.${local.region}.s3"
}

module "ecs_service_sg" {
  source = "../../modules/security-group"

  context     = module.context.config
  name        = "${var.app_name}-ecs"
  description = "Tasks of ${var.app_name}"
  vpc_id      = data.aws_vpc.vpc.id
  rules = concat([
    {
      type                     = "ingress"
      description              = "HTTP from the load balancer"
      protocol                 = "tcp"
      from_port                = var.container_port
      to_port                  = var.container_port
      source_security_group_id = module.alb_sg.id
    },
    {
      type        = "egress"
      description = "HTTPS to the endpoints of the VPC"
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      cidr_blocks = data.aws_vpc.vpc.cidr_block_associations[*].cidr_block
    },
    {
      type            = "egress"
      description     = "HTTPS to S3, where ECR keeps the layers"
      protocol        = "tcp"
      from_port       = 443
      to_port         = 443
      prefix_list_ids = [data.aws_prefix_list.s3.id]
    },
    ], var.vpc_endpoints ? [] : [
    {
      type        = "egress"
      description = "HTTPS to ECR, CloudWatch Logs and public registries, through the NAT gateway"
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      cidr_blocks = ["0.0.0.0/0"]
    },
  ])
}

module "ecs_service" {
  source = "../../modules/ecs-service"

  context = module.context.config
  name    = var.app_name
  cluster = module.ecs_cluster.config

  allow_blue_green      = true
  deployment_controller = "CODE_DEPLOY"
  desired_count         = 1

  container_definitions = templatefile("${path.module}/template/container-definitions.json", {
    AWS_REGION         = local.region
    CONTAINER_NAME     = local.container_name
    CONTAINER_PORT     = var.container_port
    ECR_IMAGE_TAG      = var.container_config.ecr_image_tag
    ECR_REPOSITORY_URL = var.container_config.ecr_repository_url
    LOG_GROUP_NAME     = module.ecs_service.log_group_name
  })
  cpu                      = 256
  memory                   = 512
  fargate_platform_version = local.platform_version
  log_retention_in_days    = 90

  load_balancer_target = [{
    target_group_arn = module.alb.target_groups[var.app_name].blue.arn
    container_name   = local.container_name
    container_port   = var.container_port
  }]
  vpc_config = {
    subnets         = data.aws_subnets.private.ids
    security_groups = [module.ecs_service_sg.id]
  }

  autoscaling_policy = {
    "ecs-scale-cpu" = {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
      disable_scale_in       = false
      target_value           = 75
      scale_in_cooldown      = 120
      scale_out_cooldown     = 120
    }
  }
  autoscaling_capacity = { min = 1, max = 4 }

  alarm_topic = { arn = aws_sns_topic.alarms.arn }
  ecs_cpu_cloudwatch_configuration = {
    "severe" = {
      evaluation_period = 3
      period            = 180
      threshold         = 90
      type              = "CALLOUT"
    }
  }
}
