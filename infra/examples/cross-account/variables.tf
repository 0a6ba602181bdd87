variable "region" {
  description = "AWS Region of all resources."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "workload_role_arn" {
  description = "ARN of the role that Terraform assumes in the workload account."
  type        = string
  nullable    = false
}

variable "external_id" {
  description = "External ID that the function passes to assume the describe role in the workload account, 2-1224 characters; use a different one for each pipeline."
  type        = string
  nullable    = false
  sensitive   = true
}

variable "source_object" {
  description = "S3 object in the tools account that starts the pipeline: a ZIP that contains imageDetail.json. The bucket must be versioned, encrypted with SSE-S3 and send events to EventBridge."
  type        = object({ bucket = string, key = string })
  nullable    = false
}

variable "function_package" {
  description = "Path of the function's ZIP: of a release, or built in the repository root: .ci/cargo-release lambda build --profile release-abort --locked --x86-64 --output-format zip --package generate-codedeploy-artifact."
  type        = string
  default     = "../../../target/lambda/generate-codedeploy-artifact/bootstrap.zip"
  nullable    = false
}

variable "app" {
  description = "Names and tags; see the context module. `app_id` and `chargeback_id` are the ID in the company's inventory and the cost center."
  type = object({
    app_id        = string
    chargeback_id = string
    product_name  = optional(string, "shop")
    app_name      = optional(string, "web")
  })
  nullable = false
}

variable "vpc_name" {
  description = "`Name` tag of the VPC in the workload account. One private subnet in each of at least two Availability Zones must have the tag Tier = private."
  type        = string
  nullable    = false
}

variable "private_domain" {
  description = "Private domain of the workload account, with an ACM certificate there."
  type        = string
  nullable    = false
}

variable "image" {
  description = "Image of the initial tasks, until the pipeline deploys the one in imageDetail.json. Must be reachable from the private subnets."
  type        = string
  default     = "public.ecr.aws/nginx/nginx:stable"
  nullable    = false
}

variable "ecr_repository_arns" {
  description = "ARNs of the ECR repositories that tasks pull from. Repositories in the tools account must be listed, and their policies must allow the workload account to pull. Empty allows the repositories of the workload account."
  type        = list(string)
  default     = []
  nullable    = false
}
