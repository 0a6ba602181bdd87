variable "region" {
  description = "AWS Region of all resources."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "jenkins_principal_arns" {
  description = "ARNs of the roles or users that the Jenkins controller or its agents run as, in this or another account."
  type        = list(string)
  nullable    = false
}

variable "external_id" {
  description = "External ID that Jenkins passes to assume the three roles, 2-1224 characters; store it in the Jenkins credentials. Null requires none."
  type        = string
  default     = null
  sensitive   = true
}

variable "app" {
  description = "Names and tags; see the context module. `app_id` and `chargeback_id` are the ID in the company's inventory and the cost center."
  type = object({
    app_id        = string
    chargeback_id = string
    product_name  = optional(string, "shop")
    workspace     = optional(string, "jenkins")
    app_name      = optional(string, "web")
  })
  nullable = false
}

variable "vpc_name" {
  description = "`Name` tag of the VPC. One private subnet in each of at least two Availability Zones must have the tag Tier = private."
  type        = string
  nullable    = false
}

variable "private_domain" {
  description = "Private domain of the account, with an ACM certificate."
  type        = string
  nullable    = false
}

variable "image" {
  description = "Image of the initial tasks, until Jenkins deploys another one. Must be reachable from the private subnets."
  type        = string
  default     = "public.ecr.aws/nginx/nginx:stable"
  nullable    = false
}
