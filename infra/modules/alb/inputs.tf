# Variables with objects have the type `any`, because Terraform drops keys that an object type does not have: a misspelt key would
# be ignored without a word. ./inputs has their types, and known-keys compares. An output of this module refuses unknown keys.
module "inputs" {
  source = "./inputs"

  applications  = var.applications
  test_listener = var.test_listener
  headers       = var.headers
  alarms        = var.alarms

  # For the validations.
  context          = var.context
  allow_blue_green = var.allow_blue_green
}

module "known_keys" {
  source = "../known-keys"

  known = module.inputs
  given = {
    applications  = var.applications
    test_listener = var.test_listener
    headers       = var.headers
    alarms        = var.alarms
  }
}
