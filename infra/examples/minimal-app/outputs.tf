output "url" {
  description = "Where the application answers, from within the network."
  value       = "https://${module.route53_record.fqdns["${var.app_name} CNAME"]}/"
}

output "pipeline_name" {
  description = "The pipeline that deploys: aws codepipeline start-pipeline-execution --name NAME."
  value       = module.pipeline.name
}

output "deploy_by_hand" {
  description = "The command that deploys the newest task definition of Terraform without the pipeline, follows it, and says how it ended."
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
  description = "The same with the AWS CLI, which only starts the deployment."
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
  description = "What a deployment has to know of the service."
  value       = module.ecs_service.config
}

output "codedeploy" {
  description = "Names and ARNs of application and deployment group."
  value       = module.codedeploy.config
}

output "appspec" {
  description = "Where the AppSpec of Terraform is: bucket, key, version."
  value       = module.appspec.revision
}

output "log_group_name" {
  description = "Where the containers log: aws logs tail NAME --follow."
  value       = module.ecs_service.log_group_name
}

output "alarm_topic_arn" {
  description = "Subscribe to it: aws sns subscribe --topic-arn ARN --protocol email --notification-endpoint YOU@…"
  value       = aws_sns_topic.alarms.arn
}
