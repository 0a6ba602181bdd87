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
  description = "Test listener: a second HTTPS listener with the same certificate and rules. CodeDeploy routes it to the green tasks first, so that they can be tested before production traffic shifts. Null creates none."
  type        = any
  default     = null
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
  description = "How the load balancer treats HTTP headers: whether it drops invalid ones; which ambiguous requests it rejects (`defensive`, `strictest` or `monitor`); whether it sends the port in the Host header on; whether it appends the client's address to X-Forwarded-For, preserves that header or removes it (`append`, `preserve` or `remove`), and adds the client's port; and whether it adds the TLS version and cipher."
  type        = any
  default     = {}
  nullable    = false
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
  description = "CloudWatch alarms on the 4xx and 5xx responses, connection errors and unhealthy targets of every target group, and on the load balancer's own 502, 503 and 504. An alarm notifies the SNS topic if the count exceeds the threshold in `evaluation_periods` consecutive periods of `period` seconds. Null creates no alarms."
  type        = any
  default     = null
}
