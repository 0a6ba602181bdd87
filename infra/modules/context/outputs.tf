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
  description = "product_name-workspace, what every resource's name begins with; at most 20 characters."
  value       = local.prefix
}

output "workspace" {
  description = "The environment, as given."
  value       = var.workspace
}

output "all_tags" {
  description = "The four facts and the tags, for every resource."
  value       = local.all_tags
}

output "account_private_domain" {
  description = "The account's private domain, or null."
  value       = var.private_domain
}

output "config" {
  description = "All of it in one object; pass it as `context` to the other modules."
  value = {
    prefix                 = local.prefix
    workspace              = var.workspace
    all_tags               = local.all_tags
    account_private_domain = var.private_domain
  }
}
