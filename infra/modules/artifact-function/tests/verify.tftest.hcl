# The permissions for checking the account are there only if they are needed.

mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context = { prefix = "shop-dev", all_tags = { app_id = "shop" } }
  name    = "artifact"
  # Any file stands in for the zip: nothing is uploaded.
  package         = { path = "versions.tf" }
  user_parameters = { service = "main/web" }
}

run "without_verify_nothing_is_granted" {
  command = plan

  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement if startswith(statement.Sid, "Check")]) == 0
    error_message = "The function does not check the account."
  }
}

run "verify_grants_reading_and_nothing_else" {
  command = plan

  variables {
    user_parameters = {
      service          = "main/web"
      verify           = true
      strict           = true
      ignore           = ["ACC20=scaled by hand"]
      application      = "shop"
      deployment_group = "web"
    }
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid if startswith(statement.Sid, "Check")] == ["CheckDeploymentGroup", "CheckService", "CheckRoles", "CheckReferences", "CheckAccount"]
    error_message = "All of the account that the rules are about."
  }

  assert {
    condition = alltrue(flatten([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : [
        for action in flatten([statement.Action]) :
        can(regex("^[a-z0-9-]+:(Describe|Get|List|BatchGet|Simulate)[A-Za-z]+$", action)) && !can(regex("GetSecretValue|GetParameter", action))
      ] if startswith(statement.Sid, "Check")
    ]))
    error_message = "It only reads, and no value of a secret."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if contains(["CheckDeploymentGroup", "CheckService"], statement.Sid)] == ["arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:shop/web", "arn:aws:ecs:eu-west-1:111111111111:service/main/web"]
    error_message = "The group and the service are those of the request."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      statement.Resource != "*" || try(statement.Condition.StringEquals["aws:RequestedRegion"] == "eu-west-1", false)
    ])
    error_message = "What IAM cannot scope to a resource is scoped to the Region."
  }

  assert {
    condition     = jsondecode(nonsensitive(output.user_parameters)) == { service = "main/web", verify = true, strict = true, ignore = ["ACC20=scaled by hand"], application = "shop", deployment_group = "web" }
    error_message = "The request says so too."
  }
}

run "a_config_file_can_set_it" {
  command = plan

  variables {
    verify_access   = true
    input_artifacts = ["source_artifact"]
    user_parameters = { config = "source_artifact::deploy.yml" }
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if statement.Sid == "CheckDeploymentGroup"] == ["arn:aws:codedeploy:eu-west-1:111111111111:deploymentgroup:*/*"]
    error_message = "Terraform does not read the file, so every group of the Region may be read."
  }
}

run "access_can_be_withheld" {
  command = plan

  variables {
    verify_access   = false
    user_parameters = { service = "main/web", verify = true }
  }

  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement if startswith(statement.Sid, "Check")]) == 0
    error_message = "Then the rules are not checked."
  }
}

run "refuses_a_group_that_nothing_checks" {
  command = plan

  module {
    source = "./inputs"
  }


  variables {
    user_parameters = { service = "main/web", application = "shop", deployment_group = "web" }
  }

  expect_failures = [var.user_parameters]
}

run "another_role_needs_the_permissions_itself" {
  command = plan

  variables {
    allowed_role_arns = ["arn:aws:iam::222222222222:role/shop-describe"]
    user_parameters   = { service = "main/web", verify = true, role_arn = "arn:aws:iam::222222222222:role/shop-describe" }
  }

  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement if startswith(statement.Sid, "Check")]) == 0
    error_message = "The function only assumes the role."
  }
}
