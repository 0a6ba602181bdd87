# What the service role may do, and that it is no more than the group needs.

mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context                        = { prefix = "shop-dev", all_tags = {} }
  application_name               = "web"
  group_name                     = "web"
  ecs_service                    = { cluster_name = "shop-dev-main", service_name = "shop-dev-web" }
  pass_role_arns                 = ["arn:aws:iam::111111111111:role/execution"]
  default_deployment_config_name = "CodeDeployDefault.ECSAllAtOnce"
  load_balancer = {
    target_group_pair = {
      prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/50dc6c495c0c9188/f2f7dc8efc522ab2"]
      target_groups = ["shop-dev-web-blue", "shop-dev-web-green"]
      test_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/50dc6c495c0c9188/0000000000000001"]
    }
  }
}

run "codedeploy_can_assume_it_for_this_group_only" {
  command = plan

  assert {
    condition = one(jsondecode(aws_iam_role.this.assume_role_policy).Statement) == {
      Sid       = "OnlyThisDeploymentGroup"
      Effect    = "Allow"
      Principal = { Service = "codedeploy.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = "111111111111" }
        ArnEquals    = { "aws:SourceArn" = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop-dev-web/shop-dev-web" }
      }
    }
    error_message = "Only CodeDeploy, for this group, may assume the role."
  }
}

run "the_smallest_role" {
  command = plan

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == [
      "ShiftTheService", "RemoveItsTaskSets", "CreateTaskSetsAndLook", "ShiftTheListeners", "ShiftTheirRules", "HandTaskRolesToEcs",
    ]
    error_message = "Hooks, notifications and revisions must add permissions only if they are configured."
  }

  assert {
    condition = flatten([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Action if statement.Resource == "*"]) == [
      "ecs:CreateTaskSet", "elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeListeners",
      "elasticloadbalancing:DescribeRules", "cloudwatch:DescribeAlarms",
    ]
    error_message = "Only actions that IAM cannot limit to a resource may apply to all."
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid => statement.Resource if statement.Resource != "*" } == {
      ShiftTheService   = "arn:aws:ecs:eu-west-1:111111111111:service/shop-dev-main/shop-dev-web"
      RemoveItsTaskSets = "arn:aws:ecs:eu-west-1:111111111111:task-set/shop-dev-main/shop-dev-web/*"
      ShiftTheListeners = [
        "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/50dc6c495c0c9188/f2f7dc8efc522ab2",
        "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/50dc6c495c0c9188/0000000000000001",
      ]
      ShiftTheirRules = [
        "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener-rule/app/shop-dev-web/50dc6c495c0c9188/f2f7dc8efc522ab2/*",
        "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener-rule/app/shop-dev-web/50dc6c495c0c9188/0000000000000001/*",
      ]
      HandTaskRolesToEcs = ["arn:aws:iam::111111111111:role/execution"]
    }
    error_message = "Everything else must be limited to this service, its listeners and its roles."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Condition if statement.Sid == "HandTaskRolesToEcs"]) == { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
    error_message = "Roles must be passed to ECS tasks only."
  }
}

run "hooks_notifications_and_revisions" {
  command = plan

  variables {
    hook_function_arns = ["arn:aws:lambda:eu-west-1:111111111111:function:smoke-test"]
    notifications      = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:deployments" }
    revision_bucket = {
      name    = "artifacts"
      prefix  = "appspec/"
      key_arn = "arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000"
    }
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid => statement.Resource if contains(["CallHooks", "Notify", "ReadRevisions", "DecryptRevisions"], statement.Sid) } == {
      CallHooks        = ["arn:aws:lambda:eu-west-1:111111111111:function:smoke-test", "arn:aws:lambda:eu-west-1:111111111111:function:smoke-test:*"]
      Notify           = "arn:aws:sns:eu-west-1:111111111111:deployments"
      ReadRevisions    = "arn:aws:s3:::artifacts/appspec/*"
      DecryptRevisions = "arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-000000000000"
    }
    error_message = "Each additional permission must be limited to the given resources."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Condition if statement.Sid == "DecryptRevisions"]) == { StringEquals = { "kms:ViaService" = "s3.eu-west-1.amazonaws.com" } }
    error_message = "The key may be used through S3 only."
  }

  assert {
    condition = one(aws_codedeploy_deployment_group.this.trigger_configuration) == {
      trigger_name       = "shop-dev-web"
      trigger_target_arn = "arn:aws:sns:eu-west-1:111111111111:deployments"
      trigger_events     = toset(["DeploymentSuccess", "DeploymentFailure", "DeploymentStop", "DeploymentRollback"])
    }
    error_message = "The topic must be notified of every final status of a deployment."
  }
}

run "a_bucket_without_a_key" {
  command = plan

  variables {
    revision_bucket = { name = "artifacts" }
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if strcontains(statement.Sid, "Revisions")] == ["arn:aws:s3:::artifacts/*"]
    error_message = "Without a key there must be nothing to decrypt."
  }
}
