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

run "the_defaults_of_headers_and_algorithm" {
  command = plan

  assert {
    condition     = aws_lb.this.drop_invalid_header_fields && aws_lb.this.desync_mitigation_mode == "defensive" && aws_lb.this.xff_header_processing_mode == "append"
    error_message = jsonencode([aws_lb.this.drop_invalid_header_fields, aws_lb.this.desync_mitigation_mode, aws_lb.this.xff_header_processing_mode])
  }
  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : group.load_balancing_algorithm_type == "round_robin"])
    error_message = jsonencode(values(aws_lb_target_group.this)[*].load_balancing_algorithm_type)
  }
}

run "headers_and_algorithm_of_the_caller" {
  command = plan
  variables {
    headers = {
      drop_invalid_header_fields                  = false
      desync_mitigation_mode                      = "strictest"
      preserve_host_header                        = true
      xff_header_processing_mode                  = "preserve"
      enable_xff_client_port                      = true
      enable_tls_version_and_cipher_suite_headers = true
    }
    applications = { web = { load_balancing_algorithm_type = "least_outstanding_requests" } }
  }

  assert {
    condition = (
      !aws_lb.this.drop_invalid_header_fields && aws_lb.this.desync_mitigation_mode == "strictest" &&
      aws_lb.this.preserve_host_header && aws_lb.this.xff_header_processing_mode == "preserve" &&
      aws_lb.this.enable_xff_client_port && aws_lb.this.enable_tls_version_and_cipher_suite_headers
    )
    error_message = "a header setting was not passed on"
  }
  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : group.load_balancing_algorithm_type == "least_outstanding_requests"])
    error_message = jsonencode(values(aws_lb_target_group.this)[*].load_balancing_algorithm_type)
  }
}

run "an_unknown_header_mode_is_refused" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    headers = { xff_header_processing_mode = "keep" }
  }
  expect_failures = [var.headers]
}

run "an_unknown_desync_mode_is_refused" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    headers = { desync_mitigation_mode = "off" }
  }
  expect_failures = [var.headers]
}

run "an_unknown_algorithm_is_refused" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    applications = { web = { load_balancing_algorithm_type = "random" } }
  }
  expect_failures = [var.applications]
}
