# The watchdog: the same program as the on-failure destination. Lambda invokes it with the record of an invocation that
# crashed, ran out of memory or time, never started or was discarded. It reports the job as failed; without it, the pipeline
# would be blocked for twenty minutes. The record is not stored anywhere.

resource "aws_lambda_function" "watchdog" {
  #checkov:skip=CKV_AWS_115:Reserved concurrency reduces the account's quota, and new accounts do not have enough; reserved_concurrency sets it.
  #checkov:skip=CKV_AWS_116:A dead letter queue would store the record, which holds the credentials of the job.
  #checkov:skip=CKV_AWS_117:The function only calls one public AWS endpoint and accepts no connections, so a VPC would add no protection.
  #checkov:skip=CKV_AWS_272:Code signing requires a signing profile in the account; package.code_signing_config_arn enables it.
  count = var.watchdog ? 1 : 0

  function_name = local.watchdog
  description   = "Reports jobs as failed that ${local.name} could not report"
  role          = aws_iam_role.watchdog[0].arn

  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]
  filename         = module.inputs.package.path
  source_code_hash = module.inputs.package.path == null ? null : filebase64sha256(module.inputs.package.path)

  s3_bucket         = local.package_bucket
  s3_key            = local.package_key
  s3_object_version = module.inputs.package.s3_object_version

  code_signing_config_arn = module.inputs.package.code_signing_config_arn
  # Fixed, so that a memory_size or timeout that broke the other function cannot break this one.
  memory_size                    = 128
  timeout                        = 30
  reserved_concurrent_executions = var.reserved_concurrency == -1 ? -1 : 1
  kms_key_arn                    = var.kms_key_arn

  environment {
    variables = { AWS_LAMBDA_LOG_LEVEL = var.log_level }
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.watchdog[0].name
  }

  tracing_config {
    mode = "PassThrough"
  }

  tags = var.context.all_tags

  depends_on = [aws_iam_role_policy.watchdog]
}

resource "aws_lambda_function_event_invoke_config" "watchdog" {
  count = var.watchdog ? 1 : 0

  function_name                = aws_lambda_function.watchdog[0].function_name
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 900
}

resource "aws_cloudwatch_log_group" "watchdog" {
  #checkov:skip=CKV_AWS_338:log_retention_in_days sets the retention; the default is one year.
  #checkov:skip=CKV_AWS_158:CloudWatch Logs always encrypts log data; kms_key_arn sets a customer managed key.
  count = var.watchdog ? 1 : 0

  name              = "/aws/lambda/${local.watchdog}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.kms_key_arn
  tags              = var.context.all_tags
}

# It can report failures and nothing else, in particular not success.
resource "aws_iam_role" "watchdog" {
  count = var.watchdog ? 1 : 0

  name                 = "${local.watchdog}-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "Execution role of the function ${local.watchdog}"
  assume_role_policy   = local.trust_lambda
  tags                 = var.context.all_tags
}

resource "aws_iam_role_policy" "watchdog" {
  count = var.watchdog ? 1 : 0

  name = "report-lost-jobs"
  role = aws_iam_role.watchdog[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "WriteOwnLog"
          Effect   = "Allow"
          Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/lambda/${local.watchdog}:*"
        },
        {
          # This action does not support resource-level permissions.
          Sid       = "ReportLostJob"
          Effect    = "Allow"
          Action    = "codepipeline:PutJobFailureResult"
          Resource  = "*"
          Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
        },
      ],
      [for key in var.kms_key_arn[*] : {
        Sid      = "DecryptEnvironment"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = key
      }],
    )
  })
}
