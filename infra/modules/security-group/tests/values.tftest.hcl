# Values of objects that the types allow and AWS does not.
variables {
  rules = [
    {
      type                     = "ingress"
      description              = "HTTP from the load balancer"
      protocol                 = "tcp"
      from_port                = 80
      to_port                  = 80
      source_security_group_id = "sg-00000000000000001"
    },
    {
      type        = "egress"
      description = "HTTPS to the endpoints"
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      cidr_blocks = ["10.0.0.0/16", "10.1.0.0/16", "fd00::/8"]
    },
    {
      type            = "egress"
      description     = "HTTPS to S3"
      protocol        = "tcp"
      from_port       = 443
      to_port         = 443
      prefix_list_ids = ["pl-01234567"]
    },
  ]
}

run "another_type_is_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    rules = [{ type = "inbound", description = "x", protocol = "tcp", from_port = 80, to_port = 80, cidr_blocks = ["10.0.0.0/16"] }]
  }
  expect_failures = [var.rules]
}

run "another_protocol_is_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    rules = [{ type = "ingress", description = "x", protocol = "https", from_port = 443, to_port = 443, cidr_blocks = ["10.0.0.0/16"] }]
  }
  expect_failures = [var.rules]
}

run "ports_of_all_protocols_are_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    rules = [{ type = "egress", description = "x", protocol = "-1", from_port = 0, to_port = 0, cidr_blocks = ["10.0.0.0/16"] }]
  }
  expect_failures = [var.rules]
}

run "tcp_without_ports_is_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    rules = [{ type = "egress", description = "x", protocol = "tcp", cidr_blocks = ["10.0.0.0/16"] }]
  }
  expect_failures = [var.rules]
}

run "ports_in_the_wrong_order_are_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    rules = [{ type = "egress", description = "x", protocol = "tcp", from_port = 90, to_port = 80, cidr_blocks = ["10.0.0.0/16"] }]
  }
  expect_failures = [var.rules]
}

run "icmp_without_type_is_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    rules = [{ type = "ingress", description = "x", protocol = "icmp", cidr_blocks = ["10.0.0.0/16"] }]
  }
  expect_failures = [var.rules]
}

run "two_kinds_of_source_are_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    rules = [{ type = "egress", description = "x", protocol = "tcp", from_port = 80, to_port = 80, cidr_blocks = ["10.0.0.0/16"], source_security_group_id = "sg-00000000000000001" }]
  }
  expect_failures = [var.rules]
}

run "a_missing_source_is_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    rules = [{ type = "egress", description = "x", protocol = "tcp", from_port = 80, to_port = 80 }]
  }
  expect_failures = [var.rules]
}

run "an_address_is_no_cidr_block" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    rules = [{ type = "egress", description = "x", protocol = "tcp", from_port = 80, to_port = 80, cidr_blocks = ["10.0.0.1"] }]
  }
  expect_failures = [var.rules]
}

run "a_rule_needs_a_description" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    rules = [{ type = "egress", description = "", protocol = "tcp", from_port = 80, to_port = 80, cidr_blocks = ["10.0.0.0/16"] }]
  }
  expect_failures = [var.rules]
}

run "two_rules_that_look_the_same_are_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    rules = [
      { type = "egress", description = "x", protocol = "tcp", from_port = 80, to_port = 80, cidr_blocks = ["10.0.0.0/16"] },
      { type = "egress", description = "x", protocol = "tcp", from_port = 80, to_port = 80, source_security_group_id = "sg-00000000000000001" },
    ]
  }
  expect_failures = [var.rules]
}
