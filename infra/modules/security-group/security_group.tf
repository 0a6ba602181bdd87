locals {
  name = "${var.context.prefix}-${var.name}"
}

# Does not depend on its rules, so that two groups can reference each other. Terraform removes the default rule that allows
# all outbound traffic.
resource "aws_security_group" "this" {
  #checkov:skip=CKV2_AWS_5:The caller attaches the group through the module's output.
  name        = local.name
  description = coalesce(var.description, "Traffic of ${local.name}")
  vpc_id      = var.vpc_id
  tags        = merge(var.context.all_tags, { Name = local.name })
}
