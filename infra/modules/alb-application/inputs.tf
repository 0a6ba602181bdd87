# Types, defaults and validations are those of the alb module. An output of this module refuses unknown keys.
module "inputs" {
  source = "../alb/inputs"

  context      = var.context
  applications = { (var.name) = var.application }
  alarms       = var.alarms
}

module "known_keys" {
  source = "../known-keys"

  known = { application = local.application, alarms = module.inputs.alarms }
  given = { application = var.application, alarms = var.alarms }
}

locals {
  application = module.inputs.applications[var.name]
}
