# The same service twice, because Terraform takes no variable in ignore_changes. Exactly one of them exists.
locals {
  code_deploy = var.deployment_controller == "CODE_DEPLOY"
  service     = one(concat(aws_ecs_service.code_deploy, aws_ecs_service.rolling))
  # One number for the service. ECS refuses one where there is no load balancer.
  grace_period = try(max(var.load_balancer_target[*].health_check_grace_period_seconds...), null)
}

# CodeDeploy owns what a deployment sets: the task definition, the load balancer, and through the AppSpec the platform
# version, the network and the capacity providers. Terraform says what the first tasks are made of, and no more.
resource "aws_ecs_service" "code_deploy" {
  #checkov:skip=CKV_AWS_332:LATEST is the default; who pins a version tests the next one first.
  count = local.code_deploy ? 1 : 0

  name                              = local.name
  cluster                           = var.cluster.arn
  task_definition                   = aws_ecs_task_definition.this.arn
  desired_count                     = var.desired_count
  launch_type                       = "FARGATE"
  platform_version                  = var.fargate_platform_version
  health_check_grace_period_seconds = local.grace_period
  enable_ecs_managed_tags           = true
  propagate_tags                    = "SERVICE"
  tags                              = var.context.all_tags

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  network_configuration {
    subnets          = var.vpc_config.subnets
    security_groups  = var.vpc_config.security_groups
    assign_public_ip = var.vpc_config.assign_public_ip
  }

  dynamic "load_balancer" {
    for_each = var.load_balancer_target

    content {
      target_group_arn = load_balancer.value.target_group_arn
      container_name   = load_balancer.value.container_name
      container_port   = load_balancer.value.container_port
    }
  }

  dynamic "service_registries" {
    for_each = aws_service_discovery_service.this

    content {
      registry_arn = service_registries.value.arn
    }
  }

  # Tasks that start before their role may do anything would fail. And with another controller one of the two services must
  # be gone before the other takes its name.
  depends_on = [aws_iam_role_policy.task, aws_ecs_service.rolling]

  lifecycle {
    ignore_changes = [
      capacity_provider_strategy,
      desired_count,
      launch_type,
      load_balancer,
      network_configuration,
      platform_version,
      task_definition,
    ]
  }
}

# A new task definition is a deployment here, made by Terraform. The circuit breaker takes back one whose tasks do not
# start; Terraform then offers it again with the next plan.
resource "aws_ecs_service" "rolling" {
  #checkov:skip=CKV_AWS_332:LATEST is the default; who pins a version tests the next one first.
  count = local.code_deploy ? 0 : 1

  name                              = local.name
  cluster                           = var.cluster.arn
  task_definition                   = aws_ecs_task_definition.this.arn
  desired_count                     = var.desired_count
  platform_version                  = var.fargate_platform_version
  health_check_grace_period_seconds = local.grace_period
  enable_ecs_managed_tags           = true
  propagate_tags                    = "SERVICE"
  tags                              = var.context.all_tags

  # Where no capacity provider is said, ECS would look for EC2 instances, and refuse the platform version.
  launch_type = length(var.cluster.default_capacity_providers) == 0 ? "FARGATE" : null

  # Without it, other capacity providers would be another service.
  force_new_deployment = true

  deployment_controller {
    type = "ECS"
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = var.vpc_config.subnets
    security_groups  = var.vpc_config.security_groups
    assign_public_ip = var.vpc_config.assign_public_ip
  }

  dynamic "capacity_provider_strategy" {
    for_each = var.cluster.default_capacity_providers

    content {
      capacity_provider = capacity_provider_strategy.value.capacity_provider
      weight            = capacity_provider_strategy.value.weight
      base              = capacity_provider_strategy.value.base
    }
  }

  dynamic "load_balancer" {
    for_each = var.load_balancer_target

    content {
      target_group_arn = load_balancer.value.target_group_arn
      container_name   = load_balancer.value.container_name
      container_port   = load_balancer.value.container_port
    }
  }

  dynamic "service_registries" {
    for_each = aws_service_discovery_service.this

    content {
      registry_arn = service_registries.value.arn
    }
  }

  depends_on = [aws_iam_role_policy.task]

  lifecycle {
    ignore_changes = [desired_count]
  }
}

# Terraform leaves the number of tasks alone, so that no apply undoes what auto-scaling, or a person in an incident, has
# done. Where nothing scales, a difference is said, not mended.
check "desired_count" {
  assert {
    condition     = length(var.autoscaling_policy) > 0 || local.service.desired_count == var.desired_count
    error_message = "${local.name} has ${local.service.desired_count} tasks, desired_count is ${var.desired_count}. To follow it: aws ecs update-service --cluster ${var.cluster.name} --service ${local.name} --desired-count ${var.desired_count}"
  }
}

resource "aws_service_discovery_service" "this" {
  count = var.vpc_config.service_discovery ? 1 : 0

  name = var.name
  # ECS takes its tasks out a little later than the service is gone.
  force_destroy = true
  tags          = var.context.all_tags

  dns_config {
    namespace_id   = var.cluster.namespace_id
    routing_policy = "MULTIVALUE"

    dns_records {
      type = "A"
      ttl  = 10
    }
  }

  # ECS reports the health of each task.
  health_check_custom_config {
    failure_threshold = 1
  }
}
