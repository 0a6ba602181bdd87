variable "enable_execute_command" {
  description = "Whether `aws ecs execute-command` can open a shell in the containers of tasks that start from now on. The task role gets the permissions of the agent, whose endpoint (ssmmessages) the tasks must reach. A container with a read-only root file system does not support it."
  type        = bool
  default     = false
  nullable    = false
}

variable "availability_zone_rebalancing" {
  description = "Whether ECS restarts tasks in another Availability Zone if they are distributed unevenly."
  type        = bool
  default     = false
  nullable    = false
}

variable "volumes" {
  description = <<-TEXT
    Volumes of a task by name, for the `mountPoints` of container definitions. With `efs`, an EFS file system, always with
    encryption in transit and, unless `iam` is false, with the task role's permission to mount it, and to write to it unless
    `read_only` is true; use an access point, or a `root_directory` that exists. Without `efs`, temporary storage that
    containers of one task share.
  TEXT
  type = map(object({
    efs = optional(object({
      file_system_id  = string
      access_point_id = optional(string)
      root_directory  = optional(string, "/")
      iam             = optional(bool, true)
      read_only       = optional(bool, false)
    }))
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.volumes) : can(regex("^[A-Za-z0-9_-]{1,255}$", name))])
    error_message = "Volume names must be 1-255 letters, digits, hyphens and underscores; found ${join(", ", keys(var.volumes))}."
  }

  validation {
    condition     = length(setsubtract(local.mounted_volumes, keys(var.volumes))) == 0
    error_message = "container_definitions mounts ${join(", ", setsubtract(local.mounted_volumes, keys(var.volumes)))}, which volumes does not define."
  }

  validation {
    condition     = alltrue([for efs in flatten([for volume in var.volumes : volume.efs[*]]) : efs.access_point_id == null || efs.root_directory == "/"])
    error_message = "efs.root_directory cannot be set with access_point_id, because the access point has a root directory of its own."
  }

  validation {
    condition = (
      alltrue([for volume in var.volumes : volume.efs == null]) ||
      var.fargate_platform_version == "LATEST" || can(regex("^1\\.([4-9]|[1-9][0-9])", var.fargate_platform_version))
    )
    error_message = "EFS volumes require fargate_platform_version 1.4.0 or later, or LATEST; found ${var.fargate_platform_version}."
  }
}
