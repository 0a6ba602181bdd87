# Variables with objects have the type `any`, because Terraform drops keys that an object type does not have: a misspelt key would
# be ignored without a word. ./inputs has their types, and known-keys compares. An output of this module refuses unknown keys.
module "inputs" {
  source = "./inputs"

  blue_green      = var.blue_green
  load_balancer   = var.load_balancer
  alarms          = var.alarms
  notifications   = var.notifications
  revision_bucket = var.revision_bucket
}

module "known_keys" {
  source = "../known-keys"

  known = module.inputs
  given = {
    blue_green      = var.blue_green
    load_balancer   = var.load_balancer
    alarms          = var.alarms
    notifications   = var.notifications
    revision_bucket = var.revision_bucket
  }
}
