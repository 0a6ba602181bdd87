locals {
  prefix = "${var.product_name}-${var.workspace}"

  all_tags = merge(var.tags, tomap({
    app_id        = var.app_id
    chargeback_id = var.chargeback_id
    product_name  = var.product_name
    workspace     = var.workspace
  }))
}

output "prefix" {
  description = "Prefix of every resource name: PRODUCT_NAME-WORKSPACE, at most 20 characters."
  value       = local.prefix
}

output "workspace" {
  description = "Name of the environment."
  value       = var.workspace
}

output "all_tags" {
  description = "Tags for every resource: app_id, chargeback_id, product_name and workspace, merged with `tags`."
  value       = local.all_tags
}

output "account_private_domain" {
  description = "Private domain of the account, or null."
  value       = var.private_domain
}

output "config" {
  description = "All of the above as one object; pass it as `context` to the other modules."
  value = {
    prefix                 = local.prefix
    workspace              = var.workspace
    all_tags               = local.all_tags
    account_private_domain = var.private_domain
    iam                    = module.inputs.iam
  }

  precondition {
    condition     = module.known_keys.unknown == ""
    error_message = module.known_keys.unknown
  }
}
