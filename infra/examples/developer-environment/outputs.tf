output "url" {
  description = "URL of the environment, reachable from the private network. Port 8443 serves the tasks that are being deployed."
  value       = "https://${var.developer}.${module.context.account_private_domain}/"
}

output "deploy" {
  description = "Command that deploys the newest task definition that Terraform registered."
  value = join(" ", [
    "codedeploy-artifact generate --artifact web.zip",
    "--task-definition", module.ecs_service.task_definition_family,
    "--container-name web --container-port 80 --region", var.region,
    "&& codedeploy-artifact deploy --artifact web.zip --register",
    "--service", "${module.ecs_cluster.name}/${module.ecs_service.service_name}",
    "--region", var.region,
  ])
}
