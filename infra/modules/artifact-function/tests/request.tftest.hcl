# What CodePipeline or the function would refuse an hour later is refused at plan.

mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context         = { prefix = "shop-dev", all_tags = {} }
  name            = "artifact"
  package         = { path = "versions.tf" }
  input_artifacts = ["source_artifact"]
}

run "accepts_every_key" {
  command = plan
  variables {
    allowed_role_arns = ["arn:aws:iam::222222222222:role/describe"]
    user_parameters = {
      service                 = "main/web"
      container_name          = "web"
      container_port          = 8080
      appspec_task_definition = "placeholder"
      images                  = { web = "IMAGE1_NAME", proxy = "public.ecr.aws/nginx/nginx:1", log = "source_artifact::imageDetail.json" }
      platform_version        = "LATEST"
      hooks                   = { AfterAllowTestTraffic = "smoke-test" }
      taskdef_template        = "source_artifact::taskdef.json"
      variables               = { STAGE = "prod" }
      appspec_path            = "out/appspec.yml"
      taskdef_path            = "out/taskdef.json"
      role_arn                = "arn:aws:iam::222222222222:role/describe"
      external_id             = "tools/shop"
      region                  = "eu-central-1"
      config                  = "source_artifact::deploy.yml"
    }
  }

  assert {
    condition     = length(keys(jsondecode(nonsensitive(output.user_parameters)))) == 15
    error_message = "All that is set is sent."
  }
}

# The file may name a service, and which one is not known when Terraform plans.
run "a_config_file_may_name_any_service" {
  command = plan
  variables {
    user_parameters = { task_definition = "shop-web", config = "source_artifact::deploy.yml" }
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid => statement.Resource if startswith(statement.Sid, "Describe") } == {
      DescribeTaskDefinition = "*"
      DescribeService        = "arn:aws:ecs:eu-west-1:111111111111:service/*"
    }
    error_message = aws_iam_role_policy.this.policy
  }
}

run "a_service_beside_a_config_file_is_the_only_one" {
  command = plan
  variables {
    user_parameters = { service = "main/web", region = "eu-central-1", config = "source_artifact::deploy.yml" }
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if statement.Sid == "DescribeService"] == ["arn:aws:ecs:eu-central-1:111111111111:service/main/web"]
    error_message = aws_iam_role_policy.this.policy
  }
}

run "a_config_file_with_a_role_needs_no_permission_here" {
  command = plan
  variables {
    allowed_role_arns = ["arn:aws:iam::222222222222:role/describe"]
    user_parameters   = { role_arn = "arn:aws:iam::222222222222:role/describe", config = "source_artifact::deploy.yml" }
  }

  assert {
    condition     = length([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement if startswith(statement.Sid, "Describe")]) == 0
    error_message = aws_iam_role_policy.this.policy
  }
}

run "refuses_a_request_without_task_definition" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { container_name = "web" }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_two_task_definitions" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { task_definition = "web", task_definition_file = "source_artifact::taskdef.json" }
  }
  expect_failures = [var.user_parameters]
}

# The value of "${aws_ecs_cluster.main.id}/web", and the ARN of a service.
run "a_service_may_be_named_by_an_arn" {
  command = plan
  variables {
    user_parameters = { service = "arn:aws:ecs:eu-central-1:111111111111:cluster/main/web" }
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Resource if statement.Sid == "DescribeService"] == ["arn:aws:ecs:eu-central-1:111111111111:service/main/web"]
    error_message = "The function may describe the service that the ARN names, in the region of the ARN."
  }
}

run "refuses_an_arn_without_cluster" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { service = "arn:aws:ecs:eu-west-1:111111111111:service/web" }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_a_service_without_cluster" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { service = "web" }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_port_zero" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { task_definition = "web", container_port = 0 }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_an_unknown_word_for_the_appspec" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { task_definition = "web", appspec_task_definition = "latest" }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_a_file_on_disk" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { task_definition_file = "taskdef.json" }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_a_file_of_an_artifact_that_the_action_does_not_get" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { task_definition = "web", images = { web = "build::imageDetail.json" } }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_five_placeholders" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { task_definition = "web", images = { a = "IMAGE1", b = "IMAGE2", c = "IMAGE3", d = "<IMAGE4>", e = "IMAGE5" } }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_an_unknown_hook" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { task_definition = "web", hooks = { BeforeTraffic = "smoke-test" } }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_one_path_for_both_files" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { task_definition = "web", appspec_path = "taskdef.json" }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_a_path_out_of_the_artifact" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { task_definition = "web", appspec_path = "../appspec.yml" }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_a_role_that_is_not_allowed" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { task_definition = "web", role_arn = "arn:aws:iam::222222222222:role/describe" }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_an_external_id_without_role" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { task_definition = "web", external_id = "tools/shop" }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_a_short_external_id" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    allowed_role_arns = ["arn:aws:iam::222222222222:role/describe"]
    user_parameters   = { task_definition = "web", role_arn = "arn:aws:iam::222222222222:role/describe", external_id = "x" }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_a_region_that_is_a_host" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    user_parameters = { task_definition = "web", region = "x@example.org/#" }
  }
  expect_failures = [var.user_parameters]
}

run "refuses_more_than_1000_characters" {
  command = plan
  variables {
    user_parameters = { task_definition = "web", taskdef_template = "source_artifact::t.json", variables = { for number in range(100) : "NAME_${number}" => "value" } }
  }
  expect_failures = [output.user_parameters]
}
