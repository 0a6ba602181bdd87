mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context          = { prefix = "shop-dev", all_tags = { product = "shop" } }
  name             = "image"
  repository_arn   = "arn:aws:ecr:eu-west-1:111111111111:repository/shop/web"
  artifact_key_arn = "arn:aws:kms:eu-west-1:111111111111:key/11111111-2222-3333-4444-555555555555"
}

run "a_build_pushes_and_names_the_digest" {
  command = apply

  assert {
    condition     = output.repository_uri == "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web"
    error_message = "found ${output.repository_uri}"
  }

  assert {
    condition = (
      aws_codebuild_project.this.name == "shop-dev-image" && aws_codebuild_project.this.encryption_key == var.artifact_key_arn &&
      aws_codebuild_project.this.environment[0].privileged_mode && aws_codebuild_project.this.environment[0].type == "LINUX_CONTAINER"
    )
    error_message = "Docker requires privileged mode, and artifacts the pipeline's key."
  }

  assert {
    condition     = yamldecode(aws_codebuild_project.this.source[0].buildspec).artifacts.files == ["imageDetail.json"]
    error_message = "The artifact must be imageDetail.json."
  }

  assert {
    condition     = { for variable in aws_codebuild_project.this.environment[0].environment_variable : variable.name => variable.value } == { REPOSITORY = output.repository_uri }
    error_message = "The build must know its repository."
  }

  assert {
    condition     = output.config == { project_name = "shop-dev-image", project_arn = aws_codebuild_project.this.arn, role_name = "shop-dev-image-eu-west-1" }
    error_message = "config must fit build of the pipeline module."
  }
}

run "the_role_reaches_one_repository_and_its_logs" {
  command = apply

  assert {
    condition = { for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Sid => statement.Resource } == {
      WriteLogs       = "${aws_cloudwatch_log_group.this.arn}:*"
      LogInToRegistry = "*"
      PushImage       = var.repository_arn
    }
    error_message = aws_iam_role_policy.this.policy
  }
}

run "arguments_have_their_values_in_the_environment" {
  command = apply
  variables {
    build_args           = { VERSION = "1.2 \"final\"", BASE = "public.ecr.aws/nginx/nginx:1.28" }
    dockerfile           = "docker/Dockerfile"
    build_context        = "app"
    architecture         = "arm64"
    base_repository_arns = ["arn:aws:ecr:eu-west-1:111111111111:repository/base"]
  }

  assert {
    condition     = strcontains(aws_codebuild_project.this.source[0].buildspec, "docker build --pull --file docker/Dockerfile --tag \"$image\" --build-arg BASE --build-arg VERSION app\n")
    error_message = aws_codebuild_project.this.source[0].buildspec
  }

  assert {
    condition     = { for variable in aws_codebuild_project.this.environment[0].environment_variable : variable.name => variable.value }.VERSION == "1.2 \"final\""
    error_message = "The value of an argument must be in the environment."
  }

  assert {
    condition     = aws_codebuild_project.this.environment[0].type == "ARM_CONTAINER" && strcontains(aws_codebuild_project.this.environment[0].image, "aarch64")
    error_message = "An image for arm64 must be built on arm64."
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.this.policy).Statement[3].Resource == ["arn:aws:ecr:eu-west-1:111111111111:repository/base"]
    error_message = aws_iam_role_policy.this.policy
  }
}

run "refuses_wrong_values" {
  command = plan
  variables {
    name               = "my image"
    repository_arn     = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop/web"
    dockerfile         = "Dockerfile; curl example.com"
    build_context      = "$(pwd)"
    build_args         = { "A B" = "c" }
    architecture       = "amd64"
    timeout_in_minutes = 1
  }
  expect_failures = [
    var.name, var.repository_arn, var.dockerfile, var.build_context, var.build_args, var.architecture, var.timeout_in_minutes,
  ]
}

run "refuses_arguments_that_the_build_needs_itself" {
  command = plan
  variables {
    build_args = { REPOSITORY = "other" }
  }
  expect_failures = [var.build_args]
}
