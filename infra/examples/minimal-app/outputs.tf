output "url" {
  description = "URL of the application, reachable from the private network."
  value       = "https://${module.route53_record.fqdns["${var.app_name} CNAME"]}/"
}

output "service_path" {
  description = "The service as `--service` of `codedeploy-artifact` takes it: CLUSTER/SERVICE."
  value       = "${module.ecs_cluster.name}/${module.ecs_service.service_name}"
}

output "pipeline_name" {
  description = "Name of the pipeline, for `aws codepipeline start-pipeline-execution --name NAME`."
  value       = module.pipeline.name
}

output "deploy_by_hand" {
  description = "Command that deploys the newest task definition that Terraform registered, with the image in container_config, without the pipeline, and waits for the result."
  value = join(" ", [
    "codedeploy-artifact deploy",
    "--revision", module.appspec.uri,
    "--service", "${module.ecs_cluster.name}/${module.ecs_service.service_name}",
    "--application", module.codedeploy.application_name,
    "--deployment-group", module.codedeploy.group_name,
    "--region", var.region,
  ])
}

output "deploy_with_aws_cli" {
  description = "The same with the AWS CLI, which only creates the deployment."
  value = join(" ", [
    "aws deploy create-deployment",
    "--application-name", module.codedeploy.application_name,
    "--deployment-group-name", module.codedeploy.group_name,
    "--revision", "'revisionType=S3,s3Location={bucket=${module.appspec.revision.bucket},key=${module.appspec.revision.key},bundleType=${module.appspec.revision.bundle_type}}'",
    "--region", var.region,
    "--query deploymentId --output text",
  ])
}

output "service" {
  description = "ECS service, for deployments."
  value       = module.ecs_service.config
}

output "codedeploy" {
  description = "Names and ARNs of the CodeDeploy application and deployment group."
  value       = module.codedeploy.config
}

output "appspec" {
  description = "S3 location of the AppSpec that Terraform generates: bucket, key and version."
  value       = module.appspec.revision
}

output "log_group_name" {
  description = "Name of the log group, for `aws logs tail NAME --follow`."
  value       = module.ecs_service.log_group_name
}

output "alarm_topic_arn" {
  description = "ARN of the alarm topic, for `aws sns subscribe --topic-arn ARN --protocol email --notification-endpoint ADDRESS`."
  value       = aws_sns_topic.alarms.arn
}
