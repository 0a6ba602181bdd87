# Variables with objects have the type `any`, because Terraform drops keys that an object type does not have: a misspelt key would
# be ignored without a word. ./inputs has their types, and known-keys compares. An output of this module refuses unknown keys.
module "inputs" {
  source = "./inputs"

  package = var.package
}

module "known_keys" {
  source = "../known-keys"

  known = module.inputs
  given = {
    package = var.package
  }
}
