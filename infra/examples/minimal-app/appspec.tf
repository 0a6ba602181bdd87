data "aws_s3_bucket" "artifacts" {
  bucket = var.artifacts_bucket
}

# After each apply, the AppSpec in S3 refers to the newest task definition that Terraform registered. It is optional: the
# pipeline generates its own.
module "appspec" {
  source = "../../modules/appspec"

  context             = module.context.config
  bucket              = data.aws_s3_bucket.artifacts.id
  key                 = "appspec/${var.app_name}/appspec.yaml"
  task_definition_arn = module.ecs_service.task_definition_arn
  container_name      = module.ecs_service.container.name
  container_port      = module.ecs_service.container.port
  platform_version    = local.platform_version
  hooks               = { for name in module.gate[*].function_name : "AfterAllowTestTraffic" => name }
  network = {
    subnets         = sort(data.aws_subnets.private.ids)
    security_groups = [module.ecs_service_sg.id]
  }
}
