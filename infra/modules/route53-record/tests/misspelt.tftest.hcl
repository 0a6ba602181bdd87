# Keys that no object has. known-keys has tests of the texts.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  zone_id = "Z0123456789"
}

run "a_key_of_a_record" {
  command = plan
  variables {
    records = [{ name = "web", type = "A", records = ["10.0.0.1"], ttl = 60, tll = 60 }]
  }
  expect_failures = [output.fqdns]
}

run "a_key_of_an_alias" {
  command = plan
  variables {
    records = [{ name = "web", type = "A", alias = { dns_name = "lb.example.com", zone_id = "Z1", evaluate_health = true } }]
  }
  expect_failures = [output.fqdns]
}
