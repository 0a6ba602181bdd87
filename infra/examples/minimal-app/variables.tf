variable "region" {
  description = "Where everything is."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "app_id" {
  description = "Id of the application in the company's inventory, for the tags."
  type        = string
  default     = "app-0001"
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
  default     = "shop"
  nullable    = false
}

variable "workspace" {
  description = "Second half of every name: the environment."
  type        = string
  default     = "dev"
  nullable    = false
}

variable "app_name" {
  description = "Name of the application, and of its DNS record: lower-case letters, digits and dashes."
  type        = string
  default     = "web"
  nullable    = false
}

variable "container_config" {
  description = "The image of the first tasks, in ECR or in a public registry. Later images come with the pipeline."
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

variable "container_port" {
  description = "The port on which the container speaks HTTP."
  type        = number
  default     = 80
  nullable    = false
}

variable "vpc_name" {
  description = "Tag `Name` of the VPC. One private subnet in each of at least two zones has the tag Tier = private."
  type        = string
  default     = "selected-vpc"
  nullable    = false
}

variable "vpc_endpoints" {
  description = "Whether the VPC has interface endpoints for ECR and CloudWatch Logs, and the gateway endpoint of S3. Then tasks have no way out of the VPC, and images come from ECR alone."
  type        = bool
  default     = false
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

variable "artifacts_bucket" {
  description = "A bucket that is there: versioned, encrypted by S3 itself (SSE-S3), and with its events sent to EventBridge. It holds the pipeline's source, and gets the AppSpec."
  type        = string
  default     = "example-source"
  nullable    = false
}

variable "pipeline_source" {
  description = "What starts the pipeline: a zip in `artifacts_bucket` by its `s3_key`, or each push of a tag to a repository of ECR, whose image is deployed."
  type = object({
    s3_key = optional(string)
    ecr    = optional(object({ repository_name = string, image_tag = string }))
  })
  default  = { s3_key = "source.zip" }
  nullable = false
}

variable "function_package" {
  description = "The function's zip: cargo lambda build --release --output-format zip --package generate-codedeploy-artifact."
  type        = string
  default     = "../../../target/lambda/generate-codedeploy-artifact/bootstrap.zip"
  nullable    = false
}
