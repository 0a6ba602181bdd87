variable "applications" {
  type = map(object({
    port                          = optional(number, 80)
    protocol                      = optional(string, "HTTP")
    deregistration_delay          = optional(number, 60)
    load_balancing_algorithm_type = optional(string, "round_robin")
    health_check = optional(object({
      check_interval      = optional(number, 30)
      matcher             = optional(string, "200")
      path                = optional(string, "/")
      healthy_threshold   = optional(number, 3)
      unhealthy_threshold = optional(number, 3)
      timeout             = optional(number, 10)
    }), {})
    stickiness = optional(object({
      enabled     = optional(bool, true)
      type        = optional(string, "lb_cookie")
      duration    = optional(number, 86400)
      cookie_name = optional(string)
    }))
    host_headers  = optional(list(string), [])
    path_patterns = optional(list(string), [])
    priority      = optional(number)

    initial_target_group = optional(string, "blue")
  }))
  nullable = false

  validation {
    condition     = length(var.applications) >= 1
    error_message = "applications is empty; define at least one application."
  }

  validation {
    condition     = alltrue([for name in keys(var.applications) : can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", name))])
    error_message = "Application names must consist of lower-case letters, digits and hyphens, and cannot begin or end with a hyphen; found ${join(", ", keys(var.applications))}."
  }

  validation {
    condition = alltrue([for name in keys(var.applications) : length("${var.context.prefix}-${name}-green") <= 32])
    error_message = "Target group names can have at most 32 characters; too long: ${join(", ", [
      for name in keys(var.applications) : "${var.context.prefix}-${name}-green (${length("${var.context.prefix}-${name}-green")})"
      if length("${var.context.prefix}-${name}-green") > 32
    ])}. Choose shorter application names, product_name or workspace."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : app.port >= 1 && app.port <= 65535])
    error_message = "port must be between 1 and 65535 for every application."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : contains(["HTTP", "HTTPS"], app.protocol)])
    error_message = "protocol must be HTTP or HTTPS: the protocol between the load balancer and the container."
  }

  validation {
    condition = alltrue([for app in values(var.applications) :
      contains(["round_robin", "least_outstanding_requests", "weighted_random"], app.load_balancing_algorithm_type)
    ])
    error_message = "load_balancing_algorithm_type must be round_robin, least_outstanding_requests or weighted_random; found ${join(", ", distinct(values(var.applications)[*].load_balancing_algorithm_type))}."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : app.deregistration_delay >= 0 && app.deregistration_delay <= 3600])
    error_message = "deregistration_delay must be between 0 and 3600 seconds."
  }

  validation {
    condition = alltrue([for app in values(var.applications) :
      app.health_check.check_interval >= 5 && app.health_check.check_interval <= 300 &&
      app.health_check.timeout >= 2 && app.health_check.timeout <= 120 &&
      app.health_check.timeout < app.health_check.check_interval
    ])
    error_message = "health_check.check_interval must be between 5 and 300 seconds, and timeout between 2 and 120 seconds and less than check_interval."
  }

  validation {
    condition = alltrue([for app in values(var.applications) : alltrue([
      for threshold in [app.health_check.healthy_threshold, app.health_check.unhealthy_threshold] : threshold >= 2 && threshold <= 10
    ])])
    error_message = "healthy_threshold and unhealthy_threshold must be between 2 and 10."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : startswith(app.health_check.path, "/")])
    error_message = "health_check.path must begin with \"/\"."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : can(regex("^[2-4][0-9]{2}([,-][2-4][0-9]{2})*$", app.health_check.matcher))])
    error_message = "health_check.matcher must be a status code between 200 and 499, or a list or range of them, such as \"200\", \"200,302\" or \"200-299\"."
  }

  validation {
    condition = alltrue([for app in values(var.applications) : app.stickiness == null ? true : (
      contains(["lb_cookie", "app_cookie"], app.stickiness.type) && app.stickiness.duration >= 1 && app.stickiness.duration <= 604800
    )])
    error_message = "stickiness.type must be lb_cookie or app_cookie, and duration between 1 and 604800 seconds (7 days)."
  }

  validation {
    condition = alltrue([for app in values(var.applications) : app.stickiness == null ? true : (
      (app.stickiness.type == "app_cookie") == (app.stickiness.cookie_name != null)
    )])
    error_message = "stickiness.type app_cookie requires cookie_name, the name of the application's cookie; lb_cookie does not accept it."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : contains(["blue", "green"], app.initial_target_group)])
    error_message = "initial_target_group must be blue or green."
  }

  validation {
    condition     = var.allow_blue_green || alltrue([for app in values(var.applications) : app.initial_target_group == "blue"])
    error_message = "initial_target_group green requires blue/green: without it, an application has only the target group blue."
  }

  validation {
    condition     = length([for app in values(var.applications) : app if length(app.host_headers) + length(app.path_patterns) == 0]) <= 1
    error_message = "Only one application can omit host_headers and path_patterns; found ${join(", ", [for name, app in var.applications : name if length(app.host_headers) + length(app.path_patterns) == 0])}. Add rules to all but one."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : length(app.host_headers) + length(app.path_patterns) <= 5])
    error_message = "host_headers and path_patterns of an application can have at most 5 values in total."
  }

  validation {
    condition = alltrue([for host in flatten(values(var.applications)[*].host_headers) :
      length(host) <= 128 && can(regex("^[A-Za-z0-9_.*?-]*\\.[A-Za-z]+$", host))
    ])
    error_message = "host_headers must be domain names without a port: letters, digits, - _ . and the wildcards * and ?, at least one dot, only letters after the last dot, at most 128 characters; found ${join(", ", distinct(flatten(values(var.applications)[*].host_headers)))}."
  }

  validation {
    condition = alltrue([for app in values(var.applications) :
      length(app.host_headers) + length(app.path_patterns) == 0 ? app.priority == null : try(app.priority >= 1 && app.priority <= 50000, false)
    ])
    error_message = "An application with host_headers or path_patterns requires a priority between 1 and 50000; an application without them cannot have one."
  }

  validation {
    condition     = length([for app in values(var.applications) : app.priority if app.priority != null]) == length(distinct([for app in values(var.applications) : app.priority if app.priority != null]))
    error_message = "priority must be unique; found ${join(", ", [for name, app in var.applications : "${name} ${app.priority}" if app.priority != null])}."
  }
}
