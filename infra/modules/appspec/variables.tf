variable "context" {
  type = object({
    all_tags = map(string)
  })
  description = "Tags for the object; pass `module.context.config`. S3 allows at most 10 tags per object."
  nullable    = false

  validation {
    condition     = length(var.context.all_tags) <= 10
    error_message = "S3 allows at most 10 tags per object; found ${length(var.context.all_tags)}: ${join(", ", keys(var.context.all_tags))}."
  }
}

variable "bucket" {
  type        = string
  description = "Name of the S3 bucket, which must be in the deployment's Region. Enable versioning so that a deployment can reference an exact version."
  nullable    = false
}

variable "key" {
  type        = string
  description = "Object key, such as `appspec/web/appspec.yaml`."
  nullable    = false

  validation {
    condition     = can(regex("[^/]\\.ya?ml$", var.key)) && !startswith(var.key, "/")
    error_message = "key must end in .yaml or .yml and cannot begin with a slash; found \"${var.key}\"."
  }
}

variable "kms_key_arn" {
  type        = string
  description = "ARN of the KMS key that encrypts the object; the CodeDeploy service role requires kms:Decrypt on it. Null uses the bucket's default encryption."
  default     = null
}

variable "task_definition_arn" {
  type        = string
  description = "ARN of the task definition to deploy, including the revision."
  nullable    = false

  validation {
    condition     = can(regex("^arn:[^:]+:ecs:[^:]+:[0-9]{12}:task-definition/[A-Za-z0-9_-]+:[1-9][0-9]*$", var.task_definition_arn))
    error_message = "task_definition_arn must be a task definition ARN with a revision (…:task-definition/FAMILY:REVISION); found \"${var.task_definition_arn}\"."
  }
}

variable "container_name" {
  type        = string
  description = "Name of the container that receives traffic."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_-]{1,255}$", var.container_name))
    error_message = "container_name must be 1-255 letters, digits, hyphens and underscores; found \"${var.container_name}\"."
  }
}

variable "container_port" {
  type        = number
  description = "Port of the container that receives traffic, 1-65535."
  nullable    = false

  validation {
    condition     = var.container_port >= 1 && var.container_port <= 65535 && floor(var.container_port) == var.container_port
    error_message = "container_port must be an integer between 1 and 65535; found ${var.container_port}."
  }
}

variable "platform_version" {
  type        = string
  description = "Fargate platform version: LATEST, or a version such as 1.4.0. Null omits it, which means LATEST."
  default     = null

  validation {
    condition     = var.platform_version == null ? true : can(regex("^(LATEST|[0-9]{1,4}(\\.[0-9]{1,4}){2})$", var.platform_version))
    error_message = "platform_version must be LATEST or a version such as 1.4.0; found \"${coalesce(var.platform_version, "null")}\"."
  }
}

variable "network" {
  description = "Network configuration of the green tasks: 1-16 subnet IDs and 1-5 security group IDs. Null keeps the service's configuration."
  type        = any
  default     = null
}

variable "capacity_provider_strategy" {
  description = "Capacity provider strategy for the green tasks, such as FARGATE and FARGATE_SPOT: at most 20 providers; `base` 0-100000, above 0 for at most one; `weight` 0-1000, above 0 for at least one. Empty keeps the service's strategy."
  type        = any
  default     = []
  nullable    = false
}

variable "hooks" {
  type        = map(string)
  description = "Lifecycle hooks: map of lifecycle event to Lambda function name or ARN. Events are BeforeInstall, AfterInstall, AfterAllowTestTraffic (requires a test listener), BeforeAllowTraffic and AfterAllowTraffic."
  default     = {}
  nullable    = false

  validation {
    condition     = length(setsubtract(keys(var.hooks), local.lifecycle_events)) == 0
    error_message = "Unknown lifecycle event: ${join(", ", setsubtract(keys(var.hooks), local.lifecycle_events))}. ECS deployments have ${join(", ", local.lifecycle_events)}."
  }

  validation {
    condition = alltrue([for function in values(var.hooks) :
      can(regex("^(arn:aws[a-z-]*:lambda:[a-z0-9-]+:[0-9]{12}:function:)?[A-Za-z0-9_-]{1,64}(:([$]LATEST|[A-Za-z0-9_-]{1,128}))?$", function))
    ])
    error_message = "hooks must map to Lambda function names or ARNs; found ${join(", ", values(var.hooks))}."
  }
}
