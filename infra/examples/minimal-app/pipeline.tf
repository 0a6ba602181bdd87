# Generates appspec.yml and taskdef.json from the newest task definition and the image of the source, for each deployment.
module "artifact_function" {
  source = "../../modules/artifact-function"

  context         = module.context.config
  name            = "${var.app_name}-artifact"
  package         = { path = var.function_package }
  artifact_bucket = module.pipeline.artifact_bucket

  # The image comes from the source or its build, so that neither an apply nor a retry can bring back an old one; the rest comes from the
  # newest task definition. Network and platform version are set here, because Terraform ignores them on a service that
  # CodeDeploy deploys.
  input_artifacts = [local.image_artifact]
  user_parameters = {
    task_definition  = module.ecs_service.task_definition_family
    container_name   = module.ecs_service.container.name
    container_port   = module.ecs_service.container.port
    images           = { (module.ecs_service.container.name) = "${local.image_artifact}::imageDetail.json" }
    platform_version = local.platform_version
    hooks            = local.gates == 0 ? null : { AfterAllowTestTraffic = module.gate[0].function_name }
    network = {
      subnets          = sort(data.aws_subnets.private.ids)
      security_groups  = [module.ecs_service_sg.id]
      assign_public_ip = "DISABLED"
    }
  }
}

module "pipeline" {
  source = "../../modules/pipeline"

  context = module.context.config
  name    = var.app_name
  source_action = {
    artifact = "source_artifact"
    s3       = var.pipeline_source.s3_key == null ? null : { bucket = data.aws_s3_bucket.artifacts.id, key = var.pipeline_source.s3_key }
    ecr      = var.pipeline_source.ecr
  }
  build = one(module.codebuild_image[*].config)
  generate = {
    action       = module.artifact_function.action
    function_arn = module.artifact_function.function_arn
  }
  deploy = merge(module.codedeploy.config, {
    task_definition_family = module.ecs_service.task_definition_family
    pass_role_arns         = [module.ecs_service.execution_role_arn, module.ecs_service.task_role_arn]
  })

  # A rollback of the stage Deploy deploys the artifact of an earlier execution as it was.
  generate_stage = true

  # So that `terraform destroy` removes everything. Not for production.
  artifact_force_destroy = true
  kms                    = { deletion_window_in_days = 7 }
}
