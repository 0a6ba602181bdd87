# Keys that no object has. known-keys has tests of the texts.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context             = { prefix = "shop-dev", all_tags = { product = "shop" } }
  name                = "web"
  vpc_id              = "vpc-0123456789abcdef0"
  subnets             = ["subnet-0000000000000000a", "subnet-0000000000000000b"]
  security_groups     = ["sg-0123456789abcdef0"]
  ssl_certificate_arn = "arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000"
  applications        = { web = {} }
}

run "a_key_of_an_application" {
  command = plan
  variables {
    applications = { web = { prot = 8080 } }
  }
  expect_failures = [output.arn]
}

run "a_key_of_a_health_check" {
  command = plan
  variables {
    applications = { web = { health_check = { pth = "/health" } } }
  }
  expect_failures = [output.arn]
}

run "a_key_of_the_test_listener" {
  command = plan
  variables {
    test_listener = { prot = 9443 }
  }
  expect_failures = [output.arn]
}

run "a_key_of_the_headers" {
  command = plan
  variables {
    headers = { preserve_host = true }
  }
  expect_failures = [output.arn]
}

run "a_key_of_the_alarms" {
  command = plan
  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", threshhold_5xx = 1 }
  }
  expect_failures = [output.arn]
}
