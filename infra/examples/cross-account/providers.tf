# Credentials come from the environment: those of the tools account. The workload account is reached through a role there that
# may create what is in workload.tf and network.tf.

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
