# Keys that no object has. known-keys has tests of the texts.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context      = { prefix = "shop-alice", all_tags = { product = "shop" } }
  name         = "web"
  listener_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-shared/0/1"
  application  = { port = 8080, host_headers = ["alice.example.internal"], priority = 110 }
}

run "a_key_of_the_health_check" {
  command = plan
  variables {
    application = { host_headers = ["alice.example.internal"], priority = 110, health_check = { pth = "/health" } }
  }
  expect_failures = [output.target_groups]
}

run "a_key_of_the_alarms" {
  command = plan
  variables {
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:111111111111:alarms", treshold_5xx = 7 }
  }
  expect_failures = [output.target_groups]
}
