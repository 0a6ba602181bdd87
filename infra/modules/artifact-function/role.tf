# The execution role. Its permissions follow from the request: a request with a role_arn needs no ECS permissions here, and
# artifacts are accessed with the job's credentials unless s3_access is execution-role.

locals {
  request = module.inputs.user_parameters

  # A config file can set any key, but a role_arn must be in allowed_role_arns in any case.
  own_describe = (
    local.request.role_arn == null &&
    (local.request.task_definition != null || local.request.service != null || local.request.config != null)
  )

  # The Region in which ECS is called: the request's, that of an ARN in the request, or the function's.
  ecs_region = coalesce(
    local.request.region,
    try(regex("^arn:[a-z-]+:ecs:([a-z0-9-]+):", local.request.task_definition)[0], null),
    try(regex("^arn:[a-z-]+:ecs:([a-z0-9-]+):", local.request.service)[0], null),
    local.region,
  )

  # IfExists, because Lambda does not document that it sends aws:SourceAccount.
  trust_lambda = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Lambda"
      Effect    = "Allow"
      Principal = { Service = "lambda.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEqualsIfExists = { "aws:SourceAccount" = local.account } }
    }]
  })

  own_s3    = var.s3_access == "execution-role"
  artifacts = try("arn:${local.partition}:s3:::${var.artifact_bucket.name}", "")

  # Every statement, and whether this request requires it. CodePipeline truncates artifact names to ten characters in object
  # keys.
  statements = [
    {
      needed   = true
      Sid      = "WriteOwnLog"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/lambda/${local.name}:*"
    },
    {
      # These two actions do not support resource-level permissions.
      needed    = true
      Sid       = "ReportJob"
      Action    = ["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      # This action does not support resource-level permissions.
      needed    = local.own_describe
      Sid       = "DescribeTaskDefinition"
      Action    = "ecs:DescribeTaskDefinition"
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.ecs_region } }
    },
    {
      # The service can be named in a config file, which Terraform does not read.
      needed   = local.own_describe && (local.request.service != null || local.request.config != null)
      Sid      = "DescribeService"
      Action   = "ecs:DescribeServices"
      Resource = "arn:${local.partition}:ecs:${local.ecs_region}:${local.account}:service/${try(regex("[A-Za-z0-9_-]+/[A-Za-z0-9_-]+$", local.request.service), "*")}"
    },
    {
      needed   = length(var.allowed_role_arns) > 0
      Sid      = "AssumeDescribingRole"
      Action   = "sts:AssumeRole"
      Resource = var.allowed_role_arns
    },
    {
      # Lambda uses this role to invoke the on-failure destination.
      needed   = var.watchdog
      Sid      = "CallWatchdog"
      Action   = "lambda:InvokeFunction"
      Resource = "arn:${local.partition}:lambda:${local.region}:${local.account}:function:${local.watchdog}"
    },
    {
      needed   = local.own_s3 && length(var.input_artifacts) > 0
      Sid      = "ReadInputArtifacts"
      Action   = "s3:GetObject"
      Resource = [for name in var.input_artifacts : "${local.artifacts}/*/${substr(name, 0, 10)}*"]
    },
    {
      needed   = local.own_s3
      Sid      = "WriteOutputArtifact"
      Action   = "s3:PutObject"
      Resource = "${local.artifacts}/*/${substr(var.output_artifact, 0, 10)}*"
      Condition = {
        StringEquals = { "s3:x-amz-server-side-encryption" = "aws:kms", "aws:ResourceAccount" = local.account }
      }
    },
    {
      needed    = local.own_s3
      Sid       = "UseArtifactKey"
      Action    = length(var.input_artifacts) > 0 ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:GenerateDataKey"]
      Resource  = try(var.artifact_bucket.key_arn, "")
      Condition = { StringEquals = { "kms:ViaService" = "s3.${local.region}.${data.aws_partition.current.dns_suffix}" } }
    },
    {
      # Lambda uses this role to decrypt the environment variables.
      needed   = var.kms_key_arn != null
      Sid      = "DecryptEnvironment"
      Action   = "kms:Decrypt"
      Resource = coalesce(var.kms_key_arn, "none")
    },
    {
      # Lambda uses this role to send trace segments; these two actions do not support resource-level permissions.
      needed    = var.tracing_mode == "Active"
      Sid       = "SendTraces"
      Action    = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
  ]
}

resource "aws_iam_role" "this" {
  name                 = "${local.name}-exec-${local.region}"
  path                 = var.context.iam.path
  permissions_boundary = var.context.iam.permissions_boundary_arn
  description          = "Execution role of the function ${local.name}"
  assume_role_policy   = local.trust_lambda

  tags = var.context.all_tags
}

resource "aws_iam_role_policy" "this" {
  name = "generate-codedeploy-artifact"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in concat(local.statements, [for statement in local.verify_statements : merge({ needed = local.verifies }, statement)]) :
      merge({ Effect = "Allow" }, { for key, value in statement : key => value if key != "needed" }) if statement.needed
    ]
  })
}
