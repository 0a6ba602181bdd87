variable "iam" {
  type = object({
    path                     = optional(string, "/")
    permissions_boundary_arn = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^/([!-~]+/)?$", var.iam.path)) && length(var.iam.path) <= 512
    error_message = "iam.path must begin and end with a slash, such as \"/teams/shop/\", without spaces and with at most 512 characters; found \"${var.iam.path}\"."
  }

  validation {
    condition     = var.iam.permissions_boundary_arn == null || can(regex("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/.", var.iam.permissions_boundary_arn))
    error_message = "iam.permissions_boundary_arn must be the ARN of a policy, such as arn:aws:iam::123456789012:policy/NAME; found \"${coalesce(var.iam.permissions_boundary_arn, "null")}\"."
  }
}
