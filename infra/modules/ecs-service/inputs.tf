# Variables with objects have the type `any`, because Terraform drops keys that an object type does not have: a misspelt key would
# be ignored without a word. ./inputs has their types, and known-keys compares. An output of this module refuses unknown keys.
module "inputs" {
  source = "./inputs"

  load_balancer_target                = var.load_balancer_target
  vpc_config                          = var.vpc_config
  alarm_topic                         = var.alarm_topic
  ecs_cpu_cloudwatch_configuration    = var.ecs_cpu_cloudwatch_configuration
  ecs_memory_cloudwatch_configuration = var.ecs_memory_cloudwatch_configuration
  volumes                             = var.volumes
  autoscaling_policy                  = var.autoscaling_policy
  autoscaling_capacity                = var.autoscaling_capacity
  container_definitions               = var.container_definitions
  deployment_controller               = var.deployment_controller
  fargate_platform_version            = var.fargate_platform_version
  namespace_id                        = var.cluster.namespace_id
}

module "known_keys" {
  source = "../known-keys"

  known = module.inputs
  given = {
    load_balancer_target                = var.load_balancer_target
    vpc_config                          = var.vpc_config
    alarm_topic                         = var.alarm_topic
    ecs_cpu_cloudwatch_configuration    = var.ecs_cpu_cloudwatch_configuration
    ecs_memory_cloudwatch_configuration = var.ecs_memory_cloudwatch_configuration
    volumes                             = var.volumes
    autoscaling_policy                  = var.autoscaling_policy
    autoscaling_capacity                = var.autoscaling_capacity
  }
}
