output "read_role_arn" {
  description = "ARN of the read role, for `--role-arn`. With `oidc`, the role that the agent assumes first."
  value       = aws_iam_role.read.arn
}

output "deploy_role_arn" {
  description = "ARN of the deploy role, for `--deploy-role-arn`."
  value       = aws_iam_role.deploy.arn
}

output "stop_role_arn" {
  description = "ARN of the stop role, for `--stop-role-arn`."
  value       = aws_iam_role.stop.arn

  precondition {
    condition     = module.known_keys.unknown == ""
    error_message = module.known_keys.unknown
  }
}

locals {
  # With OIDC, the agent has already assumed the read role.
  as_reader = module.inputs.oidc == null ? ["--role-arn", aws_iam_role.read.arn] : []
  as_deploy = ["--deploy-role-arn", aws_iam_role.deploy.arn]
  as_stop   = ["--stop-role-arn", aws_iam_role.stop.arn]

  service = "${var.service.cluster_name}/${var.service.service_name}"
  group   = ["--application", var.codedeploy.application_name, "--deployment-group", var.codedeploy.group_name]
}

output "command_line" {
  description = <<-TEXT
    Settings for `codedeploy-artifact`: `environment`, the environment variables; `arguments`, the arguments of each command
    except those that only the build knows (such as `--artifact` or a deployment ID); and `revisions`, the `s3://` prefix for
    `upload --to`. External IDs are not included; store them in the Jenkins credentials.
  TEXT
  value = {
    environment = merge(
      { AWS_REGION = local.region },
      module.inputs.oidc == null ? {} : { AWS_ROLE_ARN = aws_iam_role.read.arn },
    )
    arguments = merge(
      {
        generate = concat(["--service", local.service], local.as_reader)
        upload   = concat(local.as_reader, local.as_deploy, flatten([for it in module.inputs.revisions[*] : ["--kms-key", it.key_arn] if it.key_arn != null]))
        deploy   = concat(local.group, ["--service", local.service], local.as_reader, local.as_deploy, local.as_stop)
        wait     = concat(local.as_reader, local.as_stop)
        status   = local.as_reader
        stop     = concat(local.as_reader, local.as_stop)
        continue = concat(local.as_reader, local.as_deploy)
        rollback = concat(local.group, local.as_reader, local.as_deploy, local.as_stop)
      },
      { for verb in ["rotate"] : verb => concat([local.service], local.as_reader, local.as_deploy) if module.inputs.allow.rotate },
    )
    revisions = try("s3://${split(":::", module.inputs.revisions.bucket_arn)[1]}/${module.inputs.revisions.prefix}", null)
  }
}
