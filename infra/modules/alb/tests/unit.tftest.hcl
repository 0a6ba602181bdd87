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

# The values of the mocked resources are known only after an apply.
run "the_smallest_load_balancer" {
  command = apply

  assert {
    condition     = aws_lb.this.name == "shop-dev-web" && aws_lb.this.internal && aws_lb.this.enable_deletion_protection
    error_message = "A load balancer must be named after prefix and name, internal and protected, unless told otherwise."
  }

  assert {
    condition     = output.target_groups.web.blue.name == "shop-dev-web-blue" && output.target_groups.web.green.name == "shop-dev-web-green"
    error_message = "Each application needs a blue and a green target group."
  }

  assert {
    condition     = alltrue([for group in values(aws_lb_target_group.this) : group.target_type == "ip"])
    error_message = "Fargate tasks can be targets by IP address only."
  }

  assert {
    condition = jsonencode(output.target_group_pairs) == jsonencode({ web = {
      prod_route    = [output.https_listener_arn]
      test_route    = []
      target_groups = ["shop-dev-web-blue", "shop-dev-web-green"]
    } })
    error_message = "target_group_pairs must fit load_balancer.target_group_pair of the codedeploy module."
  }

  assert {
    condition     = output.rollback_alarm_names == { web = [] } && output.informing_alarm_names == { web = [] } && length(aws_cloudwatch_metric_alarm.load_balancer) == 0
    error_message = "Without alarms there must be none."
  }

  assert {
    condition     = output.test_listener_arn == null && length(aws_lb_listener.redirect) == 0
    error_message = "Test listener and redirect must be created only if they are configured."
  }
}

run "listeners_take_modern_tls_only" {
  command = plan

  variables {
    test_listener = {}
    http_redirect = true
  }

  assert {
    condition = alltrue([for listener in concat(aws_lb_listener.blue_green, aws_lb_listener.test) :
      listener.protocol == "HTTPS" && listener.ssl_policy == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    ])
    error_message = "The production and test listeners must use TLS 1.2 or 1.3."
  }

  assert {
    condition     = aws_lb_listener.test[0].port == 8443 && aws_lb_listener.test[0].certificate_arn == var.ssl_certificate_arn
    error_message = "The test listener must have its own port and the same certificate."
  }

  assert {
    condition     = one(aws_lb_listener.redirect[0].default_action).type == "redirect" && one(one(aws_lb_listener.redirect[0].default_action).redirect).protocol == "HTTPS"
    error_message = "Port 80 must only redirect."
  }
}

run "blue_green_leaves_the_listeners_to_codedeploy" {
  command = plan

  variables {
    applications = { web = {}, api = { path_patterns = ["/api/*"], priority = 10 } }
  }

  assert {
    condition     = length(aws_lb_listener.blue_green) == 1 && length(aws_lb_listener.rolling) == 0
    error_message = "The listener that ignores changes by CodeDeploy must be the one that exists."
  }

  assert {
    condition     = length(aws_lb_listener_rule.blue_green) == 1 && length(aws_lb_listener_rule.rolling) == 0
    error_message = "The rules that ignore changes by CodeDeploy must be the ones that exist."
  }
}

run "without_blue_green_terraform_owns_the_listeners" {
  command = apply

  variables {
    allow_blue_green = false
    applications     = { web = {}, api = { path_patterns = ["/api/*"], priority = 10 } }
  }

  assert {
    condition     = length(aws_lb_listener.rolling) == 1 && length(aws_lb_listener.blue_green) == 0 && length(aws_lb_listener_rule.rolling) == 1 && length(aws_lb_listener_rule.blue_green) == 0
    error_message = "The variant without ignore_changes must be the one that exists."
  }

  assert {
    condition     = output.target_groups.web.green == null && output.target_group_pairs == {} && output.https_listener_arn != null
    error_message = "Without blue/green there must be no green target group and no pair."
  }
}

run "several_applications_share_both_listeners" {
  command = plan

  variables {
    test_listener = { port = 9443 }
    applications = {
      web   = {}
      api   = { port = 8080, path_patterns = ["/api/*"], priority = 10 }
      admin = { host_headers = ["admin.example.com"], path_patterns = ["/x", "/y"], priority = 20 }
    }
  }

  assert {
    condition     = keys(aws_lb_listener_rule.blue_green) == ["admin", "api"] && keys(aws_lb_listener_rule.test) == ["admin", "api"]
    error_message = "Each application with rules must have one on the production and one on the test listener."
  }

  assert {
    condition     = one(aws_lb_listener.blue_green[0].default_action).type == "forward"
    error_message = "The application without rules must be the default action."
  }

  assert {
    condition = alltrue([for rules in [aws_lb_listener_rule.blue_green, aws_lb_listener_rule.test] :
      rules["admin"].priority == 20 && length(rules["admin"].condition) == 2 && length(rules["api"].condition) == 1
    ])
    error_message = "The rules of both listeners must have the same conditions and priorities."
  }

  assert {
    condition     = output.target_group_pairs.api.target_groups == ["shop-dev-api-blue", "shop-dev-api-green"] && length(output.target_group_pairs.api.test_route) == 1
    error_message = "Every application needs its own pair of target groups and the test route."
  }

  assert {
    condition     = aws_lb_target_group.this["api/green"].port == 8080
    error_message = "Both colours must have the port of the application."
  }
}

run "no_default_application_answers_404" {
  command = plan

  variables {
    applications = { api = { path_patterns = ["/api/*"], priority = 10 } }
  }

  assert {
    condition     = one(aws_lb_listener.blue_green[0].default_action).type == "fixed-response" && one(one(aws_lb_listener.blue_green[0].default_action).fixed_response).status_code == "404"
    error_message = "Requests that match no rule must get 404."
  }
}

run "health_check_and_stickiness_reach_both_colours" {
  command = plan

  variables {
    applications = {
      web = {
        health_check = { check_interval = 15, matcher = "200-299", path = "/health", unhealthy_threshold = 2 }
        stickiness   = { type = "app_cookie", cookie_name = "SESSION", duration = 3600 }
      }
    }
  }

  assert {
    condition = alltrue([for group in values(aws_lb_target_group.this) :
      one(group.health_check).interval == 15 && one(group.health_check).matcher == "200-299" &&
      one(group.health_check).path == "/health" && one(group.health_check).unhealthy_threshold == 2
    ])
    error_message = "Both target groups must have the same health check."
  }

  assert {
    condition = alltrue([for group in values(aws_lb_target_group.this) :
      one(group.stickiness).type == "app_cookie" && one(group.stickiness).cookie_name == "SESSION" && one(group.stickiness).cookie_duration == 3600
    ])
    error_message = "Both target groups must have the same stickiness."
  }
}

run "the_log_bucket_accepts_logs_of_this_account_only" {
  command = apply

  assert {
    condition = [for statement in jsondecode(aws_s3_bucket_policy.logs.policy).Statement : statement if statement.Sid == "LoadBalancerWritesLogs"] == [{
      Sid       = "LoadBalancerWritesLogs"
      Effect    = "Allow"
      Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "arn:aws:s3:::mock/AWSLogs/111111111111/*"
    }]
    error_message = "Only load balancers of this account may write, and only logs."
  }

  assert {
    condition     = one([for statement in jsondecode(aws_s3_bucket_policy.logs.policy).Statement : statement if statement.Sid == "OnlyTls"]).Condition == { Bool = { "aws:SecureTransport" = "false" } }
    error_message = "Access without TLS must be denied."
  }

  assert {
    condition     = !aws_s3_bucket.logs.force_destroy && aws_s3_bucket_public_access_block.logs.restrict_public_buckets
    error_message = "Logs must be protected from deletion and must not be public."
  }
}

# Each run is a row of a table: a wrong value for every variable with wrong values left, whose rules do not depend on others in the
# row. Terraform names the variables whose wrong value it accepts.
run "refuses_1" {
  command = plan
  variables {
    # a name with capitals
    name = "Web"
    # one subnet
    subnets = ["subnet-0000000000000000a"]
    # no security group
    security_groups = []
    # TLS 1.1
    ssl_policy = "ELBSecurityPolicy-TLS-1-1-2017-01"
    # an idle timeout of two hours
    idle_timeout = 7200
    # a log retention of 0 days
    log_retention_in_days = 0
  }
  expect_failures = [var.name, var.subnets, var.security_groups, var.ssl_policy, var.idle_timeout, var.log_retention_in_days]
}

run "refuses_1_of_the_objects" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # a test listener without blue/green
    allow_blue_green = false
    test_listener    = {}
  }
  expect_failures = [var.test_listener]
}

run "refuses_2" {
  command = plan
  variables {
    # a load balancer name over 32 characters
    name = "a-name-that-is-much-too-long"
    # old TLS
    ssl_policy = "ELBSecurityPolicy-2016-08"
  }
  expect_failures = [var.name, var.ssl_policy]
}

run "refuses_2_of_the_objects" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    # a test listener on the production port
    test_listener = { port = 443 }
  }
  expect_failures = [var.test_listener]
}

run "refuses_3" {
  command = plan
  variables {
    # a load balancer name that AWS keeps
    context = { prefix = "internal", all_tags = {} }
  }
  expect_failures = [var.name]
}

run "accepts_every_policy_from_tls_1_2" {
  command = plan
  variables {
    ssl_policy = "ELBSecurityPolicy-TLS-1-2-Ext-2018-06"
  }
  assert {
    condition     = aws_lb_listener.blue_green[0].ssl_policy == "ELBSecurityPolicy-TLS-1-2-Ext-2018-06"
    error_message = "The older policies with TLS 1.2 or later must be accepted."
  }
}
