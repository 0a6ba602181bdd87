variable "context" {
  description = "Name prefix and tags for all resources; pass `module.context.config`."
  type = object({
    prefix   = string
    all_tags = map(string)
  })
  nullable = false
}

variable "name" {
  description = "Name of the application, part of the names of its target groups. Lower-case letters, digits and hyphens; PREFIX-NAME-green has at most 32 characters."
  type        = string
  nullable    = false
}

variable "listener_arn" {
  description = "ARN of the production listener, for example `module.alb.https_listener_arn` or that of a data source."
  type        = string
  nullable    = false
}

variable "test_listener" {
  description = "Test listener, as an object because its ARN can be unknown during planning. Null if the load balancer has none."
  type        = object({ arn = string })
  default     = null
}

variable "application" {
  description = "Port, health check, stickiness and routing: the settings of one application of the [alb](../alb) module. `host_headers` or `path_patterns` are required, and a `priority` that no other rule of the listener has."
  type        = any
  nullable    = false

  validation {
    condition     = try(length(var.application.host_headers), 0) + try(length(var.application.path_patterns), 0) > 0
    error_message = "application requires host_headers or path_patterns, because the default action of the listener belongs to the load balancer."
  }
}

variable "alarms" {
  description = "CloudWatch alarms on both target groups, with the settings of `alarms` of the [alb](../alb) module, except `threshold_elb_5xx`. Null creates no alarms."
  type        = any
  default     = null
}
