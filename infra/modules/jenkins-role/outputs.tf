output "read_role_arn" {
  description = "ARN of the role that looks: `--role-arn`. With `oidc`, the role that the agent begins as."
  value       = aws_iam_role.read.arn
}

output "deploy_role_arn" {
  description = "ARN of the role that changes: `--deploy-role-arn`."
  value       = aws_iam_role.deploy.arn
}

output "stop_role_arn" {
  description = "ARN of the role that stops: `--stop-role-arn`."
  value       = aws_iam_role.stop.arn
}

locals {
  # With a token the agent already is the reading role.
  as_reader = var.oidc == null ? ["--role-arn", aws_iam_role.read.arn] : []
  as_deploy = ["--deploy-role-arn", aws_iam_role.deploy.arn]
  as_stop   = ["--stop-role-arn", aws_iam_role.stop.arn]

  service = "${var.service.cluster_name}/${var.service.service_name}"
  group   = ["--application", var.codedeploy.application_name, "--deployment-group", var.codedeploy.group_name]
}

output "command_line" {
  description = <<-TEXT
    For `codedeploy-artifact`: `environment`, the variables to set, `arguments`, what follows each verb before what only the
    build knows (such as `--artifact` or a deployment id), and `revisions`, the `s3://` folder for `upload --to`. External ids
    are left out: take them from the credentials of Jenkins.
  TEXT
  value = {
    environment = merge(
      { AWS_REGION = local.region },
      var.oidc == null ? {} : { AWS_ROLE_ARN = aws_iam_role.read.arn },
    )
    arguments = merge(
      {
        generate = concat(["--service", local.service], local.as_reader)
        upload   = concat(local.as_reader, local.as_deploy, flatten([for it in var.revisions[*] : ["--kms-key", it.key_arn] if it.key_arn != null]))
        deploy   = concat(local.group, ["--service", local.service], local.as_reader, local.as_deploy, local.as_stop)
        wait     = concat(local.as_reader, local.as_stop)
        status   = local.as_reader
        stop     = concat(local.as_reader, local.as_stop)
        continue = concat(local.as_reader, local.as_deploy)
        rollback = concat(local.group, local.as_reader, local.as_deploy, local.as_stop)
      },
      { for verb in ["rotate"] : verb => concat([local.service], local.as_reader, local.as_deploy) if var.allow.rotate },
    )
    revisions = try("s3://${split(":::", var.revisions.bucket_arn)[1]}/${var.revisions.prefix}", null)
  }
}
