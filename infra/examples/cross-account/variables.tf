variable "region" {
  description = "Where everything is."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "workload_role_arn" {
  description = "Role in the workload account that Terraform becomes there, arn:aws:iam::ACCOUNT:role/NAME."
  type        = string
  nullable    = false
}

variable "external_id" {
  description = "What the function says to become the describing role in the workload account, 2-1224 characters; one of its own for each pipeline."
  type        = string
  nullable    = false
  sensitive   = true
}

variable "source_object" {
  description = "Object in S3 of the tools account that starts the pipeline: a zip with imageDetail.json in it. Its bucket must be versioned, encrypted by S3 itself (SSE-S3) and send its events to EventBridge."
  type        = object({ bucket = string, key = string })
  nullable    = false
}

variable "function_package" {
  description = "The function's zip: cargo lambda build --release --output-format zip --package generate-codedeploy-artifact."
  type        = string
  default     = "../../../target/lambda/generate-codedeploy-artifact/bootstrap.zip"
  nullable    = false
}

variable "app" {
  description = "Facts for names and tags: see module context."
  type = object({
    app_id        = optional(string, "app-0001")
    chargeback_id = optional(string, "cb-0001")
    product_name  = optional(string, "shop")
    app_name      = optional(string, "web")
  })
  default  = {}
  nullable = false
}

variable "vpc_name" {
  description = "Tag `Name` of the VPC in the workload account. One private subnet in each of at least two zones has the tag Tier = private."
  type        = string
  default     = "selected-vpc"
  nullable    = false
}

variable "private_domain" {
  description = "Private domain of the workload account; ACM there has a certificate for it."
  type        = string
  default     = "dev.example.internal"
  nullable    = false
}

variable "image" {
  description = "Image of the first tasks, until the pipeline deploys the one of imageDetail.json. The private subnets must reach it."
  type        = string
  default     = "public.ecr.aws/nginx/nginx:stable"
  nullable    = false
}

variable "ecr_repository_arns" {
  description = "Repositories that the tasks pull from. Those of the tools account have to be named, and their own policies must let the workload account pull. Empty: those of the workload account."
  type        = list(string)
  default     = []
  nullable    = false
}
