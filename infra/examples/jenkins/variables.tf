variable "region" {
  description = "Where everything is."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "jenkins_principal_arns" {
  description = "Roles or users that Jenkins, its controller or its agents, runs as; whole ARNs, in this or another account."
  type        = list(string)
  nullable    = false
}

variable "external_id" {
  description = "What Jenkins says to become the three roles, 2-1224 characters; keep it in the credentials of Jenkins. Null means nothing."
  type        = string
  default     = null
  sensitive   = true
}

variable "app" {
  description = "Facts for names and tags: see module context."
  type = object({
    app_id        = optional(string, "app-0001")
    chargeback_id = optional(string, "cb-0001")
    product_name  = optional(string, "shop")
    workspace     = optional(string, "jenkins")
    app_name      = optional(string, "web")
  })
  default  = {}
  nullable = false
}

variable "vpc_name" {
  description = "Tag `Name` of the VPC. One private subnet in each of at least two zones has the tag Tier = private."
  type        = string
  default     = "selected-vpc"
  nullable    = false
}

variable "private_domain" {
  description = "Private domain of the account; ACM has a certificate for it."
  type        = string
  default     = "dev.example.internal"
  nullable    = false
}

variable "image" {
  description = "Image of the first tasks, until Jenkins deploys another. The private subnets must reach it."
  type        = string
  default     = "public.ecr.aws/nginx/nginx:stable"
  nullable    = false
}
