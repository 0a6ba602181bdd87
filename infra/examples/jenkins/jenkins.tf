# The three roles for Jenkins, and the arguments of each command.

module "jenkins_role" {
  source  = "../../modules/jenkins-role"
  context = module.context.config
  name    = "${var.app.app_name}-build"

  trusted_principals     = var.jenkins_principal_arns
  external_id            = var.external_id
  service                = module.ecs_service.config
  codedeploy             = module.codedeploy.config
  task_definition_family = module.ecs_service.task_definition_family
  pass_role_arns         = [module.ecs_service.task_role_arn, module.ecs_service.execution_role_arn]

  # So that `deploy` can show the last lines of containers that stopped.
  evidence = { log_group_arns = [module.ecs_cluster.runtime_log_group_arn] }

  revisions = {
    bucket_arn = aws_s3_bucket.revisions.arn
    prefix     = local.revision_prefix
    key_arn    = aws_kms_key.revisions.arn
  }
}
