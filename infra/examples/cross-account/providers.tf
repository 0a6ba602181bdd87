# Uses the tools account's credentials from the environment, and assumes a role in the workload account that can create the
# resources in workload.tf and network.tf.

provider "aws" {
  region = var.region
}

provider "aws" {
  alias  = "workload"
  region = var.region

  assume_role {
    role_arn     = var.workload_role_arn
    session_name = "terraform"
  }
}
