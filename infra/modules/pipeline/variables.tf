variable "context" {
  description = "Name prefix, tags and IAM settings for all resources; pass `module.context.config`."
  type = object({
    prefix   = string
    all_tags = map(string)
    iam      = optional(object({ path = optional(string, "/"), permissions_boundary_arn = optional(string) }), {})
  })
  nullable = false
}

variable "name" {
  description = "Name of the pipeline, appended to the prefix; roles, bucket and key are named after it. Lower-case letters, digits and hyphens; PREFIX-NAME-pipeline-REGION, the name of its role, has at most 64 characters."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]*$", var.name)) && length("${var.context.prefix}-${var.name}-pipeline-${local.region}") <= 64
    error_message = "name must consist of lower-case letters, digits and hyphens, with at most 64 characters in the name of the role; found \"${var.context.prefix}-${var.name}-pipeline-${local.region}\"."
  }
}

variable "source_action" {
  description = <<-TEXT
    Source that starts the pipeline: an S3 object (`s3`: `bucket`, `key` and, if encrypted with a customer managed key,
    `kms_key_arn`; the bucket must be versioned and send events to EventBridge) or an ECR image (`ecr`: `repository_name`,
    `image_tag`), which is provided as imageDetail.json. `artifact` is the name of the source artifact.
  TEXT
  type        = any
  nullable    = false
}

variable "build" {
  description = "CodeBuild project between source and generate, which builds the image and writes imageDetail.json into `artifact` (default build_artifact); pass `module.codebuild_image.config`. The project's role gets access to the two artifacts. Null has no build stage."
  type        = any
  default     = null
}

variable "generate" {
  description = "Generate action: the outputs `action` and `function_arn` of the artifact-function module. Sensitive, because its UserParameters can contain an external ID."
  type = object({
    function_arn = string
    action = object({
      name             = string
      category         = string
      owner            = string
      provider         = string
      version          = string
      namespace        = string
      input_artifacts  = list(string)
      output_artifacts = list(string)
      configuration    = map(string)
    })
  })
  nullable  = false
  sensitive = true

  validation {
    condition     = length(setsubtract(var.generate.action.input_artifacts, local.given_artifacts)) == 0
    error_message = "The generate action can only use the artifacts of source and build: set input_artifacts of the artifact-function module to some of ${join(", ", local.given_artifacts)}, or to []."
  }

  validation {
    condition     = length(var.generate.action.output_artifacts) == 1 && length(setintersection(var.generate.action.output_artifacts, local.given_artifacts)) == 0
    error_message = "The generate action must have exactly one output artifact, whose name differs from those of source and build."
  }
}

variable "deploy" {
  description = <<-TEXT
    Settings of the CodeDeployToECS action: `module.codedeploy.config` merged with `task_definition_family`, the family to
    register; `pass_role_arns`, the task and execution roles that the new revision can use; and `images`, a map of at most 4
    placeholders in taskdef.json, such as IMAGE1_NAME, to the artifact whose imageDetail.json provides the image.
  TEXT
  type        = any
  nullable    = false
}

variable "appspec_path" {
  description = "Path of the AppSpec file in the artifact. Null uses the generate action's request, or appspec.yml; set it if a `config` file sets another path."
  type        = string
  default     = null
}

variable "taskdef_path" {
  description = "Path of the task definition in the artifact. Null uses the generate action's request, or taskdef.json; set it if a `config` file sets another path."
  type        = string
  default     = null
}

variable "approval" {
  description = "Manual approval between generate and deploy. `topic_arn` is the SNS topic to notify; if it is encrypted with a customer managed key, its key policy must allow this module's `role_arn`. Null adds no approval."
  type        = any
  default     = null
}

variable "generate_stage" {
  description = "Whether the generate action is in a stage of its own, so that rolling back the stage Deploy deploys the exact artifact of an earlier execution. If false, it is the first action of Deploy, and a rollback describes the newest task definition again."
  type        = bool
  default     = false
  nullable    = false
}

variable "execution_mode" {
  description = "How executions wait while another one deploys: `SUPERSEDED` (a newer execution replaces a waiting one) or `QUEUED` (all run in order)."
  type        = string
  default     = "SUPERSEDED"
  nullable    = false

  validation {
    condition     = contains(["SUPERSEDED", "QUEUED"], var.execution_mode)
    error_message = "execution_mode must be SUPERSEDED or QUEUED (CodeDeploy does not run deployments of a group in parallel); found \"${var.execution_mode}\"."
  }
}

variable "artifact_retention_in_days" {
  description = "Number of days to keep artifacts. A stage can be retried or rolled back only while its artifacts exist."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.artifact_retention_in_days >= 1 && floor(var.artifact_retention_in_days) == var.artifact_retention_in_days
    error_message = "artifact_retention_in_days must be at least 1; found ${var.artifact_retention_in_days}."
  }
}

variable "artifact_force_destroy" {
  description = "Whether `terraform destroy` deletes the artifact bucket even if it contains artifacts."
  type        = bool
  default     = false
  nullable    = false
}

variable "kms" {
  description = "Deletion window of the artifact KMS key in days, 7-30. Artifacts cannot be read once the key is deleted."
  type        = any
  default     = {}
  nullable    = false
}

variable "cross_account" {
  description = "Roles and policy statements for a service in another account; pass `module.cross_account_role.config`. The deploy action then uses that account's role. Null means this account."
  type = object({
    deploy_role_arn          = string
    bucket_policy_statements = list(string)
    key_policy_statements    = list(string)
  })
  default = null
}
