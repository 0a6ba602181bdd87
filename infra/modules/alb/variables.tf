variable "context" {
  type = object({
    prefix   = string
    all_tags = map(string)
  })
  description = "Prefix of every name and tags of every resource; pass `module.context.config`."
  nullable    = false
}

variable "name" {
  type        = string
  description = "Name of the load balancer, after the prefix. Lower-case letters, digits and hyphens; at most 32 characters with the prefix."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", var.name))
    error_message = "The name \"${var.name}\" must be lower-case letters, digits and hyphens, and must not begin or end with a hyphen."
  }

  validation {
    condition     = length("${var.context.prefix}-${var.name}") <= 32
    error_message = "The load balancer would be \"${var.context.prefix}-${var.name}\", ${length("${var.context.prefix}-${var.name}")} characters; AWS takes 32. Choose a shorter name, product_name or workspace."
  }

  validation {
    condition     = !startswith("${var.context.prefix}-${var.name}", "internal-")
    error_message = "The load balancer would be \"${var.context.prefix}-${var.name}\"; AWS keeps names that begin with \"internal-\" for itself."
  }
}

variable "vpc_id" {
  type        = string
  description = "VPC of the target groups."
  nullable    = false
}

variable "subnets" {
  type        = list(string)
  description = "Subnets of the load balancer: one in each of at least two availability zones. AWS takes no second one in a zone."
  nullable    = false

  validation {
    condition     = length(var.subnets) >= 2
    error_message = "An Application Load Balancer needs one subnet in each of at least two availability zones; ${length(var.subnets)} given."
  }
}

variable "security_groups" {
  type        = list(string)
  description = "Security groups of the load balancer, 1-5."
  nullable    = false

  validation {
    condition     = length(var.security_groups) >= 1 && length(var.security_groups) <= 5
    error_message = "A load balancer has 1-5 security groups; ${length(var.security_groups)} given."
  }
}

variable "internal" {
  type        = bool
  description = "True: reachable from the network of the VPC only. False: from the internet."
  default     = true
  nullable    = false
}

variable "ssl_certificate_arn" {
  type        = string
  description = "ACM certificate of the HTTPS listeners."
  nullable    = false
}

variable "ssl_policy" {
  type        = string
  description = "Security policy of the HTTPS listeners. The default takes TLS 1.2 and 1.3."
  default     = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  nullable    = false

  validation {
    condition     = can(regex("^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)-", var.ssl_policy))
    error_message = "The policy \"${var.ssl_policy}\" is not one that begins at TLS 1.2 (ELBSecurityPolicy-TLS13-1-2-…, …-TLS13-1-3-…, …-TLS-1-2-… or …-FS-1-2-…)."
  }
}

variable "allow_blue_green" {
  type        = bool
  description = "True: each application gets a green target group as well, and Terraform leaves what the listeners forward to, to CodeDeploy. False: one target group each, and Terraform owns the listeners."
  default     = true
  nullable    = false
}

variable "http_redirect" {
  type        = bool
  description = "True: a listener on port 80 sends clients to HTTPS. Their security group must let port 80 in."
  default     = false
  nullable    = false
}

variable "test_listener" {
  type = object({
    port = optional(number, 8443)
  })
  description = "Second HTTPS listener with the same certificate and rules, which CodeDeploy moves to green first, so that green can be tested before clients see it. Null: none."
  default     = null

  validation {
    condition     = var.test_listener == null ? true : var.allow_blue_green
    error_message = "A test listener has no use without blue/green: set allow_blue_green = true, or test_listener = null."
  }

  validation {
    condition = var.test_listener == null ? true : (
      var.test_listener.port >= 1 && var.test_listener.port <= 65535 && !contains([80, 443], var.test_listener.port)
    )
    error_message = "The test listener needs a port of its own, 1-65535 and neither 443 nor 80; found ${try(var.test_listener.port, "none")}."
  }
}

variable "deletion_protection" {
  type        = bool
  description = "True: the load balancer cannot be deleted until this is false and applied. Set it to false where `terraform destroy` must work in one go."
  default     = true
  nullable    = false
}

variable "idle_timeout" {
  type        = number
  description = "Seconds after which an idle connection is closed, 1-4000."
  default     = 60
  nullable    = false

  validation {
    condition     = var.idle_timeout >= 1 && var.idle_timeout <= 4000
    error_message = "The idle timeout must be 1-4000 seconds; found ${var.idle_timeout}."
  }
}

variable "log_retention_in_days" {
  type        = number
  description = "Days after which access logs are deleted."
  default     = 365
  nullable    = false

  validation {
    condition     = var.log_retention_in_days >= 1
    error_message = "Access logs must be kept for at least 1 day; found ${var.log_retention_in_days}."
  }
}

variable "log_bucket_force_destroy" {
  type        = bool
  description = "True: destroying the module deletes the access logs with their bucket. False: it fails while there are logs."
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
  })
  description = "CloudWatch alarms on the 4xx and 5xx answers of every target group: more than the threshold, in each of `evaluation_periods` periods of `period` seconds, is told to the SNS topic. Null: no alarms."
  default     = null

  validation {
    condition = var.alarms == null ? true : (
      var.alarms.period >= 60 && var.alarms.period % 60 == 0
    )
    error_message = "The period of an alarm must be a multiple of 60 seconds, because a load balancer counts by the minute; found ${try(var.alarms.period, "none")}."
  }

  validation {
    condition = var.alarms == null ? true : (
      var.alarms.threshold_4xx >= 0 && var.alarms.threshold_5xx >= 0 && var.alarms.evaluation_periods >= 1
    )
    error_message = "Alarm thresholds must be 0 or more, and evaluation_periods 1 or more."
  }

  validation {
    condition = var.alarms == null ? true : (
      var.alarms.period * var.alarms.evaluation_periods <= (var.alarms.period >= 3600 ? 604800 : 86400)
    )
    error_message = "period * evaluation_periods must be 86400 seconds (one day) or less, 604800 (seven days) where the period is 3600 or more; found ${try(var.alarms.period * var.alarms.evaluation_periods, "none")}."
  }
}
