# Only for the validations.
variable "context" {
  type = object({ prefix = string })
}

variable "allow_blue_green" {
  type    = bool
  default = true
}

variable "test_listener" {
  type = object({
    port = optional(number, 8443)
  })
  default = null

  validation {
    condition     = var.test_listener == null ? true : var.allow_blue_green
    error_message = "test_listener requires blue/green: set allow_blue_green = true, or test_listener = null."
  }

  validation {
    condition = var.test_listener == null ? true : (
      var.test_listener.port >= 1 && var.test_listener.port <= 65535 && !contains([80, 443], var.test_listener.port)
    )
    error_message = "test_listener.port must be between 1 and 65535, and neither 443 nor 80; found ${try(var.test_listener.port, "none")}."
  }
}

variable "headers" {
  type = object({
    drop_invalid_header_fields                  = optional(bool, true)
    desync_mitigation_mode                      = optional(string, "defensive")
    preserve_host_header                        = optional(bool, false)
    xff_header_processing_mode                  = optional(string, "append")
    enable_xff_client_port                      = optional(bool, false)
    enable_tls_version_and_cipher_suite_headers = optional(bool, false)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["defensive", "strictest", "monitor"], var.headers.desync_mitigation_mode)
    error_message = "headers.desync_mitigation_mode must be defensive, strictest or monitor; found \"${var.headers.desync_mitigation_mode}\"."
  }

  validation {
    condition     = contains(["append", "preserve", "remove"], var.headers.xff_header_processing_mode)
    error_message = "headers.xff_header_processing_mode must be append, preserve or remove; found \"${var.headers.xff_header_processing_mode}\"."
  }
}

variable "alarms" {
  type = object({
    topic_arn          = string
    threshold_4xx      = optional(number, 50)
    threshold_5xx      = optional(number, 5)
    period             = optional(number, 60)
    evaluation_periods = optional(number, 2)

    threshold_connection_errors = optional(number, 5)
    threshold_unhealthy         = optional(number, 0)
    threshold_elb_5xx           = optional(number, 5)
  })
  default = null

  validation {
    condition = var.alarms == null ? true : (
      var.alarms.period >= 60 && var.alarms.period % 60 == 0
    )
    error_message = "alarms.period must be a multiple of 60 seconds, because load balancer metrics have one-minute resolution; found ${try(var.alarms.period, "none")}."
  }

  validation {
    condition = var.alarms == null ? true : (
      alltrue([for name, value in var.alarms : value >= 0 if startswith(name, "threshold_")]) && var.alarms.evaluation_periods >= 1
    )
    error_message = "Each threshold of alarms must be 0 or more, and evaluation_periods 1 or more."
  }

  validation {
    condition = var.alarms == null ? true : (
      var.alarms.period * var.alarms.evaluation_periods <= (var.alarms.period >= 3600 ? 604800 : 86400)
    )
    error_message = "alarms.period * evaluation_periods must be at most 86400 seconds (one day), or 604800 (seven days) if period is 3600 or more; found ${try(var.alarms.period * var.alarms.evaluation_periods, "none")}."
  }
}
