# What the function may read to check the account, if the request sets `verify`. Nothing here changes anything or reads the
# value of a secret. A rule whose permission is missing is not checked.

variable "verify_access" {
  description = "Whether the function may read what it needs to check the account. By default only if `user_parameters` sets `verify`; set it to true if a file that `config` names does. If the request sets `role_arn`, that role needs the permissions instead."
  type        = bool
  default     = null
}

locals {
  verifies = module.inputs.user_parameters.role_arn == null && coalesce(var.verify_access, module.inputs.user_parameters.verify, false)

  deployment_group = join("/", [
    coalesce(module.inputs.user_parameters.application, "*"),
    coalesce(module.inputs.user_parameters.deployment_group, "*"),
  ])

  verify_statements = [
    {
      Sid      = "CheckDeploymentGroup"
      Action   = ["codedeploy:GetDeploymentGroup", "codedeploy:ListDeployments"]
      Resource = "arn:${local.partition}:codedeploy:${local.ecs_region}:${local.account}:deploymentgroup:${local.deployment_group}"
    },
    {
      # The service can be that of the deployment group, which Terraform does not read.
      Sid      = "CheckService"
      Action   = "ecs:DescribeServices"
      Resource = "arn:${local.partition}:ecs:${local.ecs_region}:${local.account}:service/${try(regex("[A-Za-z0-9_-]+/[A-Za-z0-9_-]+$", module.inputs.user_parameters.service), "*")}"
    },
    {
      # IAM is called in one Region for the whole partition.
      Sid      = "CheckRoles"
      Action   = ["iam:GetRole", "iam:SimulatePrincipalPolicy"]
      Resource = "arn:${local.partition}:iam::${local.account}:role/*"
    },
    {
      Sid    = "CheckReferences"
      Action = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "lambda:GetFunctionConfiguration", "secretsmanager:DescribeSecret"]
      Resource = [
        "arn:${local.partition}:ecr:*:*:repository/*",
        "arn:${local.partition}:lambda:${local.ecs_region}:${local.account}:function:*",
        "arn:${local.partition}:secretsmanager:${local.ecs_region}:${local.account}:secret:*",
      ]
    },
    {
      # These actions do not support resource-level permissions, or only for resources that have to be listed first.
      Sid = "CheckAccount"
      Action = [
        "application-autoscaling:DescribeScalableTargets",
        "cloudwatch:DescribeAlarms",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeSubnets",
        "elasticloadbalancing:DescribeListeners",
        "elasticloadbalancing:DescribeRules",
        "elasticloadbalancing:DescribeTargetGroups",
        "logs:DescribeLogGroups",
        "servicequotas:GetAWSDefaultServiceQuota",
        "servicequotas:GetServiceQuota",
        "ssm:DescribeParameters",
      ]
      Resource  = "*"
      Condition = { StringEquals = { "aws:RequestedRegion" = local.ecs_region } }
    },
  ]
}
