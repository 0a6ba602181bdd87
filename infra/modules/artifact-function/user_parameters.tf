# The request, typed. CodePipeline hands it to the function as UserParameters: one JSON object of 1000 characters at most.

variable "user_parameters" {
  description = <<-TEXT
    The request: the same keys as in the README of the repository, but for `output_artifact`, since this action has one.
    What is not set is not sent. A file is `ARTIFACT::PATH` in one of `input_artifacts`. More than 1000 characters go into
    a file that `config` names. `region` has to stay here, also that of a task definition's ARN in the file, because the
    role may ask ECS in one region only; `service` should, because for one in the file the role may describe every service
    there. `external_id` may be a sensitive value; it is sensitive in every output.
  TEXT
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
    role_arn         = optional(string)
    external_id      = optional(string)
    region           = optional(string)
    config           = optional(string)
  })
  nullable = false

  validation {
    condition     = length([for name in ["task_definition", "task_definition_file", "service", "taskdef_template", "config"] : name if var.user_parameters[name] != null]) > 0
    error_message = "The request names no task definition: set task_definition, task_definition_file, service or taskdef_template, or a config file that does."
  }

  validation {
    condition     = var.user_parameters.task_definition == null || var.user_parameters.task_definition_file == null
    error_message = "There can be only one task definition: set task_definition or task_definition_file."
  }

  validation {
    condition     = var.user_parameters.service == null || can(regex("^(arn:aws(-[a-z]+)*:ecs:[a-z0-9-]+:[0-9]{12}:(service|cluster)/)?[A-Za-z0-9_-]{1,255}/[A-Za-z0-9_-]{1,255}$", var.user_parameters.service))
    error_message = "service must be CLUSTER/SERVICE, the ARN of the service with its cluster in it, or the ARN of the cluster, a slash and the service; found ${coalesce(var.user_parameters.service, "null")}."
  }

  validation {
    condition     = var.user_parameters.container_port == null || try(var.user_parameters.container_port >= 1 && var.user_parameters.container_port <= 65535 && floor(var.user_parameters.container_port) == var.user_parameters.container_port, false)
    error_message = "container_port must be a whole number from 1 to 65535."
  }

  validation {
    condition     = contains(["placeholder", "arn"], coalesce(var.user_parameters.appspec_task_definition, "placeholder"))
    error_message = "appspec_task_definition must be placeholder (for CodeDeployToECS, which replaces it) or arn."
  }

  validation {
    condition = alltrue([
      for file in concat(
        [for name in ["task_definition_file", "appspec_template", "taskdef_template", "config"] : var.user_parameters[name] if var.user_parameters[name] != null],
        [for image in values(coalesce(var.user_parameters.images, {})) : image if strcontains(image, "::")],
      ) : length(split("::", file)) == 2 && contains(var.input_artifacts, split("::", file)[0])
    ])
    error_message = "Every file of the request must be ARTIFACT::PATH with an ARTIFACT out of input_artifacts (${join(", ", var.input_artifacts)}): a function has no other files."
  }

  validation {
    condition     = length(distinct([for image in values(coalesce(var.user_parameters.images, {})) : trim(image, "<>") if can(regex("^<?[A-Z][A-Z0-9_]*>?$", image))])) <= 4
    error_message = "CodeDeployToECS fills in at most 4 images: images has more than 4 different placeholders."
  }

  validation {
    condition     = length(setsubtract(keys(coalesce(var.user_parameters.hooks, {})), ["BeforeInstall", "AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic", "AfterAllowTraffic"])) == 0
    error_message = "hooks knows the events BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic and AfterAllowTraffic."
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
    error_message = "The function would refuse the request's role_arn: add it to allowed_role_arns."
  }

  validation {
    condition     = var.user_parameters.external_id == null || (var.user_parameters.role_arn != null && can(regex("^[A-Za-z0-9+=,.@:/_-]{2,}$", var.user_parameters.external_id)) && try(length(var.user_parameters.external_id), 0) <= 1224)
    error_message = "external_id has 2-1224 letters, digits and + = , . @ : / _ -, and needs the role_arn whose trust policy asks for it."
  }

  validation {
    condition     = var.user_parameters.region == null || can(regex("^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", var.user_parameters.region))
    error_message = "region must be the name of a region, such as eu-west-1."
  }
}

locals {
  # Inside the list the nulls are dropped one by one; what is not set costs no characters.
  strategy = try([
    for item in var.user_parameters.capacity_provider_strategy : { for key, value in item : key => value if value != null }
  ], null)
  network = try({ for key, value in var.user_parameters.network : key => value if value != null }, null)

  user_parameters = jsonencode({
    for key, value in merge(var.user_parameters, { capacity_provider_strategy = local.strategy, network = local.network }) :
    key => value if value != null
  })
}
