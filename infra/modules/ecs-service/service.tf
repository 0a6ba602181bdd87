# The service is defined twice, because ignore_changes cannot depend on a variable. Exactly one of the two is created.
locals {
  code_deploy = var.deployment_controller == "CODE_DEPLOY"
  service     = one(concat(aws_ecs_service.code_deploy, aws_ecs_service.rolling))
  # One value per service. ECS rejects it without a load balancer.
  grace_period = try(max(module.inputs.load_balancer_target[*].health_check_grace_period_seconds...), null)
}

# CodeDeploy manages what a deployment sets: the task definition, the load balancer and, through the AppSpec, the platform
# version, network configuration and capacity providers. Terraform only sets their initial values.
resource "aws_ecs_service" "code_deploy" {
  #checkov:skip=CKV_AWS_332:LATEST is the default; pinning a version allows testing the next one first.
  count = local.code_deploy ? 1 : 0

  name                              = local.name
  cluster                           = var.cluster.arn
  task_definition                   = aws_ecs_task_definition.this.arn
  desired_count                     = var.desired_count
  launch_type                       = "FARGATE"
  platform_version                  = var.fargate_platform_version
  health_check_grace_period_seconds = local.grace_period
  enable_execute_command            = var.enable_execute_command
  availability_zone_rebalancing     = var.availability_zone_rebalancing ? "ENABLED" : "DISABLED"
  enable_ecs_managed_tags           = true
  propagate_tags                    = "SERVICE"
  tags                              = var.context.all_tags

  deployment_controller {
    type = "CODE_DEPLOY"
  }

  network_configuration {
    subnets          = module.inputs.vpc_config.subnets
    security_groups  = module.inputs.vpc_config.security_groups
    assign_public_ip = module.inputs.vpc_config.assign_public_ip
  }

  dynamic "load_balancer" {
    for_each = module.inputs.load_balancer_target

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

  # Tasks fail if they start before their role has its permissions. And when deployment_controller changes, one service must be
  # deleted before the other can be created with the same name.
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

# With this controller, Terraform deploys a new task definition. The circuit breaker rolls back a deployment whose tasks do not
# start; Terraform then shows it again in the next plan.
resource "aws_ecs_service" "rolling" {
  #checkov:skip=CKV_AWS_332:LATEST is the default; pinning a version allows testing the next one first.
  count = local.code_deploy ? 0 : 1

  name                              = local.name
  cluster                           = var.cluster.arn
  task_definition                   = aws_ecs_task_definition.this.arn
  desired_count                     = var.desired_count
  platform_version                  = var.fargate_platform_version
  health_check_grace_period_seconds = local.grace_period
  enable_execute_command            = var.enable_execute_command
  availability_zone_rebalancing     = var.availability_zone_rebalancing ? "ENABLED" : "DISABLED"
  enable_ecs_managed_tags           = true
  propagate_tags                    = "SERVICE"
  tags                              = var.context.all_tags

  # Without a capacity provider strategy, ECS would use EC2 instances and reject the platform version.
  launch_type = length(var.cluster.default_capacity_providers) == 0 ? "FARGATE" : null

  # Without this, changing the capacity providers would replace the service.
  force_new_deployment = true

  deployment_controller {
    type = "ECS"
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets          = module.inputs.vpc_config.subnets
    security_groups  = module.inputs.vpc_config.security_groups
    assign_public_ip = module.inputs.vpc_config.assign_public_ip
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
    for_each = module.inputs.load_balancer_target

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

# Terraform ignores the number of tasks, so that an apply does not undo auto scaling or a manual change during an incident.
# Without auto scaling, a difference produces a warning.
check "desired_count" {
  assert {
    condition     = length(module.inputs.autoscaling_policy) > 0 || local.service.desired_count == var.desired_count
    error_message = "${local.name} has ${local.service.desired_count} tasks, but desired_count is ${var.desired_count}. To change it: aws ecs update-service --cluster ${var.cluster.name} --service ${local.name} --desired-count ${var.desired_count}"
  }
}

resource "aws_service_discovery_service" "this" {
  count = module.inputs.vpc_config.service_discovery ? 1 : 0

  name = var.name
  # ECS deregisters the tasks shortly after the service is deleted.
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

  # ECS reports the health of each task to service discovery.
  health_check_custom_config {
    failure_threshold = 1
  }
}
