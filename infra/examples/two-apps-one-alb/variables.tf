variable "region" {
  description = "AWS Region of all resources."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "app_id" {
  description = "Application ID in the company's inventory, for tags."
  type        = string
  nullable    = false
}

variable "chargeback_id" {
  description = "Cost center, for tags."
  type        = string
  nullable    = false
}

variable "product_name" {
  description = "Product name, the first part of every resource name."
  type        = string
  default     = "duo"
  nullable    = false
}

variable "workspace" {
  description = "Name of the environment, the second part of every resource name."
  type        = string
  default     = "dev"
  nullable    = false
}

variable "apps" {
  description = <<-EOT
    Map of applications, each with its image, port, number of tasks and routing: requests to `host` ("shop" is shop.DOMAIN),
    limited to `path_patterns` if set. The rule with the lowest `priority` is evaluated first.
  EOT
  type = map(object({
    image         = string
    port          = optional(number, 80)
    host          = string
    path_patterns = optional(list(string), [])
    priority      = number
    desired_count = optional(number, 1)
  }))
  default = {
    api  = { image = "public.ecr.aws/nginx/nginx:stable", host = "shop", path_patterns = ["/api/*"], priority = 10 }
    shop = { image = "public.ecr.aws/nginx/nginx:stable", host = "shop", priority = 20 }
  }
  nullable = false
}

variable "vpc_name" {
  description = "`Name` tag of the VPC. One private subnet in each of at least two Availability Zones must have the tag Tier = private."
  type        = string
  nullable    = false
}

variable "client_cidr_blocks" {
  description = "CIDR blocks from which clients can reach the load balancer by HTTPS."
  type        = list(string)
  default     = ["10.0.0.0/8"]
  nullable    = false
}

variable "private_domain" {
  description = "Private domain of the account, with a private hosted zone of the same name and an ACM certificate for *.DOMAIN."
  type        = string
  nullable    = false
}
