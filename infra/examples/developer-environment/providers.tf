provider "aws" {
  region = var.region

  default_tags {
    tags = { terraform = "developer-environment" }
  }
}
