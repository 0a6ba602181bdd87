variable "oidc" {
  type = object({
    provider_arn = string
    audience     = optional(string, "sts.amazonaws.com")
    subjects     = list(string)
  })
  default = null

  validation {
    condition     = var.oidc == null || try(length(var.oidc.subjects) > 0 && alltrue([for subject in var.oidc.subjects : length(replace(subject, "/[*?]/", "")) >= 3]), false)
    error_message = "oidc.subjects must be subjects such as system:serviceaccount:jenkins:agent; a wildcard alone would trust every token of the provider."
  }
}

variable "revisions" {
  type    = object({ bucket_arn = string, prefix = string, key_arn = optional(string) })
  default = null

  validation {
    condition     = var.revisions == null || can(regex("^[^/*?][^*?]*/$", var.revisions.prefix))
    error_message = "revisions.prefix must end with /, such as appspec/web/, and cannot begin with / or contain wildcards."
  }
}

variable "allow" {
  type     = object({ rotate = optional(bool, false), alarms = optional(bool, true), search = optional(bool, false), suspend_scaling = optional(bool, false) })
  default  = {}
  nullable = false
}

variable "evidence" {
  type = object({
    log_group_arns  = optional(list(string), [])
    function_arns   = optional(list(string), [])
    repository_arns = optional(list(string), [])
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for arn in flatten(values(var.evidence)) : can(regex("^arn:aws[a-z-]*:(logs|lambda|ecr):[a-z0-9-]+:[0-9]{12}:[^*?]+$", arn))])
    error_message = "evidence must contain ARNs of log groups, functions and repositories without wildcards, such as arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/web."
  }
}
