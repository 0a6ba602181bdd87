# The tools account: the function and the pipeline.

module "tools" {
  source = "../../modules/context"

  app_id        = var.app.app_id
  chargeback_id = var.app.chargeback_id
  product_name  = var.app.product_name
  workspace     = "tools"
}

module "artifact_function" {
  source  = "../../modules/artifact-function"
  context = module.tools.config
  name    = "artifact"

  package           = { path = var.function_package }
  artifact_bucket   = module.pipeline.artifact_bucket
  allowed_role_arns = [module.cross_account_role.describe_role_arn]
  input_artifacts   = ["source_artifact"]

  # The newest revision that Terraform registered, with the image from the build; everything else from the running service.
  user_parameters = {
    task_definition = module.ecs_service.task_definition_family
    service         = "${module.ecs_service.config.cluster_name}/${module.ecs_service.config.service_name}"
    images          = { (local.container_name) = "source_artifact::imageDetail.json" }
    role_arn        = module.cross_account_role.describe_role_arn
    external_id     = var.external_id
  }
}

module "pipeline" {
  source  = "../../modules/pipeline"
  context = module.tools.config
  name    = var.app.app_name

  source_action = { s3 = var.source_object }
  generate      = { function_arn = module.artifact_function.function_arn, action = module.artifact_function.action }
  deploy = merge(module.codedeploy.config, {
    task_definition_family = module.ecs_service.task_definition_family
    pass_role_arns         = [module.ecs_service.task_role_arn, module.ecs_service.execution_role_arn]
  })
  cross_account = module.cross_account_role.config

  # So that `terraform destroy` removes everything. Not for production.
  artifact_force_destroy = true
}
