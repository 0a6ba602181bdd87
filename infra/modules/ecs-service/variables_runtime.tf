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
  type        = any
  default     = {}
  nullable    = false
}
