variable "applications" {
  type = map(object({
    port                 = optional(number, 80)
    protocol             = optional(string, "HTTP")
    deregistration_delay = optional(number, 60)
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
  }))
  description = <<-TEXT
    Applications behind the load balancer, by name. `port` and `protocol` are those of the container, times are seconds.
    One application may do without `host_headers` and `path_patterns`: it gets what no rule takes. Every other needs one
    of them and a `priority`, 1-50000, lower first. `stickiness` null: none; type `app_cookie` needs the `cookie_name` of
    the application's own cookie.
  TEXT
  nullable    = false

  validation {
    condition     = length(var.applications) >= 1
    error_message = "A load balancer without applications has nothing to do; give at least one."
  }

  validation {
    condition     = alltrue([for name in keys(var.applications) : can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", name))])
    error_message = "Names of applications must be lower-case letters, digits and hyphens, and must not begin or end with a hyphen; found ${join(", ", keys(var.applications))}."
  }

  validation {
    condition = alltrue([for name in keys(var.applications) : length("${var.context.prefix}-${name}-green") <= 32])
    error_message = "AWS takes 32 characters for the name of a target group; too long: ${join(", ", [
      for name in keys(var.applications) : "${var.context.prefix}-${name}-green (${length("${var.context.prefix}-${name}-green")})"
      if length("${var.context.prefix}-${name}-green") > 32
    ])}. Choose shorter application names, product_name or workspace."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : app.port >= 1 && app.port <= 65535])
    error_message = "The port of an application must be 1-65535."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : contains(["HTTP", "HTTPS"], app.protocol)])
    error_message = "The protocol of an application must be HTTP or HTTPS: that is what the load balancer speaks to the container."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : app.deregistration_delay >= 0 && app.deregistration_delay <= 3600])
    error_message = "The deregistration delay must be 0-3600 seconds."
  }

  validation {
    condition = alltrue([for app in values(var.applications) :
      app.health_check.check_interval >= 5 && app.health_check.check_interval <= 300 &&
      app.health_check.timeout >= 2 && app.health_check.timeout <= 120 &&
      app.health_check.timeout < app.health_check.check_interval
    ])
    error_message = "A health check runs every 5-300 seconds (check_interval), and its timeout is 2-120 seconds and shorter than that."
  }

  validation {
    condition = alltrue([for app in values(var.applications) : alltrue([
      for threshold in [app.health_check.healthy_threshold, app.health_check.unhealthy_threshold] : threshold >= 2 && threshold <= 10
    ])])
    error_message = "healthy_threshold and unhealthy_threshold must be 2-10 checks."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : startswith(app.health_check.path, "/")])
    error_message = "The path of a health check must begin with \"/\"."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : can(regex("^[2-4][0-9]{2}([,-][2-4][0-9]{2})*$", app.health_check.matcher))])
    error_message = "The matcher of a health check is a status code of 200-499, a list or a range of them: \"200\", \"200,302\" or \"200-299\"."
  }

  validation {
    condition = alltrue([for app in values(var.applications) : app.stickiness == null ? true : (
      contains(["lb_cookie", "app_cookie"], app.stickiness.type) && app.stickiness.duration >= 1 && app.stickiness.duration <= 604800
    )])
    error_message = "Stickiness is of type lb_cookie or app_cookie and lasts 1-604800 seconds (7 days)."
  }

  validation {
    condition = alltrue([for app in values(var.applications) : app.stickiness == null ? true : (
      (app.stickiness.type == "app_cookie") == (app.stickiness.cookie_name != null)
    )])
    error_message = "Stickiness by app_cookie needs the cookie_name of the application's own cookie; lb_cookie takes none."
  }

  validation {
    condition     = length([for app in values(var.applications) : app if length(app.host_headers) + length(app.path_patterns) == 0]) <= 1
    error_message = "Only one application can do without host_headers and path_patterns, found ${join(", ", [for name, app in var.applications : name if length(app.host_headers) + length(app.path_patterns) == 0])}. Give rules to all but one."
  }

  validation {
    condition     = alltrue([for app in values(var.applications) : length(app.host_headers) + length(app.path_patterns) <= 5])
    error_message = "A listener rule holds at most 5 host_headers and path_patterns together."
  }

  validation {
    condition = alltrue([for host in flatten(values(var.applications)[*].host_headers) :
      length(host) <= 128 && can(regex("^[A-Za-z0-9_.*?-]*\\.[A-Za-z]+$", host))
    ])
    error_message = "Each of host_headers is a name without a port, with a dot in it: letters, digits, - _ . and the wildcards * and ?, after the last dot letters only, at most 128 characters; found ${join(", ", distinct(flatten(values(var.applications)[*].host_headers)))}."
  }

  validation {
    condition = alltrue([for app in values(var.applications) :
      length(app.host_headers) + length(app.path_patterns) == 0 ? app.priority == null : try(app.priority >= 1 && app.priority <= 50000, false)
    ])
    error_message = "An application with host_headers or path_patterns needs a priority, 1-50000; one without them takes none."
  }

  validation {
    condition     = length([for app in values(var.applications) : app.priority if app.priority != null]) == length(distinct([for app in values(var.applications) : app.priority if app.priority != null]))
    error_message = "Two applications have the same priority: ${join(", ", [for name, app in var.applications : "${name} ${app.priority}" if app.priority != null])}."
  }
}

locals {
  # The one application that gets what no rule takes; null where there is none.
  default_application = one([
    for name, app in var.applications : name if length(app.host_headers) + length(app.path_patterns) == 0
  ])

  # The others, which are reached by a listener rule.
  ruled_applications = {
    for name, app in var.applications : name => app if length(app.host_headers) + length(app.path_patterns) > 0
  }

  colours = var.allow_blue_green ? ["blue", "green"] : ["blue"]

  # One target group for each application and colour, by "application/colour".
  target_groups = {
    for pair in setproduct(keys(var.applications), local.colours) : "${pair[0]}/${pair[1]}" => {
      application = pair[0]
      colour      = pair[1]
      name        = "${var.context.prefix}-${pair[0]}-${pair[1]}"
    }
  }
}
