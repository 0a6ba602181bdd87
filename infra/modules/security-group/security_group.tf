locals {
  name = "${var.context.prefix}-${var.name}"
}

# It depends on none of the rules, so that two groups may name each other in theirs. A group that is made by Terraform
# has no rule of its own, not even the one that lets everything out.
resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:The group is attached by whoever calls the module, through its output.
  name        = local.name
  description = coalesce(var.description, "Traffic of ${local.name}")
  vpc_id      = var.vpc_id
  tags        = merge(var.context.all_tags, { Name = local.name })
}
