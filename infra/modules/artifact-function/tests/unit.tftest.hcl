mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context = { prefix = "shop-dev", all_tags = { app_id = "shop" } }
  name    = "artifact"
  # Any file stands in for the zip: nothing is uploaded.
  package         = { path = "versions.tf" }
  user_parameters = { task_definition = "shop-web" }
}

run "the_default_role_logs_reports_and_describes" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == ["WriteOwnLog", "ReportJob", "DescribeTaskDefinition", "CallWatchdog"]
    error_message = "The artifact is read with the credentials of the job, so there must be four statements."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this.policy).Statement[0].Resource == "arn:aws:logs:eu-west-1:111111111111:log-group:${aws_cloudwatch_log_group.this.name}:*"
    error_message = "Only the function's own log group must be writable."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      statement.Resource != "*" || try(statement.Condition.StringEquals["aws:RequestedRegion"] == "eu-west-1", false)
    ])
    error_message = "Actions that IAM cannot limit to a resource must be limited to the Region."
  }

  assert {
    condition     = jsondecode(nonsensitive(output.user_parameters)) == { task_definition = "shop-web" }
    error_message = "Keys that are not set are not sent."
  }

  assert {
    condition     = !contains(keys(aws_lambda_function.this.environment[0].variables), "ALLOWED_ROLE_ARNS") && aws_lambda_function.this.environment[0].variables["ALLOWED_TASK_DEFINITIONS"] == "shop-web" && aws_lambda_function.this.environment[0].variables["ALLOWED_ACCOUNTS"] == "111111111111" && aws_lambda_function.this.environment[0].variables["S3_ACCESS"] == "artifact-credentials"
    error_message = "There must be no role, only its own account, and the credentials of the job."
  }

  assert {
    condition     = aws_lambda_function.this.function_name == "shop-dev-artifact" && aws_lambda_function.this.timeout == 60 && aws_lambda_function.this.memory_size == 128 && aws_lambda_function.this.architectures == tolist(["x86_64"])
    error_message = "Name, time-out, memory and architecture of the function."
  }

  assert {
    condition     = length(aws_lambda_function.this.dead_letter_config) == 0
    error_message = "A failed event contains credentials and must not be stored."
  }

  assert {
    condition     = aws_lambda_function_event_invoke_config.this.maximum_retry_attempts == 2 && aws_lambda_function_event_invoke_config.this.maximum_event_age_in_seconds == 900
    error_message = "All attempts must end before CodePipeline gives up and before the credentials of the job expire."
  }
}

run "the_family_of_an_arn_is_allowed" {
  command = plan

  variables {
    user_parameters = { task_definition = "arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:7" }
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["ALLOWED_TASK_DEFINITIONS"] == "shop-web"
    error_message = "The family must be read from the ARN."
  }
}

run "a_request_without_a_family_allows_any" {
  command = plan

  variables {
    user_parameters = { service = "main/web" }
  }

  assert {
    condition     = !contains(keys(aws_lambda_function.this.environment[0].variables), "ALLOWED_TASK_DEFINITIONS")
    error_message = "A setting that is not needed must be omitted: the function refuses an empty one."
  }
}

run "families_can_be_listed" {
  command = plan

  variables {
    allowed_task_definitions = ["shop-web", "shop-api-*"]
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["ALLOWED_TASK_DEFINITIONS"] == "shop-web,shop-api-*"
    error_message = "The list replaces the family of the request."
  }
}

# Each run is a row of a table: a wrong value for every variable with wrong values left, whose rules do not depend on others in the
# row. Terraform names the variables whose wrong value it accepts.
run "refuses_1" {
  command = plan
  variables {
    # families are names or beginnings
    allowed_task_definitions = ["shop-web:7"]
    # a long name
    name = "a-name-that-is-much-longer-than-any-role-of-iam-may-ever-be"
    # an unknown architecture
    architecture = "arm"
    # too little memory
    memory_size = 64
    # a timeout that outlasts the pipeline
    timeout = 301
    # switch the function off
    reserved_concurrency = 0
    # an unknown tracing mode
    tracing_mode = "On"
    # wildcards among roles
    allowed_role_arns = ["arn:aws:iam::222222222222:role/*"]
    # an empty list of accounts
    allowed_accounts = []
    # unknown access to S3
    s3_access = "both"
    # an unknown log level
    log_level = "verbose"
    # a retention that CloudWatch does not know
    log_retention_in_days = 100
    # six input artifacts
    input_artifacts = ["a", "b", "c", "d", "e", "f"]
    # a namespace with a dot
    namespace = "code.deploy"
  }
  expect_failures = [
    var.allowed_task_definitions,
    var.name,
    var.architecture,
    var.memory_size,
    var.timeout,
    var.reserved_concurrency,
    var.tracing_mode,
    var.allowed_role_arns,
    var.allowed_accounts,
    var.s3_access,
    var.log_level,
    var.log_retention_in_days,
    var.input_artifacts,
    var.namespace,
  ]
}

run "refuses_2" {
  command = plan
  variables {
    # the execution role without a bucket
    s3_access = "execution-role"
    # an output that is an input
    input_artifacts = ["codedeploy_artifact"]
  }
  expect_failures = [var.s3_access, var.output_artifact]
}

run "the_action_is_ready_to_paste" {
  command = plan

  variables {
    input_artifacts = ["source_artifact"]
    user_parameters = {
      service                    = "main/web"
      images                     = { web = "source_artifact::imageDetail.json" }
      capacity_provider_strategy = [{ capacity_provider = "FARGATE", weight = 1 }, { capacity_provider = "FARGATE_SPOT", base = 1 }]
      network                    = { subnets = ["subnet-1"], assign_public_ip = "DISABLED" }
    }
  }

  assert {
    condition     = nonsensitive(output.action.category) == "Invoke" && nonsensitive(output.action.provider) == "Lambda" && nonsensitive(output.action.configuration.FunctionName) == "shop-dev-artifact"
    error_message = "It is an Invoke action on the function."
  }

  assert {
    condition     = nonsensitive(output.action.input_artifacts) == tolist(["source_artifact"]) && nonsensitive(output.action.output_artifacts) == ["codedeploy_artifact"]
    error_message = "Its artifacts are those of the request."
  }

  assert {
    condition = jsondecode(nonsensitive(output.action.configuration.UserParameters)) == {
      service                    = "main/web"
      images                     = { web = "source_artifact::imageDetail.json" }
      capacity_provider_strategy = [{ capacity_provider = "FARGATE", weight = 1 }, { base = 1, capacity_provider = "FARGATE_SPOT" }]
      network                    = { subnets = ["subnet-1"], assign_public_ip = "DISABLED" }
    }
    error_message = "Nulls are dropped at every depth."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if statement.Sid == "DescribeService"] == ["arn:aws:ecs:eu-west-1:111111111111:service/main/web"]
    error_message = "A request that names a service may describe that service."
  }
}

run "a_role_in_another_account_describes" {
  command = plan

  variables {
    allowed_role_arns = ["arn:aws:iam::222222222222:role/shop-prod-describe"]
    user_parameters = {
      task_definition = "shop-web"
      service         = "main/web"
      role_arn        = "arn:aws:iam::222222222222:role/shop-prod-describe"
      external_id     = "tools/shop"
    }
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == ["WriteOwnLog", "ReportJob", "AssumeDescribingRole", "CallWatchdog"]
    error_message = "With a role for describing, the function needs no ECS permission of its own."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this.policy).Statement[2].Resource == ["arn:aws:iam::222222222222:role/shop-prod-describe"]
    error_message = "The function may assume the listed role only."
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["ALLOWED_ROLE_ARNS"] == "arn:aws:iam::222222222222:role/shop-prod-describe"
    error_message = "The function must have the list as well."
  }

  assert {
    condition     = issensitive(output.action) && issensitive(output.user_parameters)
    error_message = "The external ID must not be in the output."
  }
}

run "a_file_needs_no_permission_in_ecs" {
  command = plan

  variables {
    input_artifacts = ["source_artifact"]
    user_parameters = { task_definition_file = "source_artifact::taskdef.json" }
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == ["WriteOwnLog", "ReportJob", "CallWatchdog"]
    error_message = "Nothing is described, so no describe permission may exist."
  }
}

run "the_execution_role_may_reach_the_artifacts_of_the_action" {
  command = plan

  variables {
    s3_access       = "execution-role"
    artifact_bucket = { name = "shop-dev-artifacts", key_arn = "arn:aws:kms:eu-west-1:111111111111:key/k" }
    input_artifacts = ["source_artifact"]
    kms_key_arn     = "arn:aws:kms:eu-west-1:111111111111:key/logs"
    tracing_mode    = "Active"
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid => statement.Resource if !contains(["WriteOwnLog", "ReportJob", "DescribeTaskDefinition", "CallWatchdog"], statement.Sid) } == {
      ReadInputArtifacts  = ["arn:aws:s3:::shop-dev-artifacts/*/source_art*"]
      WriteOutputArtifact = "arn:aws:s3:::shop-dev-artifacts/*/codedeploy*"
      UseArtifactKey      = "arn:aws:kms:eu-west-1:111111111111:key/k"
      DecryptEnvironment  = "arn:aws:kms:eu-west-1:111111111111:key/logs"
      SendTraces          = "*"
    }
    error_message = "It must have only its own artifacts, their key, and the calls that Lambda makes for it."
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_iam_role_policy.this.policy).Statement :
      statement.Effect == "Allow" && alltrue([for action in flatten([statement.Action]) : !strcontains(action, "*")])
    ])
    error_message = "No action is a wildcard."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid if statement.Resource == "*"] == ["ReportJob", "DescribeTaskDefinition", "SendTraces"]
    error_message = "Only actions without resource-level permissions may apply to all resources."
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["ALLOWED_BUCKETS"] == "shop-dev-artifacts"
    error_message = "Artifacts elsewhere are refused."
  }
}

run "ecs_is_called_in_the_region_of_the_task_definition" {
  command = plan

  variables {
    user_parameters = { task_definition = "arn:aws:ecs:eu-central-1:111111111111:task-definition/shop-web:7" }
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this.policy).Statement[2].Condition.StringEquals["aws:RequestedRegion"] == "eu-central-1"
    error_message = "The Region of the ARN must be used."
  }
}

run "the_package_can_be_in_s3" {
  command = plan
  variables {
    package = { s3_uri = "s3://shop-tools/releases/generate-codedeploy-artifact-0.1.0-x86_64.zip", s3_object_version = "3/L4kqtJ" }
  }

  assert {
    condition = alltrue([
      for function in [aws_lambda_function.this, aws_lambda_function.watchdog[0]] :
      function.s3_bucket == "shop-tools" && function.s3_key == "releases/generate-codedeploy-artifact-0.1.0-x86_64.zip" && function.s3_object_version == "3/L4kqtJ" && function.filename == null
    ])
    error_message = "Both functions must have the object, and no file."
  }
}

run "refuses_a_package_without_a_source" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    package = { code_signing_config_arn = null }
  }
  expect_failures = [var.package]
}

run "refuses_a_package_with_two_sources" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    package = { path = "versions.tf", s3_uri = "s3://shop-tools/function.zip" }
  }
  expect_failures = [var.package]
}

run "refuses_an_s3_uri_without_a_key" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    package = { s3_uri = "s3://shop-tools/" }
  }
  expect_failures = [var.package]
}

run "refuses_an_object_version_of_a_file" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    package = { path = "versions.tf", s3_object_version = "1" }
  }
  expect_failures = [var.package]
}

run "refuses_a_zip_that_is_not_there" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    package = { path = "nowhere.zip" }
  }
  # The hash of the file is computed as well, and fails with its own message.
  expect_failures = [var.package]
}
