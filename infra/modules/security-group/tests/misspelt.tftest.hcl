# Keys that no object has. known-keys has tests of the texts.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context = { prefix = "shop-dev", all_tags = {} }
  name    = "web"
  vpc_id  = "vpc-0123456789abcdef0"
}

run "a_key_of_a_rule" {
  command = plan
  variables {
    rules = [{ type = "ingress", description = "HTTP", protocol = "tcp", from_port = 80, to_port = 80, cidr_block = "10.0.0.0/16", cidr_blocks = ["10.0.0.0/16"] }]
  }
  expect_failures = [output.arn]
}
