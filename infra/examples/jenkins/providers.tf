# Uses AWS credentials from the environment.

provider "aws" {
  region = var.region
}
