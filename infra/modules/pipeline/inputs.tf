# Variables with objects have the type `any`, because Terraform drops keys that an object type does not have: a misspelt key would
# be ignored without a word. ./inputs has their types, and known-keys compares. An output of this module refuses unknown keys.
module "inputs" {
  source = "./inputs"

  source_action = var.source_action
  build         = var.build
  deploy        = var.deploy
  approval      = var.approval
  kms           = var.kms
}

module "known_keys" {
  source = "../known-keys"

  known = module.inputs
  given = {
    source_action = var.source_action
    build         = var.build
    deploy        = var.deploy
    approval      = var.approval
    kms           = var.kms
  }
}
