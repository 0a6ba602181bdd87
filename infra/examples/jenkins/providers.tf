# Credentials come from the environment, as for every AWS tool.

provider "aws" {
  region = var.region
}
