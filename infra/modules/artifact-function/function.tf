data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  name      = "${var.context.prefix}-${var.name}"
  watchdog  = "${local.name}-watchdog"
  partition = data.aws_partition.current.partition
  # Provider 5.100 has no `region`, and provider 6 deprecates the other attributes with the name of the Region.
  region  = split(".", data.aws_region.current.endpoint)[1]
  account = data.aws_caller_identity.current.account_id

  # The family from FAMILY, FAMILY:REVISION or a task definition ARN.
  family = try(regex("([A-Za-z0-9_-]+)(?::[0-9]+)?$", module.inputs.user_parameters.task_definition)[0], null)

  # Bucket and key of the package, or two nulls.
  package_object = module.inputs.package.s3_uri == null ? [] : regex("^s3://([^/]+)/(.+)$", module.inputs.package.s3_uri)
  package_bucket = try(local.package_object[0], null)
  package_key    = try(local.package_object[1], null)

  # The function rejects settings that are set but empty.
  settings = {
    ALLOWED_ROLE_ARNS        = join(",", var.allowed_role_arns)
    ALLOWED_ACCOUNTS         = join(",", coalesce(var.allowed_accounts, [local.account]))
    ALLOWED_BUCKETS          = var.artifact_bucket == null ? "" : var.artifact_bucket.name
    ALLOWED_TASK_DEFINITIONS = join(",", coalesce(var.allowed_task_definitions, compact([local.family])))
    S3_ACCESS                = var.s3_access
    AWS_LAMBDA_LOG_LEVEL     = var.log_level
  }
}

# No resource-based policy: CodePipeline invokes the function with the role of the pipeline's action, so only that role needs
# lambda:InvokeFunction.
resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_115:Reserved concurrency reduces the account's quota, and new accounts do not have enough; reserved_concurrency sets it.
  #checkov:skip=CKV_AWS_116:A dead letter queue would store the event, which holds the credentials of the job.
  #checkov:skip=CKV_AWS_117:The function only calls public AWS endpoints and accepts no connections, so a VPC would add no protection.
  #checkov:skip=CKV_AWS_272:Code signing requires a signing profile in the account; package.code_signing_config_arn enables it.
  function_name = local.name
  description   = "Generates appspec.yml and taskdef.json for CodeDeployToECS"
  role          = aws_iam_role.this.arn

  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]
  filename         = module.inputs.package.path
  source_code_hash = module.inputs.package.path == null ? null : filebase64sha256(module.inputs.package.path)

  s3_bucket         = local.package_bucket
  s3_key            = local.package_key
  s3_object_version = module.inputs.package.s3_object_version

  code_signing_config_arn        = module.inputs.package.code_signing_config_arn
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrency
  kms_key_arn                    = var.kms_key_arn

  environment {
    variables = { for name, value in local.settings : name => value if value != "" }
  }

  # The function logs text lines; with the JSON format, Lambda would wrap each line in a JSON object.
  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  tracing_config {
    mode = var.tracing_mode
  }

  tags = var.context.all_tags

  # A pipeline runs as soon as it is created, and its first job requires the permissions.
  depends_on = [aws_iam_role_policy.this]
}

# CodePipeline invokes the function asynchronously. Lambda retries failed invocations, which is safe: the same job writes the
# same bytes to the same key. The credentials in the event expire after 15 minutes, so older events are discarded. Discarded
# events go only to the watchdog: any other destination would store the event with its credentials.
resource "aws_lambda_function_event_invoke_config" "this" {
  function_name                = aws_lambda_function.this.function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 900

  dynamic "destination_config" {
    for_each = aws_lambda_function.watchdog[*].arn

    content {
      on_failure {
        destination = destination_config.value
      }
    }
  }

  # Lambda checks that the role can invoke the destination.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${local.name}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.kms_key_arn
  tags              = var.context.all_tags
}
