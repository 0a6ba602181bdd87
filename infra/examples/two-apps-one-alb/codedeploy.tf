# Applications are deployed independently: CodeDeploy only changes the rules that forward to the two target groups of the
# deployment group.
module "codedeploy" {
  source   = "../../modules/codedeploy"
  for_each = var.apps

  context          = module.context.config
  application_name = each.key
  group_name       = "${each.key}-canary-20-percent-10-minutes"
  traffic_routing = {
    type       = "TimeBasedCanary"
    interval   = 10
    percentage = 20
  }
  ecs_service = {
    cluster_name = module.ecs_cluster.name
    service_name = module.ecs_service[each.key].service_name
  }
  load_balancer = {
    target_group_pair = module.alb.target_group_pairs[each.key]
  }
  pass_role_arns = [module.ecs_service[each.key].execution_role_arn, module.ecs_service[each.key].task_role_arn]
}
