mock_provider "aws" {
  source = "../../mocks"

  mock_data "aws_route53_zone" {
    defaults = {
      name    = "example.internal"
      zone_id = "Z0123456789ABCDEFGHIJ"
    }
  }
}

variables {
  zone_id = "Z0123456789ABCDEFGHIJ"
}

run "a_name_an_address_and_an_alias" {
  command = plan
  variables {
    records = [
      { name = "Web", type = "CNAME", records = ["internal-lb.eu-west-1.elb.amazonaws.com"], ttl = 60 },
      { name = "api", type = "A", records = ["10.0.0.1", "10.0.0.2"], ttl = 300 },
      { name = "", type = "A", alias = { dns_name = "internal-lb.eu-west-1.elb.amazonaws.com", zone_id = "Z32O12XQLNTSW2" } },
    ]
  }

  assert {
    condition     = aws_route53_record.this["web CNAME"].ttl == 60 && aws_route53_record.this["web CNAME"].records == toset(["internal-lb.eu-west-1.elb.amazonaws.com"])
    error_message = jsonencode(aws_route53_record.this["web CNAME"])
  }
  assert {
    condition     = length(aws_route53_record.this["api A"].records) == 2
    error_message = jsonencode(aws_route53_record.this["api A"])
  }
  assert {
    condition = (
      aws_route53_record.this[" A"].ttl == null && aws_route53_record.this[" A"].records == null &&
      aws_route53_record.this[" A"].alias[0].evaluate_target_health && aws_route53_record.this[" A"].alias[0].zone_id == "Z32O12XQLNTSW2"
    )
    error_message = jsonencode(aws_route53_record.this[" A"])
  }
}

run "no_cname_at_the_top_of_the_zone_by_its_full_name" {
  command = plan
  variables {
    records = [{ name = "Example.internal.", type = "CNAME", records = ["a.example.com"], ttl = 60 }]
  }
  expect_failures = [aws_route53_record.this["example.internal. CNAME"]]
}
