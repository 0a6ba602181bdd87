mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context = { prefix = "shop-dev", all_tags = { app_id = "app-0042" } }
  name    = "web-ecs"
  vpc_id  = "vpc-0123456789abcdef0"
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

run "each_rule_has_one_source_or_destination" {
  command = plan

  assert {
    condition     = aws_security_group.this.name == "shop-dev-web-ecs" && aws_security_group.this.tags["app_id"] == "app-0042"
    error_message = "the group is ${aws_security_group.this.name} with ${jsonencode(aws_security_group.this.tags)}"
  }
  assert {
    condition = jsonencode([
      for rule in values(aws_vpc_security_group_ingress_rule.this) :
      [rule.referenced_security_group_id, rule.cidr_ipv4, rule.cidr_ipv6, rule.prefix_list_id, rule.from_port]
    ]) == jsonencode([["sg-00000000000000001", null, null, null, 80]])
    error_message = jsonencode(aws_vpc_security_group_ingress_rule.this)
  }
  assert {
    condition = toset([
      for rule in values(aws_vpc_security_group_egress_rule.this) :
      jsonencode([rule.cidr_ipv4, rule.cidr_ipv6, rule.prefix_list_id])
      ]) == toset([
      jsonencode(["10.0.0.0/16", null, null]), jsonencode(["10.1.0.0/16", null, null]), jsonencode([null, "fd00::/8", null]),
      jsonencode([null, null, "pl-01234567"]),
    ])
    error_message = jsonencode(aws_vpc_security_group_egress_rule.this)
  }
}

run "all_protocols_have_no_ports" {
  command = plan
  variables {
    rules = [{ type = "egress", description = "anywhere in the VPC", protocol = "-1", cidr_blocks = ["10.0.0.0/16"] }]
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.this : rule.from_port == null && rule.ip_protocol == "-1"])
    error_message = jsonencode(aws_vpc_security_group_egress_rule.this)
  }
}

run "without_rules_no_traffic_is_allowed" {
  command = plan
  variables {
    rules = []
  }

  assert {
    condition     = length(aws_vpc_security_group_egress_rule.this) + length(aws_vpc_security_group_ingress_rule.this) == 0
    error_message = "unexpected rules exist"
  }
}

# Two groups that do not exist yet, each named in a rule of the other. A cycle, or a key that is unknown while Terraform
# plans, would fail here.
run "two_new_groups_name_each_other" {
  module {
    source = "./tests/mutual"
  }

  assert {
    condition     = length(output.ids) == 2
    error_message = "the groups are ${jsonencode(output.ids)}"
  }
}

run "a_name_with_a_blank_is_refused" {
  command = plan
  variables {
    name = "web ecs"
  }
  expect_failures = [var.name]
}

run "a_description_that_aws_refuses_is_refused" {
  command = plan
  variables {
    description = "the shop's front"
  }
  expect_failures = [var.description]
}
