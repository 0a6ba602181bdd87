# Variables with objects have the type `any`, because Terraform drops keys that an object type does not have: a misspelt key would
# be ignored without a word. ./inputs has their types, and known-keys compares. An output of this module refuses unknown keys.
module "inputs" {
  source = "./inputs"

  package         = var.package
  user_parameters = var.user_parameters

  # For the validations.
  input_artifacts   = var.input_artifacts
  allowed_role_arns = var.allowed_role_arns
}

module "known_keys" {
  source = "../known-keys"

  known = module.inputs
  given = {
    package         = var.package
    user_parameters = var.user_parameters
  }
}
