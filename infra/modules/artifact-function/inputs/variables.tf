# Only for the validations.
variable "input_artifacts" {
  type    = list(string)
  default = []
}

variable "allowed_role_arns" {
  type    = list(string)
  default = []
}

variable "package" {
  type = object({
    path                    = optional(string)
    s3_uri                  = optional(string)
    s3_object_version       = optional(string)
    code_signing_config_arn = optional(string)
  })
  nullable = false

  validation {
    condition     = (var.package.path == null) != (var.package.s3_uri == null)
    error_message = "package must set either path or s3_uri."
  }

  validation {
    condition     = try(fileexists(var.package.path), var.package.path == null)
    error_message = "package.path does not exist: \"${coalesce(var.package.path, "-")}\". Download the ZIP file of a release, or build it in the repository root: .ci/cargo-release lambda build --profile release-abort --locked --x86-64 --output-format zip --package generate-codedeploy-artifact (for arm64 with --arm64 instead of --x86-64)."
  }

  validation {
    condition     = var.package.s3_uri == null || can(regex("^s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/.+[^/]$", var.package.s3_uri))
    error_message = "package.s3_uri must look like s3://BUCKET/KEY; found \"${coalesce(var.package.s3_uri, "-")}\"."
  }

  validation {
    condition     = var.package.s3_object_version == null || var.package.s3_uri != null
    error_message = "package.s3_object_version requires s3_uri."
  }
}
