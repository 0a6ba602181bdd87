data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  name    = "${var.context.prefix}-${var.name}"
  account = data.aws_caller_identity.current.account_id
  # Provider 5.100 has no `region`, and provider 6 deprecates the other attributes with the name of the Region.
  region = split(".", data.aws_region.current.endpoint)[1]
  arn    = "arn:${data.aws_partition.current.partition}"
}

resource "aws_ecs_cluster" "this" {
  name = local.name
  tags = var.context.all_tags

  setting {
    name  = "containerInsights"
    value = var.container_insights
  }
}

resource "aws_ecs_cluster_capacity_providers" "this" {
  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]

  dynamic "default_capacity_provider_strategy" {
    for_each = module.inputs.default_capacity_providers

    content {
      capacity_provider = default_capacity_provider_strategy.value.capacity_provider
      weight            = default_capacity_provider_strategy.value.weight
      base              = default_capacity_provider_strategy.value.base
    }
  }
}

# For tasks without a log group of their own. Services log to /ecs/CLUSTER/SERVICE.
resource "aws_cloudwatch_log_group" "runtime" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs always encrypts log data; kms_key_arn sets a customer managed key.
  #checkov:skip=CKV_AWS_338:These are application logs, not an audit trail; log_retention_in_days sets the retention.
  name              = "/ecs/${local.name}/runtime"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.kms_key_arn
  tags              = var.context.all_tags
}

resource "aws_service_discovery_private_dns_namespace" "this" {
  count = module.inputs.service_discovery == null ? 0 : 1

  name        = module.inputs.service_discovery.namespace
  description = "Services of the cluster ${local.name}"
  vpc         = module.inputs.service_discovery.vpc_id
  tags        = var.context.all_tags
}
