# One run for each rule about applications; what they make is in unit.tftest.hcl.

mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context             = { prefix = "shop-dev", all_tags = {} }
  name                = "web"
  vpc_id              = "vpc-0123456789abcdef0"
  subnets             = ["subnet-0000000000000000a", "subnet-0000000000000000b"]
  security_groups     = ["sg-0123456789abcdef0"]
  ssl_certificate_arn = "arn:aws:acm:eu-west-1:111111111111:certificate/00000000-0000-0000-0000-000000000000"
}

run "accepts_every_value_at_its_limit" {
  command = plan
  variables {
    applications = {
      a = {
        port                 = 65535
        protocol             = "HTTPS"
        deregistration_delay = 3600
        health_check         = { check_interval = 300, timeout = 120, healthy_threshold = 10, unhealthy_threshold = 2, matcher = "200,302" }
        stickiness           = { duration = 604800 }
      }
      b = { host_headers = ["*.my_app-?.example.com", "${join("", [for i in range(124) : "b"])}.com"], path_patterns = ["/a", "/b", "/c"], priority = 50000 }
      # 32 characters with "shop-dev-" and "-green".
      seventeen-letters = { path_patterns = ["/*"], priority = 1 }
    }
  }
  assert {
    condition     = length(aws_lb_target_group.this["seventeen-letters/green"].name) == 32
    error_message = "A name of exactly 32 characters must be accepted."
  }
}

run "refuses_no_application" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = {}
  }
  expect_failures = [var.applications]
}

run "refuses_a_name_with_an_underscore" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { my_app = {} }
  }
  expect_failures = [var.applications]
}

run "refuses_a_target_group_name_over_32_characters" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { eighteen-letters-x = {} }
  }
  expect_failures = [var.applications]
}

run "refuses_port_0" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { port = 0 } }
  }
  expect_failures = [var.applications]
}

run "refuses_tcp" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { protocol = "TCP" } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_deregistration_delay_over_an_hour" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { deregistration_delay = 3601 } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_timeout_as_long_as_the_interval" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { health_check = { check_interval = 10, timeout = 10 } } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_threshold_of_one_check" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { health_check = { unhealthy_threshold = 1 } } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_health_check_path_without_a_slash" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { health_check = { path = "health" } } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_matcher_that_takes_errors" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { health_check = { matcher = "200-599" } } }
  }
  expect_failures = [var.applications]
}

run "refuses_an_unknown_stickiness" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { stickiness = { type = "source_ip" } } }
  }
  expect_failures = [var.applications]
}

run "refuses_an_app_cookie_without_its_name" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { stickiness = { type = "app_cookie" } } }
  }
  expect_failures = [var.applications]
}

run "refuses_two_default_applications" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = {}, api = {} }
  }
  expect_failures = [var.applications]
}

run "refuses_six_values_in_one_rule" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { path_patterns = ["/a", "/b", "/c", "/d", "/e", "/f"], priority = 1 } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_rule_without_priority" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { path_patterns = ["/a"] } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_priority_without_rule" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { priority = 1 } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_priority_given_twice" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { path_patterns = ["/a"], priority = 1 }, api = { path_patterns = ["/b"], priority = 1 } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_host_without_a_dot" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { host_headers = ["shop"], priority = 1 } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_host_with_a_port" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { host_headers = ["shop.example.com:8443"], priority = 1 } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_wildcard_after_the_last_dot" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { host_headers = ["shop.*"], priority = 1 } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_digit_after_the_last_dot" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { host_headers = ["10.0.0.1"], priority = 1 } }
  }
  expect_failures = [var.applications]
}

run "refuses_a_host_of_129_characters" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { host_headers = ["${join("", [for i in range(125) : "b"])}.com"], priority = 1 } }
  }
  expect_failures = [var.applications]
}
