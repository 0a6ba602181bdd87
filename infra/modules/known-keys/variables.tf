variable "given" {
  description = "Values of a module's variables as the caller wrote them, by variable."
  type        = any
  nullable    = false
}

variable "known" {
  description = "The same values after Terraform converted them to their types, which drops unknown keys."
  type        = any
  nullable    = false
}
