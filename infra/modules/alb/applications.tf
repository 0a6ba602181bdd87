variable "applications" {
  description = <<-TEXT
    Map of applications behind the load balancer. `port` and `protocol` are the container's; durations are in seconds. At
    most one application can omit `host_headers` and `path_patterns`: it receives the requests that match no rule. Every
    other application requires one of them and a `priority` (1-50000, lowest evaluated first). Omit `stickiness` to
    disable it; type `app_cookie` requires the `cookie_name` of the application's cookie. `initial_target_group` is read only
    when a production listener or rule is created: set it to `green` if the listener is replaced while green serves.
  TEXT
  type        = any
  nullable    = false
}

locals {
  # The application that receives the requests that match no rule; null if there is none.
  default_application = one([
    for name, app in module.inputs.applications : name if length(app.host_headers) + length(app.path_patterns) == 0
  ])

  # The other applications, each reached through a listener rule.
  ruled_applications = {
    for name, app in module.inputs.applications : name => app if length(app.host_headers) + length(app.path_patterns) > 0
  }

  colours = var.allow_blue_green ? ["blue", "green"] : ["blue"]

  # One target group per application and colour, keyed by "application/colour".
  target_groups = {
    for pair in setproduct(keys(module.inputs.applications), local.colours) : "${pair[0]}/${pair[1]}" => {
      application = pair[0]
      colour      = pair[1]
      name        = "${var.context.prefix}-${pair[0]}-${pair[1]}"
    }
  }
}
