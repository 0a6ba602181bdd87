# The values after conversion to their types, with defaults.

output "source_action" {
  value = var.source_action
}

output "build" {
  value = var.build
}

output "deploy" {
  value = var.deploy
}

output "approval" {
  value = var.approval
}

output "kms" {
  value = var.kms
}
