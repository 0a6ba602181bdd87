mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context         = { prefix = "shop-dev", all_tags = { app_id = "shop" } }
  name            = "artifact"
  package         = { path = "versions.tf" }
  user_parameters = { task_definition = "shop-web" }
}

run "the_watchdog_reports_failures_and_can_do_nothing_else" {
  command = plan

  assert {
    condition     = flatten([for statement in jsondecode(aws_iam_role_policy.watchdog[0].policy).Statement : statement.Action]) == ["logs:CreateLogStream", "logs:PutLogEvents", "codepipeline:PutJobFailureResult"]
    error_message = "It logs and reports failures."
  }

  assert {
    condition     = aws_lambda_function.watchdog[0].function_name == "shop-dev-artifact-watchdog" && aws_lambda_function.watchdog[0].filename == aws_lambda_function.this.filename
    error_message = "It is the same program under another name."
  }

  assert {
    condition     = length(aws_lambda_function_event_invoke_config.watchdog[0].destination_config) == 0 && length(aws_lambda_function.watchdog[0].dead_letter_config) == 0
    error_message = "What the watchdog itself cannot do is stored nowhere: it holds credentials."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if statement.Sid == "CallWatchdog"]) == "arn:aws:lambda:eu-west-1:111111111111:function:shop-dev-artifact-watchdog"
    error_message = "Lambda calls it as the function's role."
  }
}

run "a_lost_invocation_goes_to_a_function_and_to_nothing_that_keeps_it" {
  command = apply

  assert {
    condition     = one(one(aws_lambda_function_event_invoke_config.this.destination_config).on_failure).destination == aws_lambda_function.watchdog[0].arn
    error_message = "The destination of lost invocations is the watchdog."
  }
}

run "it_can_be_left_out" {
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
    error_message = "And no right to call it."
  }
}
