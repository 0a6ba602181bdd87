variable "context" {
  description = "Prefix of all names and the tags of all resources: `module.context.config`."
  type        = object({ prefix = string, all_tags = map(string) })
  nullable    = false
}

variable "name" {
  description = "Name of the pipeline after the prefix. The whole name has at most 55 lower-case letters, digits and hyphens: roles, bucket and key are named after it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]*$", var.name)) && length("${var.context.prefix}-${var.name}") <= 55
    error_message = "The pipeline would be named \"${var.context.prefix}-${var.name}\". Take lower-case letters, digits and hyphens, 55 characters at most with the prefix."
  }
}

variable "source_action" {
  description = <<-TEXT
    What starts the pipeline: an object in S3 (`s3`: `bucket`, `key`, and `kms_key_arn` where it is encrypted with a key of
    its own; the bucket must be versioned and send its events to EventBridge) or an image in ECR (`ecr`: `repository_name`,
    `image_tag`), which arrives as imageDetail.json. `artifact` is the name of the artifact that it makes.
  TEXT
  type = object({
    artifact = optional(string, "source_artifact")
    s3       = optional(object({ bucket = string, key = string, kms_key_arn = optional(string) }))
    ecr      = optional(object({ repository_name = string, image_tag = optional(string, "latest") }))
  })
  nullable = false

  validation {
    condition     = (var.source_action.s3 != null) != (var.source_action.ecr != null)
    error_message = "A pipeline has one source: set source_action.s3 or source_action.ecr."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,100}$", var.source_action.artifact))
    error_message = "source_action.artifact must be 1-100 letters, digits, hyphens and underscores."
  }
}

variable "generate" {
  description = "The action that makes the artifact: `action` and `function_arn` of module artifact-function. Sensitive, because its UserParameters may hold an external id."
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
    condition     = length(setsubtract(var.generate.action.input_artifacts, [var.source_action.artifact])) == 0
    error_message = "The generate action may take the artifact of the source only: set input_artifacts of module artifact-function to [source_action.artifact] or []."
  }

  validation {
    condition     = length(var.generate.action.output_artifacts) == 1 && !contains(var.generate.action.output_artifacts, var.source_action.artifact)
    error_message = "The generate action must make one artifact, with another name than the artifact of the source."
  }
}

variable "deploy" {
  description = <<-TEXT
    What CodeDeployToECS deploys: `module.codedeploy.config` merged with the `task_definition_family` that is registered,
    the `pass_role_arns` (task and execution role) that the new revision may name, and `images`: a placeholder of taskdef.json
    such as IMAGE1_NAME -> the artifact whose imageDetail.json fills it in, at most 4.
  TEXT
  type = object({
    application_name       = string
    group_name             = string
    application_arn        = string
    group_arn              = string
    config_arn             = string
    task_definition_family = string
    pass_role_arns         = list(string)
    images                 = optional(map(string), {})
  })
  nullable = false

  validation {
    condition     = length(var.deploy.images) <= 4 && alltrue([for name in keys(var.deploy.images) : can(regex("^[A-Z][A-Z0-9_]*$", name))])
    error_message = "deploy.images holds at most 4 placeholders such as IMAGE1_NAME: capitals, digits and underscores, without < and >."
  }

  validation {
    condition     = alltrue([for artifact in values(var.deploy.images) : artifact == var.source_action.artifact])
    error_message = "An image can come from the artifact of the source only: set the values of deploy.images to source_action.artifact (\"${var.source_action.artifact}\")."
  }

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.deploy.task_definition_family))
    error_message = "deploy.task_definition_family is \"${var.deploy.task_definition_family}\"; give the family alone, without a revision."
  }

  validation {
    condition     = length(var.deploy.pass_role_arns) > 0 && alltrue([for arn in var.deploy.pass_role_arns : length(regexall("[*?]", arn)) == 0])
    error_message = "deploy.pass_role_arns must name the task's execution role, and its task role where it has one, by whole ARNs: ECS takes a Fargate task definition from who may pass its roles."
  }
}

variable "appspec_path" {
  description = "Path of the AppSpec in the artifact. Null means what the generate action's request says, or appspec.yml; set it where the request is in a `config` file that says otherwise."
  type        = string
  default     = null
}

variable "taskdef_path" {
  description = "Path of the task definition in the artifact. Null means what the generate action's request says, or taskdef.json; set it where the request is in a `config` file that says otherwise."
  type        = string
  default     = null
}

variable "approval" {
  description = "A manual approval between generate and deploy: who looks at the artifact can reject it. `topic_arn` tells somebody; a topic with a KMS key of its own must let `role_arn` of this module use that key. Null means none."
  type        = object({ message = optional(string), review_url = optional(string), topic_arn = optional(string) })
  default     = null

  validation {
    condition     = length(try(coalesce(var.approval.message, " "), " ")) <= 1000
    error_message = "approval.message has more than the 1000 characters that CodePipeline takes."
  }
}

variable "execution_mode" {
  description = "What happens to an execution that waits while another deploys: `SUPERSEDED`, a newer one takes its place, or `QUEUED`, each has its turn."
  type        = string
  default     = "SUPERSEDED"
  nullable    = false

  validation {
    condition     = contains(["SUPERSEDED", "QUEUED"], var.execution_mode)
    error_message = "execution_mode is \"${var.execution_mode}\"; take SUPERSEDED or QUEUED. PARALLEL cannot work: CodeDeploy runs one deployment of a group at a time."
  }
}

variable "artifact_retention_in_days" {
  description = "Days that artifacts are kept. A stage can be retried or rolled back as long as its artifacts are there."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.artifact_retention_in_days >= 1 && floor(var.artifact_retention_in_days) == var.artifact_retention_in_days
    error_message = "artifact_retention_in_days is ${var.artifact_retention_in_days}; take 1 day or more."
  }
}

variable "artifact_force_destroy" {
  description = "Whether `terraform destroy` may delete a bucket that still holds artifacts."
  type        = bool
  default     = false
  nullable    = false
}

variable "kms" {
  description = "The key of the artifacts: days between its deletion and its end (7-30). Without the key no artifact can be read."
  type        = object({ deletion_window_in_days = optional(number, 30) })
  default     = {}
  nullable    = false

  validation {
    condition     = var.kms.deletion_window_in_days >= 7 && var.kms.deletion_window_in_days <= 30
    error_message = "kms.deletion_window_in_days is ${var.kms.deletion_window_in_days}; KMS takes 7 to 30."
  }
}

variable "cross_account" {
  description = "Where the service is in another account, what that account gives: `module.cross_account_role.config`. The deploy action then runs as its role. Null means this account."
  type = object({
    deploy_role_arn          = string
    bucket_policy_statements = list(string)
    key_policy_statements    = list(string)
  })
  default = null
}
