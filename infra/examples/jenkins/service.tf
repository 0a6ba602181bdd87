# A service that CodeDeploy deploys, as in the guide. Jenkins deploys new revisions.

module "context" {
  source = "../../modules/context"

  app_id         = var.app.app_id
  chargeback_id  = var.app.chargeback_id
  product_name   = var.app.product_name
  workspace      = var.app.workspace
  private_domain = var.private_domain
}

module "alb" {
  source  = "../../modules/alb"
  context = module.context.config
  name    = var.app.app_name

  vpc_id              = data.aws_vpc.this.id
  subnets             = data.aws_subnets.private.ids
  security_groups     = [module.alb_sg.id]
  ssl_certificate_arn = data.aws_acm_certificate.this.arn
  applications        = { (var.app.app_name) = {} }

  # So that `terraform destroy` removes everything. Not for production.
  deletion_protection      = false
  log_bucket_force_destroy = true
}

module "ecs_cluster" {
  source  = "../../modules/ecs-cluster"
  context = module.context.config
  name    = "main"
}

module "ecs_service" {
  source  = "../../modules/ecs-service"
  context = module.context.config
  name    = var.app.app_name
  cluster = module.ecs_cluster.config

  container_definitions = jsonencode([{
    name         = "container"
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
    target_group_arn = module.alb.target_groups[var.app.app_name].blue.arn
    container_name   = "container"
    container_port   = 80
  }]

  vpc_config = {
    subnets         = data.aws_subnets.private.ids
    security_groups = [module.service_sg.id]
  }
}

module "codedeploy" {
  source  = "../../modules/codedeploy"
  context = module.context.config

  application_name               = var.app.app_name
  group_name                     = var.app.app_name
  default_deployment_config_name = "CodeDeployDefault.ECSCanary10Percent5Minutes"
  ecs_service                    = module.ecs_service.config
  load_balancer                  = { target_group_pair = module.alb.target_group_pairs[var.app.app_name] }
  pass_role_arns                 = [module.ecs_service.task_role_arn, module.ecs_service.execution_role_arn]

  revision_bucket = {
    name    = aws_s3_bucket.revisions.bucket
    prefix  = local.revision_prefix
    key_arn = aws_kms_key.revisions.arn
  }
}
