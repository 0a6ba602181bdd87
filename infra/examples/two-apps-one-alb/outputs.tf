output "urls" {
  description = "URLs of the applications, reachable from the private network. Port 8443 serves the tasks that are being deployed."
  value = {
    for name, app in var.apps :
    name => "https://${app.host}.${module.context.account_private_domain}${trimsuffix(concat(app.path_patterns, ["/"])[0], "*")}"
  }
}

output "deploy" {
  description = "Commands that deploy the newest task definition that Terraform registered, by application."
  value = {
    for name, codedeploy in module.codedeploy : name => join(" ", [
      "codedeploy-artifact generate --artifact ${name}.zip",
      "--task-definition", module.ecs_service[name].task_definition_family,
      "--container-name", name,
      "--container-port", var.apps[name].port,
      "--region", var.region,
      "&& codedeploy-artifact deploy --artifact ${name}.zip --register",
      "--service", "${module.ecs_cluster.name}/${module.ecs_service[name].service_name}",
      "--application", codedeploy.application_name,
      "--deployment-group", codedeploy.group_name,
      "--region", var.region,
    ])
  }
}

output "services" {
  description = "ECS services by application, for deployments."
  value       = { for name, service in module.ecs_service : name => service.config }
}

output "codedeploy" {
  description = "Names and ARNs of the CodeDeploy applications and deployment groups, by application."
  value       = { for name, codedeploy in module.codedeploy : name => codedeploy.config }
}
