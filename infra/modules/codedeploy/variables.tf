variable "context" {
  type = object({
    prefix   = string
    all_tags = map(string)
    iam      = optional(object({ path = optional(string, "/"), permissions_boundary_arn = optional(string) }), {})
  })
  description = "Name prefix, tags and IAM settings for all resources; pass `module.context.config`."
  nullable    = false
}

variable "application_name" {
  type        = string
  description = "Name of the CodeDeploy application, appended to the prefix; at most 100 characters including the prefix."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._+=,@-]+$", var.application_name)) && length("${var.context.prefix}-${var.application_name}") <= 100
    error_message = "application_name must consist of letters, digits and . _ + = , @ -, with at most 100 characters including the prefix; found \"${var.context.prefix}-${var.application_name}\"."
  }
}

variable "group_name" {
  type        = string
  description = "Name of the deployment group, appended to the prefix; at most 100 characters including the prefix."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._+=,@-]+$", var.group_name)) && length("${var.context.prefix}-${var.group_name}") <= 100
    error_message = "group_name must consist of letters, digits and . _ + = , @ -, with at most 100 characters including the prefix; found \"${var.context.prefix}-${var.group_name}\"."
  }
}

variable "ecs_service" {
  type = object({
    cluster_name = string
    service_name = string
  })
  description = "ECS service to deploy; pass `module.ecs_service.config`. Its deployment controller must be CODE_DEPLOY."
  nullable    = false

  validation {
    condition     = !strcontains(var.ecs_service.cluster_name, ":") && !strcontains(var.ecs_service.service_name, ":")
    error_message = "ecs_service requires names, not ARNs; found ${var.ecs_service.cluster_name} and ${var.ecs_service.service_name}."
  }
}

variable "pass_role_arns" {
  type        = list(string)
  description = "ARNs of the execution and task roles of the task definitions to deploy. CodeDeploy can pass only these roles to ECS."
  nullable    = false

  validation {
    condition     = length(var.pass_role_arns) >= 1
    error_message = "pass_role_arns must include at least the execution role; without it, CodeDeploy cannot start the green tasks."
  }

  validation {
    condition     = alltrue([for arn in var.pass_role_arns : length(regexall("[*?]", arn)) == 0])
    error_message = "pass_role_arns cannot contain wildcards, because CodeDeploy could then pass any role to a task; found ${join(", ", var.pass_role_arns)}."
  }
}

variable "default_deployment_config_name" {
  type        = string
  description = "Deployment configuration: one of the five predefined ones for ECS, such as CodeDeployDefault.ECSCanary10Percent5Minutes, or the name of an existing one. Conflicts with `traffic_routing`."
  default     = null

  validation {
    condition = var.default_deployment_config_name == null ? true : contains([
      "CodeDeployDefault.ECSAllAtOnce",
      "CodeDeployDefault.ECSCanary10Percent5Minutes",
      "CodeDeployDefault.ECSCanary10Percent15Minutes",
      "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
      "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
    ], var.default_deployment_config_name) || !startswith(var.default_deployment_config_name, "CodeDeployDefault.")
    error_message = "\"${coalesce(var.default_deployment_config_name, "null")}\" is not a predefined deployment configuration for ECS. Use CodeDeployDefault.ECSAllAtOnce, .ECSCanary10Percent5Minutes, .ECSCanary10Percent15Minutes, .ECSLinear10PercentEvery1Minutes or .ECSLinear10PercentEvery3Minutes, or set traffic_routing."
  }
}

variable "traffic_routing" {
  type = object({
    type       = string
    interval   = number
    percentage = number
  })
  description = "Custom deployment configuration. With `type` TimeBasedCanary, `percentage` of the traffic shifts first and the rest `interval` minutes later; with TimeBasedLinear, `percentage` shifts every `interval` minutes. Conflicts with `default_deployment_config_name`."
  default     = null

  validation {
    condition     = (var.traffic_routing == null) != (var.default_deployment_config_name == null)
    error_message = "Set exactly one of default_deployment_config_name and traffic_routing; ${var.traffic_routing == null ? "neither is" : "both are"} set."
  }

  validation {
    condition     = var.traffic_routing == null ? true : contains(["TimeBasedCanary", "TimeBasedLinear"], var.traffic_routing.type)
    error_message = "traffic_routing.type must be TimeBasedCanary or TimeBasedLinear; found \"${try(var.traffic_routing.type, "")}\"."
  }

  validation {
    condition = var.traffic_routing == null ? true : (
      var.traffic_routing.percentage >= 1 && var.traffic_routing.percentage <= 99 && floor(var.traffic_routing.percentage) == var.traffic_routing.percentage
    )
    error_message = "traffic_routing.percentage must be an integer between 1 and 99; found ${try(var.traffic_routing.percentage, 0)}."
  }

  validation {
    condition = var.traffic_routing == null ? true : (
      var.traffic_routing.interval >= 1 && var.traffic_routing.interval <= 2880 && floor(var.traffic_routing.interval) == var.traffic_routing.interval
    )
    error_message = "traffic_routing.interval must be an integer between 1 and 2880 minutes; found ${try(var.traffic_routing.interval, 0)}."
  }

  validation {
    # A percentage of 0 is reported by the validation above.
    condition = try(var.traffic_routing.type, "") != "TimeBasedLinear" ? true : try(
      (ceil(100 / var.traffic_routing.percentage) - 1) * var.traffic_routing.interval <= 2880, true
    )
    error_message = "A traffic shift can take at most 2880 minutes (2 days); ${try(var.traffic_routing.percentage, 0)} percent every ${try(var.traffic_routing.interval, 0)} minutes takes ${try((ceil(100 / var.traffic_routing.percentage) - 1) * var.traffic_routing.interval, 0)}."
  }
}

variable "blue_green" {
  description = <<-TEXT
    `deployment_ready`: what happens when the green tasks are ready. CONTINUE_DEPLOYMENT shifts traffic immediately;
    STOP_DEPLOYMENT waits `wait_time_minutes` (1-7200) for a manual continue, and stops the deployment after that.
    `blue_fleet`: minutes (0-2880) before the blue tasks are terminated; until then, a rollback needs no new tasks.
  TEXT
  type        = any
  default     = {}
  nullable    = false
}

variable "load_balancer" {
  description = "`target_group_pair`: ARN of the production listener, names of the two target groups, and ARN of the test listener or an empty list; pass `module.alb.target_group_pairs[\"APPLICATION\"]`."
  type        = any
  nullable    = false
}

variable "alarms" {
  description = "CloudWatch alarms (1-10 names or ARNs) that stop a deployment and roll it back. If `ignore_poll_failure` is true, a deployment continues when alarm states cannot be read. Set `enabled` to false to deploy a fix while alarms are in ALARM. Null disables alarms."
  type        = any
  default     = null
}

variable "auto_rollback_events" {
  type        = list(string)
  description = "Events that trigger an automatic rollback: DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_REQUEST. DEPLOYMENT_STOP_ON_ALARM is added if `alarms` is enabled. An empty list disables all others."
  default     = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"]
  nullable    = false

  validation {
    condition     = alltrue([for event in var.auto_rollback_events : contains(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"], event)])
    error_message = "auto_rollback_events must be DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_ALARM or DEPLOYMENT_STOP_ON_REQUEST; found ${join(", ", var.auto_rollback_events)}."
  }

  validation {
    condition     = !contains(var.auto_rollback_events, "DEPLOYMENT_STOP_ON_ALARM") || try(module.inputs.alarms.enabled, false)
    error_message = "DEPLOYMENT_STOP_ON_ALARM requires alarms; set alarms, or remove the event."
  }
}

variable "notifications" {
  description = "SNS topic for deployment notifications, and the events to publish. If the topic is encrypted with a customer managed key, its key policy must allow this module's role. Null disables notifications."
  type        = any
  default     = null
}

variable "revision_bucket" {
  description = "Bucket with AppSpec files that deployments reference by S3 location, their key prefix, and the bucket's KMS key ARN, if any. Null if all revisions are sent inline, as CodePipeline and `codedeploy-artifact deploy` do."
  type        = any
  default     = null
}

variable "hook_function_arns" {
  type        = list(string)
  description = "ARNs (without version or alias) of the Lambda functions that AppSpec files use as lifecycle hooks."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.hook_function_arns : can(regex("^arn:[^:]+:lambda:[^:]+:[0-9]{12}:function:[A-Za-z0-9_-]+$", arn))])
    error_message = "hook_function_arns must be Lambda function ARNs without version or alias; found ${join(", ", var.hook_function_arns)}."
  }
}
