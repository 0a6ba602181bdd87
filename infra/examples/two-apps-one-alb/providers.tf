provider "aws" {
  region = var.region

  default_tags {
    tags = { terraform = "two-apps-one-alb" }
  }
}
