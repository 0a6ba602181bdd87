variable "user_parameters" {
  type = object({
    task_definition         = optional(string)
    task_definition_file    = optional(string)
    service                 = optional(string)
    container_name          = optional(string)
    container_port          = optional(number)
    appspec_task_definition = optional(string)
    images                  = optional(map(string))
    platform_version        = optional(string)
    network = optional(object({
      subnets          = list(string)
      security_groups  = optional(list(string))
      assign_public_ip = string
    }))
    capacity_provider_strategy = optional(list(object({
      capacity_provider = string
      base              = optional(number)
      weight            = optional(number)
    })))
    hooks            = optional(map(string))
    appspec_template = optional(string)
    taskdef_template = optional(string)
    variables        = optional(map(string))
    appspec_path     = optional(string)
    taskdef_path     = optional(string)
    verify           = optional(bool)
    strict           = optional(bool)
    ignore           = optional(list(string))
    application      = optional(string)
    deployment_group = optional(string)
    role_arn         = optional(string)
    external_id      = optional(string)
    region           = optional(string)
    config           = optional(string)
  })
  nullable = false

  validation {
    condition     = length([for name in ["task_definition", "task_definition_file", "service", "taskdef_template", "config"] : name if var.user_parameters[name] != null]) > 0
    error_message = "user_parameters has no task definition: set task_definition, task_definition_file, service, taskdef_template or config."
  }

  validation {
    condition     = var.user_parameters.task_definition == null || var.user_parameters.task_definition_file == null
    error_message = "task_definition and task_definition_file are mutually exclusive."
  }

  validation {
    condition     = var.user_parameters.service == null || can(regex("^(arn:aws(-[a-z]+)*:ecs:[a-z0-9-]+:[0-9]{12}:(service|cluster)/)?[A-Za-z0-9_-]{1,255}/[A-Za-z0-9_-]{1,255}$", var.user_parameters.service))
    error_message = "service must be CLUSTER/SERVICE, a service ARN that includes the cluster, or CLUSTER_ARN/SERVICE; found ${coalesce(var.user_parameters.service, "null")}."
  }

  validation {
    condition     = var.user_parameters.container_port == null || try(var.user_parameters.container_port >= 1 && var.user_parameters.container_port <= 65535 && floor(var.user_parameters.container_port) == var.user_parameters.container_port, false)
    error_message = "container_port must be an integer between 1 and 65535."
  }

  validation {
    condition     = contains(["placeholder", "arn"], coalesce(var.user_parameters.appspec_task_definition, "placeholder"))
    error_message = "appspec_task_definition must be placeholder (which CodeDeployToECS replaces) or arn."
  }

  validation {
    condition = alltrue([
      for file in concat(
        [for name in ["task_definition_file", "appspec_template", "taskdef_template", "config"] : var.user_parameters[name] if var.user_parameters[name] != null],
        [for image in values(coalesce(var.user_parameters.images, {})) : image if strcontains(image, "::")],
      ) : length(split("::", file)) == 2 && contains(var.input_artifacts, split("::", file)[0])
    ])
    error_message = "Files must be ARTIFACT::PATH, where ARTIFACT is one of input_artifacts (${join(", ", var.input_artifacts)})."
  }

  validation {
    condition     = length(distinct([for image in values(coalesce(var.user_parameters.images, {})) : trim(image, "<>") if can(regex("^<?[A-Z][A-Z0-9_]*>?$", image))])) <= 4
    error_message = "images can have at most 4 different placeholders, because CodeDeployToECS replaces at most 4."
  }

  validation {
    condition     = length(setsubtract(keys(coalesce(var.user_parameters.hooks, {})), ["BeforeInstall", "AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic", "AfterAllowTraffic"])) == 0
    error_message = "The keys of hooks must be BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic or AfterAllowTraffic."
  }

  validation {
    condition = coalesce(var.user_parameters.appspec_path, "appspec.yml") != coalesce(var.user_parameters.taskdef_path, "taskdef.json") && alltrue([
      for path in [coalesce(var.user_parameters.appspec_path, "appspec.yml"), coalesce(var.user_parameters.taskdef_path, "taskdef.json")] :
      !startswith(path, "/") && !strcontains(path, "\\") && !contains(split("/", path), "..")
    ])
    error_message = "appspec_path and taskdef_path must be two different relative paths with forward slashes, without \"..\"."
  }

  validation {
    condition     = var.user_parameters.role_arn == null || contains(var.allowed_role_arns, coalesce(var.user_parameters.role_arn, "none"))
    error_message = "role_arn is not in allowed_role_arns, so the function would reject the request. Add it to allowed_role_arns."
  }

  validation {
    condition     = var.user_parameters.external_id == null || (var.user_parameters.role_arn != null && can(regex("^[A-Za-z0-9+=,.@:/_-]{2,}$", var.user_parameters.external_id)) && try(length(var.user_parameters.external_id), 0) <= 1224)
    error_message = "external_id must be 2-1224 letters, digits and + = , . @ : / _ -, and requires role_arn."
  }

  validation {
    condition     = (var.user_parameters.application == null && var.user_parameters.deployment_group == null) || var.user_parameters.verify != null
    error_message = "application and deployment_group are for verify: set verify as well."
  }

  validation {
    condition     = var.user_parameters.region == null || can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", var.user_parameters.region))
    error_message = "region must be an AWS Region, such as eu-west-1."
  }
}
