data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  name    = "${var.context.prefix}-${var.name}"
  account = data.aws_caller_identity.current.account_id
  # Provider 5.100 has no `region`, and provider 6 deprecates the other attributes with the name of the Region.
  region  = split(".", data.aws_region.current.endpoint)[1]
  ecs_arn = "arn:${data.aws_partition.current.partition}:ecs:${local.region}:${local.account}"
}

resource "aws_ecs_task_definition" "this" {
  family                   = local.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = var.cpu
  memory                   = var.memory
  execution_role_arn       = var.cluster.execution_role_arn
  task_role_arn            = aws_iam_role.task.arn
  container_definitions    = var.container_definitions
  tags                     = var.context.all_tags

  # Revisions that are deployed, or that a rollback can return to, must stay registered when Terraform creates the next one.
  skip_destroy = true

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.cpu_architecture
  }

  dynamic "volume" {
    for_each = module.inputs.volumes

    content {
      name = volume.key

      dynamic "efs_volume_configuration" {
        for_each = volume.value.efs[*]

        content {
          file_system_id     = efs_volume_configuration.value.file_system_id
          root_directory     = efs_volume_configuration.value.root_directory
          transit_encryption = "ENABLED"

          authorization_config {
            access_point_id = efs_volume_configuration.value.access_point_id
            iam             = efs_volume_configuration.value.iam ? "ENABLED" : "DISABLED"
          }
        }
      }
    }
  }
}

# Depends only on names, so that container_definitions can reference it (LOG_GROUP_NAME).
resource "aws_cloudwatch_log_group" "this" {
  #checkov:skip=CKV_AWS_158:CloudWatch Logs always encrypts log data; the cluster's kms_key_arn sets a customer managed key.
  #checkov:skip=CKV_AWS_338:These are application logs, not an audit trail; log_retention_in_days sets the retention.
  name              = "/ecs/${var.cluster.name}/${var.name}"
  retention_in_days = var.log_retention_in_days
  kms_key_id        = var.cluster.kms_key_arn
  tags              = var.context.all_tags
}
