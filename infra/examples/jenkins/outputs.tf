output "command_line" {
  description = "Environment variables and arguments of each `codedeploy-artifact` command, and the S3 prefix for `upload`."
  value       = module.jenkins_role.command_line
}

output "role_arns" {
  description = "ARNs of the three roles: `read`, `deploy` and `stop`."
  value = {
    read   = module.jenkins_role.read_role_arn
    deploy = module.jenkins_role.deploy_role_arn
    stop   = module.jenkins_role.stop_role_arn
  }
}

output "service" {
  description = "ECS service, including `cluster_name` and `service_name`."
  value       = module.ecs_service.config
}

output "codedeploy" {
  description = "CodeDeploy application and deployment group."
  value       = module.codedeploy.config
}

output "dns_name" {
  description = "DNS name of the load balancer."
  value       = module.alb.dns_name
}
