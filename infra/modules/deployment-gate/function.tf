data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  name      = "${var.context.prefix}-${var.name}"
  partition = data.aws_partition.current.partition
  # Provider 5.100 has no `region`, and provider 6 deprecates the other attributes with the name of the Region.
  region  = split(".", data.aws_region.current.endpoint)[1]
  account = data.aws_caller_identity.current.account_id

  arn = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${local.name}"

  # Bucket and key of the package, or two nulls.
  package_object = module.inputs.package.s3_uri == null ? [] : regex("^s3://([^/]+)/(.+)$", module.inputs.package.s3_uri)

  # What is not set is not sent.
  settings = {
    CHECKS               = var.checks == null ? "" : var.checks
    CHECKS_URL           = var.url == null ? "" : var.url
    CHECKS_HOST_HEADER   = var.host_header == null ? "" : var.host_header
    CHECKS_ALARMS        = length(var.alarm_names) == 0 ? "" : jsonencode(var.alarm_names)
    CHECKS_CA_FILE       = var.ca_file == null ? "" : var.ca_file
    AWS_LAMBDA_LOG_LEVEL = var.log_level
  }

  # The alarms in `checks`, which only the function checks strictly.
  checks_alarms = try(flatten([yamldecode(coalesce(var.checks, "{}")).alarms]), [])
}

# No resource-based policy: CodeDeploy invokes the function with the service role of the deployment group, and Amazon ECS with the
# role of the lifecycle hook.
resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_115:Reserved concurrency reduces the account's quota, and new accounts do not have enough; reserved_concurrency sets it.
  #checkov:skip=CKV_AWS_116:A lost event has nothing that could be done later: the deployment has failed by then.
  #checkov:skip=CKV_AWS_117:vpc sets subnets and security groups, which a listener without a public address needs.
  #checkov:skip=CKV_AWS_272:Code signing requires a signing profile in the account; package.code_signing_config_arn enables it.
  function_name = local.name
  description   = "Tests the green tasks of a deployment through the test listener"
  role          = aws_iam_role.this.arn

  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]
  filename         = module.inputs.package.path
  source_code_hash = module.inputs.package.path == null ? null : filebase64sha256(module.inputs.package.path)

  s3_bucket         = try(local.package_object[0], null)
  s3_key            = try(local.package_object[1], null)
  s3_object_version = module.inputs.package.s3_object_version

  code_signing_config_arn        = module.inputs.package.code_signing_config_arn
  memory_size                    = 128
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrency
  kms_key_arn                    = var.kms_key_arn

  environment {
    variables = { for name, value in local.settings : name => value if value != "" }
  }

  dynamic "vpc_config" {
    for_each = var.vpc[*]

    content {
      subnet_ids         = vpc_config.value.subnets
      security_group_ids = vpc_config.value.security_groups
    }
  }

  # The function logs text lines; with the JSON format, Lambda would wrap each line in a JSON object.
  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  tracing_config {
    mode = "PassThrough"
  }

  tags = var.context.all_tags

  lifecycle {
    precondition {
      condition     = sum([for name, value in local.settings : value == "" ? 0 : length(name) + length(value)]) <= 4000
      error_message = "checks, url, host_header and alarm_names exceed the 4 KB that Lambda allows for the environment of a function."
    }

    precondition {
      condition     = var.checks != null || length(var.alarm_names) > 0
      error_message = "There is nothing to check: set checks, alarm_names, or both."
    }
  }

  # Lambda needs the permissions of the role to create the network interfaces.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${local.name}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.kms_key_arn
  tags              = var.context.all_tags
}
