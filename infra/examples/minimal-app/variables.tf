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
  default     = "shop"
  nullable    = false
}

variable "workspace" {
  description = "Name of the environment, the second part of every resource name."
  type        = string
  default     = "dev"
  nullable    = false
}

variable "app_name" {
  description = "Name of the application and its DNS record: lower-case letters, digits and hyphens."
  type        = string
  default     = "web"
  nullable    = false
}

variable "container_config" {
  description = "Image of the initial tasks, in ECR or a public registry. The pipeline deploys later images."
  type = object({
    ecr_repository_url = string
    ecr_image_tag      = string
  })
  default = {
    ecr_repository_url = "public.ecr.aws/nginx/nginx"
    ecr_image_tag      = "stable"
  }
  nullable = false
}

variable "alarms_enabled" {
  description = "Whether alarms stop a deployment and roll it back. Set to false to let the pipeline deploy a fix while alarms are in ALARM."
  type        = bool
  default     = true
  nullable    = false
}

variable "container_port" {
  description = "HTTP port of the container."
  type        = number
  default     = 80
  nullable    = false
}

variable "vpc_name" {
  description = "`Name` tag of the VPC. One private subnet in each of at least two Availability Zones must have the tag Tier = private."
  type        = string
  nullable    = false
}

variable "vpc_endpoints" {
  description = "Whether the VPC has interface endpoints for ECR and CloudWatch Logs, and a gateway endpoint for S3. If true, tasks have no internet access, and images must be in ECR."
  type        = bool
  default     = false
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

variable "artifacts_bucket" {
  description = "Name of an existing bucket for the pipeline's source and the AppSpec. It must be versioned, encrypted with SSE-S3 and send events to EventBridge."
  type        = string
  nullable    = false
}

variable "pipeline_source" {
  description = "Source that starts the pipeline: a ZIP in `artifacts_bucket` with the key `s3_key`, whose imageDetail.json names the image to deploy, or an image tag in an ECR repository; each push of the tag deploys the image."
  type = object({
    s3_key = optional(string)
    ecr    = optional(object({ repository_name = string, image_tag = string }))
  })
  default  = { s3_key = "source.zip" }
  nullable = false
}

variable "build_image" {
  description = "Whether the pipeline builds the image: the ZIP in `artifacts_bucket` then has a Dockerfile and what it copies, instead of imageDetail.json."
  type        = bool
  default     = false
  nullable    = false
}

variable "gate_package" {
  description = "Path of the ZIP of the hook function deployment-gate, which tests the green tasks through a test listener before production traffic shifts; checks.yml has the checks. Null creates neither."
  type        = string
  default     = null
}

variable "function_package" {
  description = "Path of the function's ZIP: of a release, or built in the repository root: .ci/cargo-release lambda build --profile release-abort --locked --x86-64 --output-format zip --package generate-codedeploy-artifact."
  type        = string
  default     = "../../../target/lambda/generate-codedeploy-artifact/bootstrap.zip"
  nullable    = false
}
