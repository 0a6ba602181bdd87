variable "context" {
  type = object({
    prefix   = string
    all_tags = map(string)
  })
  description = "Name prefix and tags for all resources; pass `module.context.config`."
  nullable    = false
}

variable "name" {
  type        = string
  description = "Name of the load balancer, appended to the prefix. Lower-case letters, digits and hyphens; at most 32 characters including the prefix."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", var.name))
    error_message = "name must consist of lower-case letters, digits and hyphens, and cannot begin or end with a hyphen; found \"${var.name}\"."
  }

  validation {
    condition     = length("${var.context.prefix}-${var.name}") <= 32
    error_message = "The load balancer name \"${var.context.prefix}-${var.name}\" has ${length("${var.context.prefix}-${var.name}")} characters; the maximum is 32. Shorten name, product_name or workspace."
  }

  validation {
    condition     = !startswith("${var.context.prefix}-${var.name}", "internal-")
    error_message = "The load balancer name \"${var.context.prefix}-${var.name}\" begins with \"internal-\", which AWS reserves."
  }
}

variable "vpc_id" {
  type        = string
  description = "ID of the VPC for the target groups."
  nullable    = false
}

variable "subnets" {
  type        = list(string)
  description = "Subnet IDs for the load balancer: one in each of at least two Availability Zones, and only one per zone."
  nullable    = false

  validation {
    condition     = length(var.subnets) >= 2
    error_message = "subnets must have one subnet in each of at least two Availability Zones; found ${length(var.subnets)}."
  }
}

variable "security_groups" {
  type        = list(string)
  description = "Security group IDs for the load balancer, 1-5."
  nullable    = false

  validation {
    condition     = length(var.security_groups) >= 1 && length(var.security_groups) <= 5
    error_message = "security_groups must have 1-5 items; found ${length(var.security_groups)}."
  }
}

variable "internal" {
  type        = bool
  description = "Whether the load balancer is internal, or internet-facing if false."
  default     = true
  nullable    = false
}

variable "ssl_certificate_arn" {
  type        = string
  description = "ARN of the ACM certificate for the HTTPS listeners."
  nullable    = false
}

variable "ssl_policy" {
  type        = string
  description = "Security policy for the HTTPS listeners. The default allows TLS 1.2 and 1.3."
  default     = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  nullable    = false

  validation {
    condition     = can(regex("^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-", var.ssl_policy))
    error_message = "ssl_policy must be a policy that requires TLS 1.2 or later (found \"${var.ssl_policy}\"): use ELBSecurityPolicy-TLS13-1-2-…, …-TLS13-1-3-…, …-TLS-1-2-… or …-FS-1-2-…"
  }
}

variable "allow_blue_green" {
  type        = bool
  description = "Whether CodeDeploy deploys the applications. If true, each application also gets a green target group, and Terraform ignores where the listeners forward to. If false, each has one target group, and Terraform manages the listeners completely."
  default     = true
  nullable    = false
}

variable "http_redirect" {
  type        = bool
  description = "Whether to create a listener on port 80 that redirects to HTTPS. The security groups must allow inbound traffic on port 80."
  default     = false
  nullable    = false
}

variable "test_listener" {
  type = object({
    port = optional(number, 8443)
  })
  description = "Test listener: a second HTTPS listener with the same certificate and rules. CodeDeploy routes it to the green tasks first, so that they can be tested before production traffic shifts. Null creates none."
  default     = null

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

variable "deletion_protection" {
  type        = bool
  description = "Whether to enable deletion protection. Before `terraform destroy`, set this to false and apply."
  default     = true
  nullable    = false
}

variable "idle_timeout" {
  type        = number
  description = "Idle timeout in seconds, 1-4000."
  default     = 60
  nullable    = false

  validation {
    condition     = var.idle_timeout >= 1 && var.idle_timeout <= 4000
    error_message = "idle_timeout must be between 1 and 4000 seconds; found ${var.idle_timeout}."
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
  description = "How the load balancer treats HTTP headers: whether it drops invalid ones; which ambiguous requests it rejects (`defensive`, `strictest` or `monitor`); whether it sends the port in the Host header on; whether it appends the client's address to X-Forwarded-For, preserves that header or removes it (`append`, `preserve` or `remove`), and adds the client's port; and whether it adds the TLS version and cipher."
  default     = {}
  nullable    = false

  validation {
    condition     = contains(["defensive", "strictest", "monitor"], var.headers.desync_mitigation_mode)
    error_message = "headers.desync_mitigation_mode must be defensive, strictest or monitor; found \"${var.headers.desync_mitigation_mode}\"."
  }

  validation {
    condition     = contains(["append", "preserve", "remove"], var.headers.xff_header_processing_mode)
    error_message = "headers.xff_header_processing_mode must be append, preserve or remove; found \"${var.headers.xff_header_processing_mode}\"."
  }
}

variable "log_retention_in_days" {
  type        = number
  description = "Number of days to keep access logs."
  default     = 365
  nullable    = false

  validation {
    condition     = var.log_retention_in_days >= 1
    error_message = "log_retention_in_days must be at least 1; found ${var.log_retention_in_days}."
  }
}

variable "log_bucket_force_destroy" {
  type        = bool
  description = "Whether `terraform destroy` deletes the access log bucket even if it contains logs."
  default     = false
  nullable    = false
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
  description = "CloudWatch alarms on the 4xx and 5xx responses, connection errors and unhealthy targets of every target group, and on the load balancer's own 502, 503 and 504. An alarm notifies the SNS topic if the count exceeds the threshold in `evaluation_periods` consecutive periods of `period` seconds. Null creates no alarms."
  default     = null

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
