# Three roles, because StopDeployment does not support resource-level permissions: whoever can stop one deployment can stop
# every deployment in the account. The read role cannot deploy, and the deploy role cannot stop.

data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  name      = "${var.context.prefix}-${var.name}"
  partition = data.aws_partition.current.partition
  # Provider 5.100 has no `region`, and provider 6 deprecates the other attributes with the name of the Region.
  region  = split(".", data.aws_region.current.endpoint)[1]
  account = data.aws_caller_identity.current.account_id

  cluster_arn      = "arn:${local.partition}:ecs:${local.region}:${local.account}:cluster/${var.service.cluster_name}"
  service_arn      = "arn:${local.partition}:ecs:${local.region}:${local.account}:service/${var.service.cluster_name}/${var.service.service_name}"
  task_definitions = [for revision in ["", ":*"] : "arn:${local.partition}:ecs:${local.region}:${local.account}:task-definition/${var.task_definition_family}${revision}"]
  # `rollback` shifts all traffic at once, regardless of the group's deployment configuration.
  all_at_once = "arn:${local.partition}:codedeploy:${local.region}:${local.account}:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"
  config_arns = distinct(concat([var.codedeploy.config_arn, local.all_at_once], var.more_config_arns))

  # Limits actions without resource-level permissions to the Region.
  in_this_region = { StringEquals = { "aws:RequestedRegion" = local.region } }
  through_s3     = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" } }
}

locals {
  # Requires the command's session names, so that CloudTrail shows which build made a call.
  session_name = { StringLike = { "sts:RoleSessionName" = "codedeploy-artifact*" } }

  trust_principals = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Jenkins"
      Effect    = "Allow"
      Principal = { AWS = var.trusted_principals }
      Action    = "sts:AssumeRole"
      Condition = merge(local.session_name, var.external_id == null ? {} : { StringEquals = { "sts:ExternalId" = var.external_id } })
    }]
  })

  issuer = try(split(":oidc-provider/", module.inputs.oidc.provider_arn)[1], "")
  trust_token = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Jenkins"
      Effect    = "Allow"
      Principal = { Federated = try(module.inputs.oidc.provider_arn, "") }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "${local.issuer}:aud" = try(module.inputs.oidc.audience, "") }
        StringLike   = { "${local.issuer}:sub" = try(module.inputs.oidc.subjects, []) }
      }
    }]
  })

  # A token is valid for one role, so the agent assumes the read role with it, and the others from there.
  trust_reader = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "ReadingRole"
      Effect    = "Allow"
      Principal = { AWS = aws_iam_role.read.arn }
      Action    = "sts:AssumeRole"
      Condition = local.session_name
    }]
  })
}

# For every command: reads deployments, services, task definitions, tasks, targets and alarms.
resource "aws_iam_role" "read" {
  name                 = "${local.name}-read-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "Jenkins reads the status of ${var.codedeploy.application_name}"
  assume_role_policy   = module.inputs.oidc == null ? local.trust_principals : local.trust_token
  tags                 = var.context.all_tags
}

# For deploy, upload, continue, rollback and, if allowed, rotate.
resource "aws_iam_role" "deploy" {
  name                 = "${local.name}-deploy-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "Jenkins deploys ${var.codedeploy.application_name}"
  assume_role_policy   = module.inputs.oidc == null ? local.trust_principals : local.trust_reader
  tags                 = var.context.all_tags
}

# For stop, and for deploy, wait and rollback when a build is aborted.
resource "aws_iam_role" "stop" {
  name                 = "${local.name}-stop-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "Jenkins stops deployments"
  assume_role_policy   = module.inputs.oidc == null ? local.trust_principals : local.trust_reader
  tags                 = var.context.all_tags
}

resource "aws_iam_role_policy" "stop" {
  name = "stop"
  role = aws_iam_role.stop.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      # This action does not support resource-level permissions.
      Sid       = "StopDeployment"
      Effect    = "Allow"
      Action    = "codedeploy:StopDeployment"
      Resource  = "*"
      Condition = local.in_this_region
    }]
  })
}
