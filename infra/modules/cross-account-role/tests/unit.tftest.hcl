mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

override_resource {
  target          = aws_iam_role.deploy
  values          = { arn = "arn:aws:iam::111111111111:role/shop-prod-web-deploy" }
  override_during = plan
}

variables {
  context = { prefix = "shop-prod", all_tags = { app_id = "shop" } }
  name    = "web"
  trusted = {
    describe = ["arn:aws:iam::222222222222:role/shop-tools-artifact-exec"]
    deploy   = ["arn:aws:iam::222222222222:role/shop-tools-web-pipeline"]
  }
  external_id = "tools/shop-7f3a"
  codedeploy = {
    application_name = "shop-prod-web"
    group_name       = "shop-prod-web-canary"
    application_arn  = "arn:aws:codedeploy:eu-west-1:111111111111:application:shop-prod-web"
    group_arn        = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop-prod-web/shop-prod-web-canary"
    config_arn       = "arn:aws:codedeploy:eu-west-1:111111111111:deploymentconfig:CodeDeployDefault.ECSAllAtOnce"
  }
  task_definition_family = "shop-prod-web"
  pass_role_arns         = ["arn:aws:iam::111111111111:role/shop-prod-task", "arn:aws:iam::111111111111:role/shop-prod-exec"]
  artifact = {
    bucket_arn = "arn:aws:s3:::shop-tools-web-1"
    key_arn    = "arn:aws:kms:eu-west-1:222222222222:key/1"
  }
}

run "the_function_may_assume_the_describing_role" {
  command = plan

  assert {
    condition = nonsensitive(jsondecode(aws_iam_role.describe.assume_role_policy).Statement) == [{
      Sid       = "Function"
      Effect    = "Allow"
      Principal = { AWS = ["arn:aws:iam::222222222222:role/shop-tools-artifact-exec"] }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "sts:ExternalId" = "tools/shop-7f3a" }
        StringLike   = { "sts:RoleSessionName" = "codedeploy-artifact-*" }
      }
    }]
    error_message = "The function's role, with the external id, by the session names that the function uses."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.describe.policy).Statement : statement.Action] == ["ecs:DescribeTaskDefinition"]
    error_message = "Without a service, it only describes task definitions."
  }

  assert {
    condition     = issensitive(aws_iam_role.describe.assume_role_policy) && !issensitive(output.config) && !strcontains(jsonencode(output.config), "7f3a")
    error_message = "The external ID must be only in the trust policy, which a plan does not show."
  }
}

run "a_service_is_described_in_its_region" {
  command = plan
  variables {
    service = { cluster_name = "main", service_name = "web" }
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.describe.policy).Statement[1].Resource == "arn:aws:ecs:eu-west-1:111111111111:service/main/web"
    error_message = "Only that service must be allowed."
  }
}

run "without_an_external_id_the_session_name_still_counts" {
  command = plan
  variables {
    external_id = null
  }

  assert {
    condition     = keys(nonsensitive(jsondecode(aws_iam_role.describe.assume_role_policy).Statement[0].Condition)) == ["StringLike"]
    error_message = "No condition on an external id."
  }
}

run "the_deploy_role_deploys_one_group_and_family" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(aws_iam_role.deploy.assume_role_policy).Statement : statement.Principal.AWS] == [["arn:aws:iam::222222222222:role/shop-tools-web-pipeline"]]
    error_message = "Only the pipeline must be able to assume the deploy role."
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.deploy.policy).Statement : statement.Sid => statement.Resource } == {
      DeployGroup            = var.codedeploy.group_arn
      KeepRevisions          = [var.codedeploy.application_arn, "${var.codedeploy.application_arn}/*"]
      ReadConfig             = var.codedeploy.config_arn
      RegisterTaskDefinition = "*"
      TagTaskDefinition      = ["arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-prod-web", "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-prod-web:*"]
      PassTaskRoles          = ["arn:aws:iam::111111111111:role/shop-prod-task", "arn:aws:iam::111111111111:role/shop-prod-exec"]
      ReadArtifacts          = "arn:aws:s3:::shop-tools-web-1/*"
      UseArtifactKey         = "arn:aws:kms:eu-west-1:222222222222:key/1"
    }
    error_message = "Every permission that can be limited to a resource must be."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.deploy.policy).Statement :
      statement.Effect == "Allow" && alltrue([for action in flatten([statement.Action]) : !strcontains(action, "*")])
    ]) && [for statement in jsondecode(aws_iam_role_policy.deploy.policy).Statement : statement.Condition.StringEquals["iam:PassedToService"] if statement.Sid == "PassTaskRoles"] == [["ecs.amazonaws.com", "ecs-tasks.amazonaws.com"]]
    error_message = "No action is a wildcard, and roles are passed to ECS only."
  }
}

run "outputs_name_the_permissions_for_the_tools_account" {
  command = plan

  assert {
    condition = [for statement in output.config.bucket_policy_statements : jsondecode(statement)] == [{
      Sid       = "AllowDeployRoleOf111111111111"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::111111111111:role/shop-prod-web-deploy" }
      Action    = ["s3:GetObject", "s3:GetObjectVersion"]
      Resource  = "arn:aws:s3:::shop-tools-web-1/*"
    }]
    error_message = "The deploy role reads the artifacts."
  }

  assert {
    condition     = [for statement in output.config.key_policy_statements : jsondecode(statement).Action] == ["kms:Decrypt"] && jsondecode(output.config.key_policy_statements[0]).Condition == { StringEquals = { "kms:ViaService" = "s3.eu-west-1.amazonaws.com" } }
    error_message = "It must only decrypt objects that it reads from S3."
  }

  assert {
    condition     = output.config.deploy_role_arn == output.deploy_role_arn && output.config.bucket_policy_statements == output.bucket_policy_statements && output.config.key_policy_statements == output.key_policy_statements
    error_message = "config must equal the single outputs."
  }
}

# Each run is a row of a table: a wrong value for every variable with wrong values left, whose rules do not depend on others in the
# row. Terraform names the variables whose wrong value it accepts.
run "refuses_1" {
  command = plan
  variables {
    # a long name
    name = "a-name-that-leaves-no-room-for-the-rest-of-a-role"
    # trust nobody
    trusted = { describe = [], deploy = ["arn:aws:iam::222222222222:role/pipeline"] }
    # a short external ID
    external_id = "x"
    # a revision for the family
    task_definition_family = "shop-prod-web:7"
    # pass any role
    pass_role_arns = ["arn:aws:iam::111111111111:role/*"]
  }
  expect_failures = [var.name, var.trusted, var.external_id, var.task_definition_family, var.pass_role_arns]
}

run "refuses_2" {
  command = plan
  variables {
    # trust an account
    trusted = { describe = ["arn:aws:iam::222222222222:root"], deploy = ["arn:aws:iam::222222222222:role/pipeline"] }
    # a long external ID
    external_id = format("%01225d", 0)
    # pass roles by a single wildcard
    pass_role_arns = ["arn:aws:iam::111111111111:role/shop-dev-exe?"]
  }
  expect_failures = [var.trusted, var.external_id, var.pass_role_arns]
}
