# A plan warns before the next deployment changes the image.
mock_provider "aws" {
  source          = "../../mocks"
  override_during = plan
}

variables {
  context = { prefix = "shop-dev", all_tags = {} }
  name    = "web"
  cluster = {
    arn                = "arn:aws:ecs:eu-west-1:111111111111:cluster/shop-dev-apps"
    name               = "shop-dev-apps"
    execution_role_arn = "arn:aws:iam::111111111111:role/shop-dev-apps-execution"
  }
  container_definitions = "[{\"name\":\"container\",\"image\":\"shop:1.4\",\"portMappings\":[{\"containerPort\":80}]},{\"name\":\"log\",\"image\":\"log:1\"}]"
  load_balancer_target = [{
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef"
    container_name   = "container"
    container_port   = 80
  }]
  vpc_config           = { subnets = ["subnet-a"], security_groups = ["sg-a"] }
  warn_on_image_change = true
}

run "another_image_runs" {
  command = plan

  override_data {
    target = data.aws_ecs_task_definition.running
    values = { container_definitions = "[{\"name\":\"container\",\"image\":\"shop:1.5\"},{\"name\":\"log\",\"image\":\"log:1\"}]" }
  }

  expect_failures = [check.images]

  assert {
    condition     = local.changed_images == ["container: shop:1.5 -> shop:1.4"]
    error_message = jsonencode(local.changed_images)
  }
}

run "the_same_image_runs" {
  command = plan

  # A container that only the newest task definition has is not a change of an image.
  override_data {
    target = data.aws_ecs_task_definition.running
    values = { container_definitions = "[{\"name\":\"container\",\"image\":\"shop:1.4\"}]" }
  }

  assert {
    condition     = local.changed_images == []
    error_message = jsonencode(local.changed_images)
  }
}

run "is_off_by_default" {
  command = plan

  variables {
    warn_on_image_change = false
  }

  assert {
    condition     = length(data.aws_ecs_task_definition.running) == 0
    error_message = "The running task definition must only be read for the check."
  }
}
