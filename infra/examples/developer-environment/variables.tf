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

variable "developer" {
  description = "Name of the environment: the second part of every resource name, and the host name under `private_domain`."
  type        = string
  nullable    = false
}

variable "priority" {
  description = "Priority of the environment's listener rules. Every environment and application of the load balancer needs its own."
  type        = number
  nullable    = false
}

variable "load_balancer_name" {
  description = "Name of the load balancer to share. It has a test listener on port 8443."
  type        = string
  default     = "duo-dev-shared"
  nullable    = false
}

variable "image" {
  description = "Image to deploy. It must be reachable from the private subnets."
  type        = string
  default     = "public.ecr.aws/nginx/nginx:stable"
  nullable    = false
}

variable "private_domain" {
  description = "Private domain of the account, with a private hosted zone of the same name. The certificate of the load balancer is for *.DOMAIN."
  type        = string
  nullable    = false
}
