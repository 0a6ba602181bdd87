output "command_line" {
  description = "Environment and arguments of each verb of `codedeploy-artifact`, and where `upload` puts AppSpecs."
  value       = module.jenkins_role.command_line
}

output "role_arns" {
  description = "The three roles: `read`, `deploy` and `stop`."
  value = {
    read   = module.jenkins_role.read_role_arn
    deploy = module.jenkins_role.deploy_role_arn
    stop   = module.jenkins_role.stop_role_arn
  }
}

output "service" {
  description = "The service, `cluster_name` and `service_name` among its facts."
  value       = module.ecs_service.config
}

output "codedeploy" {
  description = "Its application and deployment group."
  value       = module.codedeploy.config
}

output "dns_name" {
  description = "Name of the load balancer."
  value       = module.alb.dns_name
}
