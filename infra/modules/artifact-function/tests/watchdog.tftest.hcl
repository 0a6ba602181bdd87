mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context         = { prefix = "shop-dev", all_tags = { app_id = "shop" } }
  name            = "artifact"
  package         = { path = "versions.tf" }
  user_parameters = { task_definition = "shop-web" }
}

run "the_watchdog_can_only_report_failures" {
  command = plan

  assert {
    condition     = flatten([for statement in jsondecode(aws_iam_role_policy.watchdog[0].policy).Statement : statement.Action]) == ["logs:CreateLogStream", "logs:PutLogEvents", "codepipeline:PutJobFailureResult"]
    error_message = "It logs and reports failures."
  }

  assert {
    condition     = aws_lambda_function.watchdog[0].function_name == "shop-dev-artifact-watchdog" && aws_lambda_function.watchdog[0].filename == aws_lambda_function.this.filename
    error_message = "It must be the same program with another name."
  }

  assert {
    condition     = length(aws_lambda_function_event_invoke_config.watchdog[0].destination_config) == 0 && length(aws_lambda_function.watchdog[0].dead_letter_config) == 0
    error_message = "Events that the watchdog cannot handle must not be stored: they contain credentials."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if statement.Sid == "CallWatchdog"]) == "arn:aws:lambda:eu-west-1:111111111111:function:shop-dev-artifact-watchdog"
    error_message = "Lambda calls it as the function's role."
  }
}

run "a_lost_invocation_goes_to_the_watchdog_only" {
  command = apply

  assert {
    condition     = one(one(aws_lambda_function_event_invoke_config.this.destination_config).on_failure).destination == aws_lambda_function.watchdog[0].arn
    error_message = "The destination of lost invocations is the watchdog."
  }
}

run "it_is_optional" {
  command = plan

  variables {
    watchdog = false
  }

  assert {
    condition     = length(aws_lambda_function.watchdog) == 0 && length(aws_lambda_function_event_invoke_config.this.destination_config) == 0
    error_message = "No second function and no destination."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.this.policy, "lambda:InvokeFunction")
    error_message = "There must be no permission to call it."
  }
}
