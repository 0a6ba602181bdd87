mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context = { prefix = "shop-dev", all_tags = { app_id = "shop" } }
  # Any file stands in for the zip: nothing is uploaded.
  package = { path = "versions.tf" }
  url     = "https://lb.example.com:9001"
  checks  = "checks:\n- path: /health\n"
}

run "the_role_writes_its_log_and_reports" {
  command = plan

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == ["WriteOwnLog", "ReportHook"]
    error_message = "Without alarms and VPC, the role needs two statements."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this.policy).Statement[1].Condition.StringEquals["aws:RequestedRegion"] == "eu-west-1"
    error_message = "An action that IAM cannot limit to a resource must be limited to the Region."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this.policy).Statement[0].Resource == "arn:aws:logs:eu-west-1:111111111111:log-group:${aws_cloudwatch_log_group.this.name}:*"
    error_message = "Only the function's own log group must be writable."
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables == tomap({ CHECKS = "checks:\n- path: /health\n", CHECKS_URL = "https://lb.example.com:9001", AWS_LAMBDA_LOG_LEVEL = "info" })
    error_message = "What is not set is not sent."
  }

  assert {
    condition     = aws_lambda_function.this.function_name == "shop-dev-gate" && aws_lambda_function.this.timeout == 120 && aws_lambda_function.this.memory_size == 128 && length(aws_lambda_function.this.vpc_config) == 0
    error_message = "Name, time-out, memory and network of the function."
  }
}

run "alarms_of_either_kind_can_be_looked_at" {
  command = plan

  variables {
    checks      = "alarms: one\n"
    alarm_names = ["web, 5xx"]
  }

  assert {
    condition     = aws_lambda_function.this.environment[0].variables["CHECKS_ALARMS"] == "[\"web, 5xx\"]"
    error_message = "Names of alarms may have commas."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this.policy).Statement[2].Action == "cloudwatch:DescribeAlarms"
    error_message = "The role must be allowed to look at the alarms."
  }
}

run "alarms_in_the_checks_alone_can_be_looked_at" {
  command = plan

  variables {
    checks = "{\"alarms\": [\"one\"]}"
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == ["WriteOwnLog", "ReportHook", "LookAtAlarms"]
    error_message = "The role must be allowed to look at the alarms that checks names."
  }
}

run "a_function_in_a_vpc_cannot_use_its_network_permissions" {
  command = plan

  variables {
    codedeploy = false
    vpc        = { subnets = ["subnet-1"], security_groups = ["sg-1"] }
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid] == ["WriteOwnLog", "AttachToNetwork", "DenyNetworkInCode"]
    error_message = "Network interfaces are for Lambda, and no report is needed for Amazon ECS."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this.policy).Statement[2].Condition.ArnEquals["lambda:SourceFunctionArn"] == "arn:aws:lambda:eu-west-1:111111111111:function:shop-dev-gate"
    error_message = "The code of the function must be denied the network interfaces."
  }

  assert {
    condition     = aws_lambda_function.this.vpc_config[0].subnet_ids == toset(["subnet-1"])
    error_message = "The function must be in the subnets."
  }
}

run "a_package_in_s3" {
  command = plan

  variables {
    package = { s3_uri = "s3://releases/deployment-gate.zip", s3_object_version = "v1" }
  }

  assert {
    condition     = aws_lambda_function.this.s3_bucket == "releases" && aws_lambda_function.this.s3_key == "deployment-gate.zip" && aws_lambda_function.this.s3_object_version == "v1"
    error_message = "Bucket, key and version of the package."
  }
}

run "nothing_to_check_is_refused" {
  command = plan

  variables {
    checks = null
  }

  expect_failures = [aws_lambda_function.this]
}

run "checks_that_are_too_long_are_refused" {
  command = plan

  variables {
    checks = "checks: [{path: /${join("", [for n in range(500) : "12345678"])}}]"
  }

  expect_failures = [aws_lambda_function.this]
}

run "values_that_cannot_work_are_refused" {
  command = plan

  variables {
    checks  = "- a"
    url     = "lb.example.com"
    timeout = 901
  }

  expect_failures = [var.checks, var.url, var.timeout]
}
