# The execution role. What it may do follows from the request: a describing role that is assumed needs no rights here, and
# the artifacts are reached with the credentials of the job unless s3_access says otherwise.

locals {
  request = var.user_parameters

  # A config file may hold any key, but for describing in another account its role has to be allowed anyway.
  own_describe = (
    local.request.role_arn == null &&
    (local.request.task_definition != null || local.request.service != null || local.request.config != null)
  )

  # Where ECS is asked: in the region of the request, that of an ARN in it, or that of the function.
  ecs_region = coalesce(
    local.request.region,
    try(regex("^arn:[a-z-]+:ecs:([a-z0-9-]+):", local.request.task_definition)[0], null),
    try(regex("^arn:[a-z-]+:ecs:([a-z0-9-]+):", local.request.service)[0], null),
    local.region,
  )

  # IfExists: Lambda does not promise to say for which account it asks.
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

  # Every statement, and whether this request needs it. CodePipeline cuts the name of an artifact to ten characters where
  # it makes a key of it.
  statements = [
    {
      needed   = true
      Sid      = "WriteOwnLog"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = "arn:${local.partition}:logs:${local.region}:${local.account}:log-group:/aws/lambda/${local.name}:*"
    },
    {
      # IAM knows no resource for these two.
      needed    = true
      Sid       = "ReportJob"
      Action    = ["codepipeline:PutJobSuccessResult", "codepipeline:PutJobFailureResult"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
    {
      # IAM knows no resource for this one.
      needed    = local.own_describe
      Sid       = "DescribeTaskDefinition"
      Action    = "ecs:DescribeTaskDefinition"
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.ecs_region } }
    },
    {
      # A config file may name the service, and nobody knows here which one.
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
      # Lambda hands the record of a lost invocation over as this role.
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
      # Lambda decrypts the environment as this role.
      needed   = var.kms_key_arn != null
      Sid      = "DecryptEnvironment"
      Action   = "kms:Decrypt"
      Resource = coalesce(var.kms_key_arn, "none")
    },
    {
      # Lambda sends the segments as this role; IAM knows no resource for these two.
      needed    = var.tracing_mode == "Active"
      Sid       = "SendTraces"
      Action    = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.region } }
    },
  ]
}

resource "aws_iam_role" "this" {
  name               = "${local.name}-exec"
  description        = "Execution role of the function ${local.name}"
  assume_role_policy = local.trust_lambda

  tags = var.context.all_tags
}

resource "aws_iam_role_policy" "this" {
  name = "generate-codedeploy-artifact"
  role = aws_iam_role.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in local.statements :
      merge({ Effect = "Allow" }, { for key, value in statement : key => value if key != "needed" }) if statement.needed
    ]
  })
}
