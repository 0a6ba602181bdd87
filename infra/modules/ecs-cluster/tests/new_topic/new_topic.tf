terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

# Stands for a topic of the same plan: its ARN is unknown until the apply.
resource "terraform_data" "topic" {}

locals {
  topic_arn = "arn:aws:sns:eu-west-1:111111111111:${terraform_data.topic.id}"
}

data "aws_iam_policy_document" "unknown" {
  statement {
    sid       = "Publish"
    actions   = ["sns:Publish"]
    resources = [local.topic_arn]
  }
}

module "ecs_cluster" {
  source = "../.."

  context               = { prefix = "shop-dev", all_tags = {} }
  name                  = "apps"
  execution_role_policy = data.aws_iam_policy_document.unknown.json
  alarm_settings        = { enable_alert = true, action_topic_arn = local.topic_arn }
}

output "alarm_name" {
  value = module.ecs_cluster.task_failure_alarm_name
}
