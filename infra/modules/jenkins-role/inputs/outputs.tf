# The values after conversion to their types, with defaults.

output "oidc" {
  value = var.oidc
}

output "revisions" {
  value = var.revisions
}

output "allow" {
  value = var.allow
}

output "evidence" {
  value = var.evidence
}
