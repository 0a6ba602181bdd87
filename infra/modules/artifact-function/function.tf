data "aws_partition" "current" {}
data "aws_region" "current" {}
data "aws_caller_identity" "current" {}

locals {
  name      = "${var.context.prefix}-${var.name}"
  watchdog  = "${local.name}-watchdog"
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name
  account   = data.aws_caller_identity.current.account_id

  # The family in "FAMILY", "FAMILY:REVISION" or the ARN of a revision.
  family = try(regex("([A-Za-z0-9_-]+)(?::[0-9]+)?$", var.user_parameters.task_definition)[0], null)

  # The function refuses a setting that is there and empty.
  settings = {
    ALLOWED_ROLE_ARNS        = join(",", var.allowed_role_arns)
    ALLOWED_ACCOUNTS         = join(",", coalesce(var.allowed_accounts, [local.account]))
    ALLOWED_BUCKETS          = var.artifact_bucket == null ? "" : var.artifact_bucket.name
    ALLOWED_TASK_DEFINITIONS = join(",", coalesce(var.allowed_task_definitions, compact([local.family])))
    S3_ACCESS                = var.s3_access
    AWS_LAMBDA_LOG_LEVEL     = var.log_level
  }
}

# No resource policy: CodePipeline invokes the function as the role of the pipeline's action, so that role holds
# lambda:InvokeFunction, and nobody else is let in.
resource "aws_lambda_function" "this" {
  #checkov:skip=CKV_AWS_115:A reservation takes from the quota of the account, and from a new one more than it has; reserved_concurrency sets it.
  #checkov:skip=CKV_AWS_116:A dead letter queue would store the event, which holds the credentials of the job.
  #checkov:skip=CKV_AWS_117:The function calls public AWS endpoints only and accepts no connection, so a VPC would add no protection.
  #checkov:skip=CKV_AWS_272:Signing needs a signing profile of the account. Where there is one, package.code_signing_config_arn turns it on.
  function_name = local.name
  description   = "Makes appspec.yml and taskdef.json for CodeDeployToECS"
  role          = aws_iam_role.this.arn

  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]
  filename         = var.package.path
  source_code_hash = filebase64sha256(var.package.path)

  code_signing_config_arn        = var.package.code_signing_config_arn
  memory_size                    = var.memory_size
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrency
  kms_key_arn                    = var.kms_key_arn

  environment {
    variables = { for name, value in local.settings : name => value if value != "" }
  }

  # Text, because the lines of the function are text: as JSON, Lambda would wrap each into another line.
  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.this.name
  }

  tracing_config {
    mode = var.tracing_mode
  }

  tags = var.context.all_tags

  # A pipeline runs as soon as it is there; its first job must find the permissions.
  depends_on = [aws_iam_role_policy.this]
}

# CodePipeline invokes asynchronously. What failed in the process itself is tried again, which is safe: the same job gives
# the same bytes under the same key. After 15 minutes the credentials in the event have expired, so it is dropped. What is
# given up goes to the watchdog and nowhere else: any other destination would store the event with its credentials.
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

  # Lambda asks whether the role may call the destination.
  depends_on = [aws_iam_role_policy.this]
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/lambda/${local.name}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.kms_key_arn
  tags              = var.context.all_tags
}
