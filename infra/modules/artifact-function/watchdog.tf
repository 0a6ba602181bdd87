# The watchdog: the same program, told by Lambda of an invocation that ended without a word of its own (killed, out of
# memory, out of time, never started) or that was given up. It reports the job as failed; without it, the pipeline would
# stand still for twenty minutes. Lambda hands it the record of the invocation and stores it nowhere.

resource "aws_lambda_function" "watchdog" {
  #checkov:skip=CKV_AWS_115:A reservation takes from the quota of the account, and from a new one more than it has; reserved_concurrency sets it.
  #checkov:skip=CKV_AWS_116:A dead letter queue would store the record, which holds the credentials of the job.
  #checkov:skip=CKV_AWS_117:The function calls one public AWS endpoint and accepts no connection, so a VPC would add no protection.
  #checkov:skip=CKV_AWS_272:Signing needs a signing profile of the account. Where there is one, package.code_signing_config_arn turns it on.
  count = var.watchdog ? 1 : 0

  function_name = local.watchdog
  description   = "Reports the jobs that ${local.name} could not report itself"
  role          = aws_iam_role.watchdog[0].arn

  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]
  filename         = var.package.path
  source_code_hash = filebase64sha256(var.package.path)

  code_signing_config_arn = var.package.code_signing_config_arn
  # Nothing of what may have broken the other one is the caller's here: neither memory nor time.
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
  #checkov:skip=CKV_AWS_338:The retention is the caller's; the default is one year.
  #checkov:skip=CKV_AWS_158:CloudWatch Logs always encrypts; kms_key_arn is for who needs a key of their own.
  count = var.watchdog ? 1 : 0

  name              = "/aws/lambda/${local.watchdog}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.kms_key_arn
  tags              = var.context.all_tags
}

# It reports failures, and can do nothing else: least of all succeed.
resource "aws_iam_role" "watchdog" {
  count = var.watchdog ? 1 : 0

  name               = local.watchdog
  description        = "Execution role of the function ${local.watchdog}"
  assume_role_policy = local.trust_lambda
  tags               = var.context.all_tags
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
          # IAM knows no resource for this one.
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
