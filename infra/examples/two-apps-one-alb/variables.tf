variable "region" {
  description = "Where everything is."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "app_id" {
  description = "Id of the application in the company's inventory, for the tags."
  type        = string
  default     = "app-0002"
  nullable    = false
}

variable "chargeback_id" {
  description = "Who pays, for the tags."
  type        = string
  default     = "cc-0001"
  nullable    = false
}

variable "product_name" {
  description = "First half of every name."
  type        = string
  default     = "duo"
  nullable    = false
}

variable "workspace" {
  description = "Second half of every name: the environment."
  type        = string
  default     = "dev"
  nullable    = false
}

variable "apps" {
  description = <<-EOT
    The applications by name, each with its image, port and number of tasks, and with the requests that are its own: those to
    `host` ("shop" is the host shop.DOMAIN), of these only the ones with a path of `path_patterns` where there are some. The
    lower `priority` is tried first.
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
  description = "Tag `Name` of the VPC. One private subnet in each of at least two zones has the tag Tier = private."
  type        = string
  default     = "selected-vpc"
  nullable    = false
}

variable "client_cidr_blocks" {
  description = "From where clients reach the load balancer, by HTTPS."
  type        = list(string)
  default     = ["10.0.0.0/8"]
  nullable    = false
}

variable "private_domain" {
  description = "The account's private domain: a private hosted zone has its name, and ACM a certificate for *.DOMAIN."
  type        = string
  default     = "dev.example.internal"
  nullable    = false
}
