# The workload account: the service, its deployment group, and the roles for the pipeline in the tools account.

locals {
  container_name = "container"
}

module "workload" {
  source = "../../modules/context"

  app_id         = var.app.app_id
  chargeback_id  = var.app.chargeback_id
  product_name   = var.app.product_name
  workspace      = "prod"
  private_domain = var.private_domain
}

module "alb" {
  source    = "../../modules/alb"
  providers = { aws = aws.workload }
  context   = module.workload.config
  name      = var.app.app_name

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
  source    = "../../modules/ecs-cluster"
  providers = { aws = aws.workload }
  context   = module.workload.config
  name      = "main"

  ecr_repository_arns = var.ecr_repository_arns
}

module "ecs_service" {
  source    = "../../modules/ecs-service"
  providers = { aws = aws.workload }
  context   = module.workload.config
  name      = var.app.app_name
  cluster   = module.ecs_cluster.config

  container_definitions = jsonencode([{
    name         = local.container_name
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
    container_name   = local.container_name
    container_port   = 80
  }]

  vpc_config = {
    subnets         = data.aws_subnets.private.ids
    security_groups = [module.service_sg.id]
  }
}

module "codedeploy" {
  source    = "../../modules/codedeploy"
  providers = { aws = aws.workload }
  context   = module.workload.config

  application_name               = var.app.app_name
  group_name                     = var.app.app_name
  default_deployment_config_name = "CodeDeployDefault.ECSCanary10Percent5Minutes"
  ecs_service                    = module.ecs_service.config
  load_balancer                  = { target_group_pair = module.alb.target_group_pairs[var.app.app_name] }
  pass_role_arns                 = [module.ecs_service.task_role_arn, module.ecs_service.execution_role_arn]
}

module "cross_account_role" {
  source    = "../../modules/cross-account-role"
  providers = { aws = aws.workload }
  context   = module.workload.config
  name      = "${var.app.app_name}-pipeline"

  trusted     = { describe = [module.artifact_function.role_arn], deploy = [module.pipeline.role_arn] }
  external_id = var.external_id
  artifact    = { bucket_arn = module.pipeline.artifact_bucket.arn, key_arn = module.pipeline.artifact_bucket.key_arn }

  service                = module.ecs_service.config
  codedeploy             = module.codedeploy.config
  task_definition_family = module.ecs_service.task_definition_family
  pass_role_arns         = [module.ecs_service.task_role_arn, module.ecs_service.execution_role_arn]
}
