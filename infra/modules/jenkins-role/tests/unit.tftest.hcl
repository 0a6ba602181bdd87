mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

override_resource {
  target          = aws_iam_role.read
  values          = { arn = "arn:aws:iam::111111111111:role/shop-dev-jenkins-read" }
  override_during = plan
}

override_resource {
  target          = aws_iam_role.deploy
  values          = { arn = "arn:aws:iam::111111111111:role/shop-dev-jenkins-deploy" }
  override_during = plan
}

override_resource {
  target          = aws_iam_role.stop
  values          = { arn = "arn:aws:iam::111111111111:role/shop-dev-jenkins-stop" }
  override_during = plan
}

variables {
  context            = { prefix = "shop-dev", all_tags = { app_id = "shop" } }
  name               = "jenkins"
  trusted_principals = ["arn:aws:iam::333333333333:role/jenkins-agent"]
  service            = { cluster_name = "main", service_name = "web" }
  codedeploy = {
    application_name = "shop-dev-web"
    group_name       = "shop-dev-web-canary"
    application_arn  = "arn:aws:codedeploy:eu-west-1:111111111111:application:shop-dev-web"
    group_arn        = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop-dev-web/shop-dev-web-canary"
    config_arn       = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"
  }
  task_definition_family = "shop-dev-web"
}

run "three_roles_three_tasks" {
  command = plan

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.read.policy).Statement : statement.Sid => statement.Resource } == {
      ReadGroup       = var.codedeploy.group_arn
      ReadApplication = var.codedeploy.application_arn
      ReadConfigs     = [var.codedeploy.config_arn]
      DescribeService = "arn:aws:ecs:eu-west-1:111111111111:service/main/web"
      DescribeTasks   = "arn:aws:ecs:eu-west-1:111111111111:task/main/*"
      ListTasks       = "*"
      ReadProgress    = "*"
    }
    error_message = "The reading role must read only this application and service, and what IAM cannot limit."
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.deploy.policy).Statement : statement.Sid => statement.Resource } == {
      DeployGroup        = var.codedeploy.group_arn
      KeepRevisions      = var.codedeploy.application_arn
      ReadConfigs        = [var.codedeploy.config_arn]
      ContinueDeployment = "*"
    }
    error_message = "By default, the deploying role deploys registered revisions only."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.deploy.policy).Statement[0].Action == ["codedeploy:CreateDeployment", "codedeploy:UpdateDeploymentGroup"]
    error_message = "By default, a rollback may disable alarms."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.stop.policy).Statement : statement.Action] == ["codedeploy:StopDeployment"]
    error_message = "The stopping role must only stop deployments."
  }

  assert {
    condition     = !strcontains("${aws_iam_role_policy.read.policy}${aws_iam_role_policy.deploy.policy}", "StopDeployment")
    error_message = "No other role may stop deployments."
  }

  assert {
    condition = alltrue(flatten([
      for policy in [aws_iam_role_policy.read.policy, aws_iam_role_policy.deploy.policy, aws_iam_role_policy.stop.policy] : [
        for statement in jsondecode(policy).Statement : [
          for action in flatten([statement.Action]) :
          !strcontains(action, "*") && (statement.Resource != "*" || can(statement.Condition)) && (statement.Resource != "*" || contains([
            "cloudwatch:DescribeAlarms",
            "codedeploy:BatchGetDeploymentTargets",
            "codedeploy:ContinueDeployment",
            "codedeploy:ListDeploymentTargets",
            "codedeploy:StopDeployment",
            "ecs:DescribeTaskDefinition",
            "ecs:ListTasks",
            "ecs:RegisterTaskDefinition",
            "elasticloadbalancing:DescribeListeners",
            "elasticloadbalancing:DescribeRules",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
          ], action))
        ]
      ]
    ]))
    error_message = "No action may be a wildcard, and all resources only for actions without resource-level permissions, with a condition."
  }

  assert {
    condition = alltrue([
      for role in [aws_iam_role.read, aws_iam_role.deploy, aws_iam_role.stop] : nonsensitive(jsondecode(role.assume_role_policy).Statement) == [{
        Sid       = "Jenkins"
        Effect    = "Allow"
        Principal = { AWS = ["arn:aws:iam::333333333333:role/jenkins-agent"] }
        Action    = "sts:AssumeRole"
        Condition = { StringLike = { "sts:RoleSessionName" = "codedeploy-artifact*" } }
      }]
    ])
    error_message = "All three trust the agent, by the session names of the command line."
  }
}

run "the_command_line_gets_its_flags" {
  command = plan

  assert {
    condition     = join(" ", output.command_line.arguments.deploy) == "--application shop-dev-web --deployment-group shop-dev-web-canary --service main/web --role-arn arn:aws:iam::111111111111:role/shop-dev-jenkins-read --deploy-role-arn arn:aws:iam::111111111111:role/shop-dev-jenkins-deploy --stop-role-arn arn:aws:iam::111111111111:role/shop-dev-jenkins-stop"
    error_message = "deploy names application, group, service and the three roles."
  }

  assert {
    condition     = keys(output.command_line.arguments) == ["continue", "deploy", "generate", "rollback", "status", "stop", "upload", "wait"]
    error_message = "One entry for each verb; rotate only where it is allowed."
  }

  assert {
    condition     = join(" ", output.command_line.arguments.stop) == "--role-arn arn:aws:iam::111111111111:role/shop-dev-jenkins-read --stop-role-arn arn:aws:iam::111111111111:role/shop-dev-jenkins-stop" && output.command_line.environment == { AWS_REGION = "eu-west-1" } && output.command_line.revisions == null
    error_message = "stop does not use the deploying role, and without revisions there is no folder."
  }
}

run "all_three_require_an_external_id" {
  command = plan
  variables {
    external_id = "jenkins/shop-7f3a"
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.read, aws_iam_role.deploy, aws_iam_role.stop] : nonsensitive(jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals) == { "sts:ExternalId" = "jenkins/shop-7f3a" }])
    error_message = "Each role must require it."
  }

  assert {
    condition     = issensitive(aws_iam_role.stop.assume_role_policy) && !issensitive(output.command_line) && !strcontains(jsonencode(output.command_line), "7f3a")
    error_message = "It must not be in any output."
  }
}

run "a_token_can_assume_the_reading_role_only" {
  command = plan
  variables {
    trusted_principals = []
    oidc = {
      provider_arn = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC"
      subjects     = ["system:serviceaccount:jenkins:agent"]
    }
  }

  assert {
    condition = nonsensitive(jsondecode(aws_iam_role.read.assume_role_policy).Statement) == [{
      Sid       = "Jenkins"
      Effect    = "Allow"
      Principal = { Federated = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/ABC" }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/ABC:aud" = "sts.amazonaws.com" }
        StringLike   = { "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub" = ["system:serviceaccount:jenkins:agent"] }
      }
    }]
    error_message = "The subject must be trusted with a token for STS."
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.deploy, aws_iam_role.stop] : nonsensitive(jsondecode(role.assume_role_policy).Statement[0].Principal.AWS) == "arn:aws:iam::111111111111:role/shop-dev-jenkins-read"])
    error_message = "The other two trust the reading role."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.read.policy).Statement : statement.Resource if statement.Sid == "BecomeOthers"] == [["arn:aws:iam::111111111111:role/shop-dev-jenkins-deploy", "arn:aws:iam::111111111111:role/shop-dev-jenkins-stop"]]
    error_message = "The reading role must be allowed to assume them."
  }

  assert {
    condition     = output.command_line.environment["AWS_ROLE_ARN"] == "arn:aws:iam::111111111111:role/shop-dev-jenkins-read" && !contains(output.command_line.arguments.deploy, "--role-arn") && length(output.command_line.arguments.status) == 0
    error_message = "The agent starts as the reading role, so no flag must name it."
  }
}

run "all_permissions" {
  command = plan
  variables {
    pass_role_arns   = ["arn:aws:iam::111111111111:role/shop-dev-exec"]
    more_config_arns = ["arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:CodeDeployDefault.ECSLinear10PercentEvery1Minutes"]
    revisions        = { bucket_arn = "arn:aws:s3:::shop-revisions", prefix = "appspec/web/", key_arn = "arn:aws:kms:eu-west-1:111111111111:key/1" }
    allow            = { rotate = true, alarms = true, search = true, suspend_scaling = true }
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.read.policy).Statement : [statement.Action, statement.Condition.StringEquals["aws:RequestedRegion"]] if statement.Sid == "SearchGroups"] == [[["codedeploy:BatchGetDeploymentGroups", "codedeploy:ListApplications", "codedeploy:ListDeploymentGroups"], "eu-west-1"]]
    error_message = "The reading role may search for the group of a service, in its region."
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.deploy.policy).Statement : statement.Sid => statement.Resource if !contains(["DeployGroup", "KeepRevisions", "ContinueDeployment"], statement.Sid) } == {
      ReadConfigs            = [var.codedeploy.config_arn, "arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:CodeDeployDefault.ECSLinear10PercentEvery1Minutes"]
      RegisterTaskDefinition = "*"
      TagTaskDefinition      = ["arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-dev-web", "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-dev-web:*"]
      PassTaskRoles          = ["arn:aws:iam::111111111111:role/shop-dev-exec"]
      KeepAppSpecs           = "arn:aws:s3:::shop-revisions/appspec/web/*"
      UseRevisionKey         = "arn:aws:kms:eu-west-1:111111111111:key/1"
      RotateService          = "arn:aws:ecs:eu-west-1:111111111111:service/main/web"
      SuspendScaling         = "arn:aws:application-autoscaling:eu-west-1:111111111111:scalable-target/*"
    }
    error_message = "Each of these must be limited to resources."
  }

  assert {
    condition = (
      [for statement in jsondecode(aws_iam_role_policy.deploy.policy).Statement : [statement.Action, statement.Condition] if statement.Sid == "SuspendScaling"] == [["application-autoscaling:RegisterScalableTarget", { StringEquals = { "application-autoscaling:service-namespace" = "ecs" } }]] &&
      [for statement in jsondecode(aws_iam_role_policy.read.policy).Statement : statement.Action if statement.Sid == "ReadScaling"] == ["application-autoscaling:DescribeScalableTargets"]
    )
    error_message = "Only auto scaling of ECS services may be suspended."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.deploy.policy).Statement[0].Action == ["codedeploy:CreateDeployment", "codedeploy:UpdateDeploymentGroup"]
    error_message = "Alarms of one deployment need UpdateDeploymentGroup."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.deploy.policy).Statement : statement.Condition.StringEquals["iam:PassedToService"] if statement.Sid == "PassTaskRoles"] == ["ecs-tasks.amazonaws.com"]
    error_message = "Roles are passed to tasks only."
  }

  assert {
    condition     = output.command_line.revisions == "s3://shop-revisions/appspec/web/" && slice(output.command_line.arguments.upload, 4, 6) == ["--kms-key", "arn:aws:kms:eu-west-1:111111111111:key/1"] && output.command_line.arguments["rotate"][0] == "main/web"
    error_message = "The folder for uploads, its key, and the service to rotate."
  }
}

# Each run is a row of a table: a wrong value for every variable with wrong values left, whose rules do not depend on others in the
# row. Terraform names the variables whose wrong value it accepts.
run "refuses_1" {
  command = plan
  variables {
    # a long name
    name = "a-name-that-leaves-no-room-for-the-rest-of-a-role-"
    # trust an account
    trusted_principals = ["arn:aws:iam::333333333333:root"]
    # a short external ID
    external_id = "x"
    # any deployment config
    more_config_arns = ["arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:*"]
    # a revision for the family
    task_definition_family = "shop-dev-web:7"
    # pass any role
    pass_role_arns = ["arn:aws:iam::111111111111:role/*"]
  }
  expect_failures = [var.name, var.trusted_principals, var.external_id, var.more_config_arns, var.task_definition_family, var.pass_role_arns]
}

run "refuses_2" {
  command = plan
  variables {
    # trust nobody
    trusted_principals = []
    # pass roles by a single wildcard
    pass_role_arns = ["arn:aws:iam::111111111111:role/shop-dev-exe?"]
  }
  expect_failures = [var.trusted_principals, var.pass_role_arns]
}

run "refuses_4" {
  command = plan
  variables {
    # an external ID for a token
    trusted_principals = []
    external_id        = "jenkins/shop"
    oidc               = { provider_arn = "arn:aws:iam::111111111111:oidc-provider/example.org", subjects = ["job:shop"] }
  }
  expect_failures = [var.external_id]
}

run "evidence_is_read_where_it_is_named" {
  command = plan
  variables {
    evidence = {
      log_group_arns  = ["arn:aws:logs:eu-west-1:111111111111:log-group:/ecs/web"]
      function_arns   = ["arn:aws:lambda:eu-west-1:111111111111:function:smoke-test"]
      repository_arns = ["arn:aws:ecr:eu-west-1:111111111111:repository/web"]
    }
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.read.policy).Statement : statement.Sid => { action = flatten([statement.Action]), resource = flatten([statement.Resource]) } if contains(["ReadLogs", "ReadFunctions", "ReadImages"], statement.Sid) } == {
      ReadLogs = {
        action   = ["logs:FilterLogEvents", "logs:GetLogEvents"]
        resource = ["arn:aws:logs:eu-west-1:111111111111:log-group:/ecs/web", "arn:aws:logs:eu-west-1:111111111111:log-group:/ecs/web:*"]
      }
      ReadFunctions = { action = ["lambda:GetFunctionConfiguration"], resource = ["arn:aws:lambda:eu-west-1:111111111111:function:smoke-test"] }
      ReadImages    = { action = ["ecr:DescribeImages"], resource = ["arn:aws:ecr:eu-west-1:111111111111:repository/web"] }
    }
    error_message = "The read role must read only the logs, functions and repositories that are named."
  }
}

run "evidence_has_no_wildcards" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    evidence = { log_group_arns = ["arn:aws:logs:eu-west-1:111111111111:log-group:*"] }
  }
  expect_failures = [var.evidence]
}

run "notifications_go_to_the_topics_that_are_named" {
  command = plan
  variables {
    notification_topic_arns = ["arn:aws:sns:eu-west-1:111111111111:deployments"]
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.read.policy).Statement : [statement.Action, statement.Resource] if statement.Sid == "Notify"] == [["sns:Publish", ["arn:aws:sns:eu-west-1:111111111111:deployments"]]]
    error_message = "The read role must publish to the named topic only."
  }
}

run "a_topic_has_no_wildcard" {
  command = plan
  variables {
    notification_topic_arns = ["arn:aws:sns:eu-west-1:111111111111:*"]
  }
  expect_failures = [var.notification_topic_arns]
}
