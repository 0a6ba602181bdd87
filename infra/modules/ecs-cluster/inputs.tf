# Variables with objects have the type `any`, because Terraform drops keys that an object type does not have: a misspelt key would
# be ignored without a word. ./inputs has their types, and known-keys compares. An output of this module refuses unknown keys.
module "inputs" {
  source = "./inputs"

  default_capacity_providers   = var.default_capacity_providers
  alarm_settings               = var.alarm_settings
  task_failure_alerting_config = var.task_failure_alerting_config
  service_discovery            = var.service_discovery
}

module "known_keys" {
  source = "../known-keys"

  known = module.inputs
  given = {
    default_capacity_providers   = var.default_capacity_providers
    alarm_settings               = var.alarm_settings
    task_failure_alerting_config = var.task_failure_alerting_config
    service_discovery            = var.service_discovery
  }
}
