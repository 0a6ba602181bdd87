variable "context" {
  type = object({
    prefix   = string
    all_tags = map(string)
  })
  description = "Prefix of every name and tags of every resource; pass `module.context.config`."
  nullable    = false
}

variable "application_name" {
  type        = string
  description = "Name of the CodeDeploy application, after the prefix; at most 100 characters with it."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._+=,@-]+$", var.application_name)) && length("${var.context.prefix}-${var.application_name}") <= 100
    error_message = "The application would be \"${var.context.prefix}-${var.application_name}\"; CodeDeploy takes 100 letters, digits and . _ + = , @ -"
  }
}

variable "group_name" {
  type        = string
  description = "Name of the deployment group, after the prefix; at most 100 characters with it."
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9._+=,@-]+$", var.group_name)) && length("${var.context.prefix}-${var.group_name}") <= 100
    error_message = "The deployment group would be \"${var.context.prefix}-${var.group_name}\"; CodeDeploy takes 100 letters, digits and . _ + = , @ -"
  }
}

variable "ecs_service" {
  type = object({
    cluster_name = string
    service_name = string
  })
  description = "The ECS service to deploy, whose deployment controller must be CODE_DEPLOY; `module.ecs_service.config` fits."
  nullable    = false

  validation {
    condition     = !strcontains(var.ecs_service.cluster_name, ":") && !strcontains(var.ecs_service.service_name, ":")
    error_message = "ecs_service takes names, not ARNs; found ${var.ecs_service.cluster_name} and ${var.ecs_service.service_name}."
  }
}

variable "pass_role_arns" {
  type        = list(string)
  description = "Execution role and task role of the task definitions to deploy, whole ARNs: the only roles that CodeDeploy may hand to ECS."
  nullable    = false

  validation {
    condition     = length(var.pass_role_arns) >= 1
    error_message = "pass_role_arns is empty; every Fargate task has at least an execution role, and without it CodeDeploy cannot start the green tasks."
  }

  validation {
    condition     = alltrue([for arn in var.pass_role_arns : length(regexall("[*?]", arn)) == 0])
    error_message = "pass_role_arns must hold whole ARNs: with a wildcard, CodeDeploy could give any role to a task. Found ${join(", ", var.pass_role_arns)}."
  }
}

variable "default_deployment_config_name" {
  type        = string
  description = "One of the five predefined configurations for ECS, such as CodeDeployDefault.ECSCanary10Percent5Minutes, or the name of a configuration that exists. Null: `traffic_routing` says how traffic shifts."
  default     = null

  validation {
    condition = var.default_deployment_config_name == null ? true : contains([
      "CodeDeployDefault.ECSAllAtOnce",
      "CodeDeployDefault.ECSCanary10Percent5Minutes",
      "CodeDeployDefault.ECSCanary10Percent15Minutes",
      "CodeDeployDefault.ECSLinear10PercentEvery1Minutes",
      "CodeDeployDefault.ECSLinear10PercentEvery3Minutes",
    ], var.default_deployment_config_name) || !startswith(var.default_deployment_config_name, "CodeDeployDefault.")
    error_message = "\"${coalesce(var.default_deployment_config_name, "null")}\" is not a predefined configuration for ECS. There are CodeDeployDefault.ECSAllAtOnce, .ECSCanary10Percent5Minutes, .ECSCanary10Percent15Minutes, .ECSLinear10PercentEvery1Minutes and .ECSLinear10PercentEvery3Minutes; for another shift use traffic_routing."
  }
}

variable "traffic_routing" {
  type = object({
    type       = string
    interval   = number
    percentage = number
  })
  description = "A configuration of your own. `type` TimeBasedCanary: `percentage` of the traffic first, the rest `interval` minutes later; TimeBasedLinear: `percentage` more every `interval` minutes. Null: `default_deployment_config_name` says it."
  default     = null

  validation {
    condition     = (var.traffic_routing == null) != (var.default_deployment_config_name == null)
    error_message = "Give exactly one of default_deployment_config_name and traffic_routing; ${var.traffic_routing == null ? "none is" : "both are"} given."
  }

  validation {
    condition     = var.traffic_routing == null ? true : contains(["TimeBasedCanary", "TimeBasedLinear"], var.traffic_routing.type)
    error_message = "The type \"${try(var.traffic_routing.type, "")}\" must be TimeBasedCanary or TimeBasedLinear."
  }

  validation {
    condition = var.traffic_routing == null ? true : (
      var.traffic_routing.percentage >= 1 && var.traffic_routing.percentage <= 99 && floor(var.traffic_routing.percentage) == var.traffic_routing.percentage
    )
    error_message = "The percentage must be a whole number, 1-99; found ${try(var.traffic_routing.percentage, 0)}."
  }

  validation {
    condition = var.traffic_routing == null ? true : (
      var.traffic_routing.interval >= 1 && var.traffic_routing.interval <= 2880 && floor(var.traffic_routing.interval) == var.traffic_routing.interval
    )
    error_message = "The interval must be whole minutes, 1-2880; found ${try(var.traffic_routing.interval, 0)}."
  }

  validation {
    # A percentage of 0 is the matter of the rule above.
    condition = try(var.traffic_routing.type, "") != "TimeBasedLinear" ? true : try(
      (ceil(100 / var.traffic_routing.percentage) - 1) * var.traffic_routing.interval <= 2880, true
    )
    error_message = "From its first to its last step a shift may take 2880 minutes (2 days); ${try(var.traffic_routing.percentage, 0)} percent every ${try(var.traffic_routing.interval, 0)} minutes take ${try((ceil(100 / var.traffic_routing.percentage) - 1) * var.traffic_routing.interval, 0)}."
  }
}

variable "blue_green" {
  type = object({
    deployment_ready = optional(object({
      action_on_timeout = optional(string, "CONTINUE_DEPLOYMENT")
      wait_time_minutes = optional(number, 0)
    }), {})
    blue_fleet = optional(object({
      action            = optional(string, "TERMINATE")
      wait_time_minutes = optional(number, 5)
    }), {})
  })
  description = <<-TEXT
    `deployment_ready`: what happens when green is ready. CONTINUE_DEPLOYMENT shifts traffic at once and takes no wait;
    STOP_DEPLOYMENT waits `wait_time_minutes`, 1-7200, for someone to continue, and stops if nobody does. `blue_fleet`:
    minutes, 0-2880, after which blue is terminated; until then a rollback needs no new tasks.
  TEXT
  default     = {}
  nullable    = false

  validation {
    condition     = contains(["CONTINUE_DEPLOYMENT", "STOP_DEPLOYMENT"], var.blue_green.deployment_ready.action_on_timeout)
    error_message = "deployment_ready.action_on_timeout must be CONTINUE_DEPLOYMENT or STOP_DEPLOYMENT; found ${var.blue_green.deployment_ready.action_on_timeout}."
  }

  validation {
    condition     = var.blue_green.deployment_ready.action_on_timeout != "CONTINUE_DEPLOYMENT" ? true : var.blue_green.deployment_ready.wait_time_minutes == 0
    error_message = "CONTINUE_DEPLOYMENT shifts traffic at once and AWS takes no wait with it; found deployment_ready.wait_time_minutes = ${var.blue_green.deployment_ready.wait_time_minutes}. Set it to 0, or use STOP_DEPLOYMENT."
  }

  validation {
    condition = var.blue_green.deployment_ready.action_on_timeout != "STOP_DEPLOYMENT" ? true : (
      var.blue_green.deployment_ready.wait_time_minutes >= 1 && var.blue_green.deployment_ready.wait_time_minutes <= 7200
    )
    error_message = "STOP_DEPLOYMENT needs deployment_ready.wait_time_minutes, 1-7200; found ${var.blue_green.deployment_ready.wait_time_minutes}."
  }

  validation {
    condition     = var.blue_green.blue_fleet.action == "TERMINATE"
    error_message = "blue_fleet.action must be TERMINATE, found ${var.blue_green.blue_fleet.action}: CodeDeploy cannot keep the blue tasks of an ECS service alive. A longer wait_time_minutes keeps them for up to 2 days."
  }

  validation {
    condition     = var.blue_green.blue_fleet.wait_time_minutes >= 0 && var.blue_green.blue_fleet.wait_time_minutes <= 2880
    error_message = "blue_fleet.wait_time_minutes must be 0-2880 (2 days); found ${var.blue_green.blue_fleet.wait_time_minutes}."
  }
}

variable "load_balancer" {
  type = object({
    target_group_pair = object({
      prod_route    = list(string)
      target_groups = list(string)
      test_route    = optional(list(string), [])
    })
  })
  description = "`target_group_pair`: the ARN of the production listener, the names of the two target groups, and the ARN of the test listener or an empty list. `module.alb.target_group_pairs[\"APPLICATION\"]` fits."
  nullable    = false

  validation {
    condition     = length(var.load_balancer.target_group_pair.prod_route) == 1
    error_message = "prod_route must be exactly one listener ARN; CodeDeploy takes no more. Found ${length(var.load_balancer.target_group_pair.prod_route)}."
  }

  validation {
    condition     = length(var.load_balancer.target_group_pair.test_route) <= 1
    error_message = "test_route must be one listener ARN, or empty; CodeDeploy takes no more. Found ${length(var.load_balancer.target_group_pair.test_route)}."
  }

  validation {
    condition = alltrue([for arn in concat(var.load_balancer.target_group_pair.prod_route, var.load_balancer.target_group_pair.test_route) :
      arn != null && can(regex(":listener/app/", arn))
    ])
    error_message = "prod_route and test_route must be ARNs of listeners of an Application Load Balancer (…:listener/app/…). A null means that the listener does not exist: give the alb module a test_listener, or leave test_route empty."
  }

  validation {
    condition     = length(setintersection(compact(var.load_balancer.target_group_pair.prod_route), compact(var.load_balancer.target_group_pair.test_route))) == 0
    error_message = "prod_route and test_route are the same listener; a test listener has a port of its own."
  }

  validation {
    condition     = length(var.load_balancer.target_group_pair.target_groups) == 2 && length(distinct(var.load_balancer.target_group_pair.target_groups)) == 2
    error_message = "target_groups must be two different target groups; found ${join(", ", var.load_balancer.target_group_pair.target_groups)}."
  }

  validation {
    condition     = alltrue([for name in var.load_balancer.target_group_pair.target_groups : !startswith(name, "arn:")])
    error_message = "target_groups takes names, not ARNs; found ${join(", ", var.load_balancer.target_group_pair.target_groups)}."
  }
}

variable "alarms" {
  type = object({
    enabled             = optional(bool, true)
    alarms              = optional(list(string), [])
    ignore_poll_failure = optional(bool, false)
  })
  description = "CloudWatch alarms that stop a deployment and roll it back, 1-10, by name or ARN: CodeDeploy itself knows names only. `ignore_poll_failure` true: a deployment goes on where their state cannot be read. Null: none."
  default     = null

  validation {
    condition     = try(length(var.alarms.alarms), 0) <= 10
    error_message = "CodeDeploy takes 10 alarms for a deployment group; found ${try(length(var.alarms.alarms), 0)}. Combine some in a composite alarm."
  }

  validation {
    condition     = var.alarms == null ? true : !var.alarms.enabled || length(var.alarms.alarms) >= 1
    error_message = "alarms is enabled without an alarm; name 1-10, or set alarms = null."
  }

  validation {
    condition = alltrue([for alarm in try(var.alarms.alarms, []) :
      startswith(alarm, "arn:") ? can(regex("^arn:[^:]+:cloudwatch:[^:]+:[^:]+:alarm:.", alarm)) : length(alarm) >= 1 && length(alarm) <= 255
    ])
    error_message = "Alarms must be names of 1-255 characters or ARNs of CloudWatch alarms; found ${join(", ", try(var.alarms.alarms, []))}."
  }
}

variable "auto_rollback_events" {
  type        = list(string)
  description = "When CodeDeploy rolls back by itself: DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_REQUEST. DEPLOYMENT_STOP_ON_ALARM is added where `alarms` are on. Empty: never but for alarms."
  default     = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"]
  nullable    = false

  validation {
    condition     = alltrue([for event in var.auto_rollback_events : contains(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"], event)])
    error_message = "Events must be DEPLOYMENT_FAILURE, DEPLOYMENT_STOP_ON_ALARM or DEPLOYMENT_STOP_ON_REQUEST; found ${join(", ", var.auto_rollback_events)}."
  }

  validation {
    condition     = !contains(var.auto_rollback_events, "DEPLOYMENT_STOP_ON_ALARM") || try(var.alarms.enabled, false)
    error_message = "DEPLOYMENT_STOP_ON_ALARM can never happen without alarms; give alarms, or leave the event out."
  }
}

variable "notifications" {
  type = object({
    topic_arn = string
    events    = optional(list(string), ["DeploymentSuccess", "DeploymentFailure", "DeploymentStop", "DeploymentRollback"])
  })
  description = "SNS topic that is told of deployments, and of which events. A topic with a KMS key of its own must let this module's role use that key. Null: none."
  default     = null

  validation {
    condition = alltrue([for event in try(var.notifications.events, []) :
      contains(["DeploymentStart", "DeploymentSuccess", "DeploymentFailure", "DeploymentStop", "DeploymentRollback", "DeploymentReady"], event)
    ])
    error_message = "Events of a deployment are DeploymentStart, DeploymentSuccess, DeploymentFailure, DeploymentStop, DeploymentRollback and DeploymentReady; found ${join(", ", try(var.notifications.events, []))}."
  }

  validation {
    condition     = var.notifications == null ? true : length(var.notifications.events) >= 1
    error_message = "notifications without events; name at least one, or set notifications = null."
  }
}

variable "revision_bucket" {
  type = object({
    name    = string
    prefix  = optional(string, "")
    key_arn = optional(string)
  })
  description = "Bucket of the AppSpecs that deployments name by S3 location, the prefix of their keys, and the bucket's KMS key or null. Null: revisions come inline, as CodePipeline and `codedeploy-artifact deploy` send them."
  default     = null
}

variable "hook_function_arns" {
  type        = list(string)
  description = "Lambda functions that AppSpecs name as hooks, by ARN without version or alias."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.hook_function_arns : can(regex("^arn:[^:]+:lambda:[^:]+:[0-9]{12}:function:[A-Za-z0-9_-]+$", arn))])
    error_message = "hook_function_arns must be ARNs of Lambda functions without version or alias; found ${join(", ", var.hook_function_arns)}."
  }
}
