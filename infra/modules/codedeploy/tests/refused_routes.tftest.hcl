# One run for each rule about the traffic routes and the target groups.

mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context                        = { prefix = "shop-dev", all_tags = {} }
  application_name               = "web"
  group_name                     = "web"
  ecs_service                    = { cluster_name = "shop-dev-main", service_name = "shop-dev-web" }
  pass_role_arns                 = ["arn:aws:iam::111111111111:role/execution"]
  default_deployment_config_name = "CodeDeployDefault.ECSAllAtOnce"
  load_balancer = {
    target_group_pair = {
      prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/1"]
      target_groups = ["shop-dev-web-blue", "shop-dev-web-green"]
    }
  }
}

run "refuses_no_production_listener" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    load_balancer = {
      target_group_pair = {
        prod_route    = []
        target_groups = ["shop-dev-web-blue", "shop-dev-web-green"]
        test_route    = []
      }
    }
  }
  expect_failures = [var.load_balancer]
}

run "refuses_two_production_listeners" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    load_balancer = {
      target_group_pair = {
        prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/1", "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/2"]
        target_groups = ["shop-dev-web-blue", "shop-dev-web-green"]
        test_route    = []
      }
    }
  }
  expect_failures = [var.load_balancer]
}

run "refuses_two_test_listeners" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    load_balancer = {
      target_group_pair = {
        prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/1"]
        target_groups = ["shop-dev-web-blue", "shop-dev-web-green"]
        test_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/2", "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/3"]
      }
    }
  }
  expect_failures = [var.load_balancer]
}

run "refuses_a_test_listener_that_does_not_exist" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    load_balancer = {
      target_group_pair = {
        prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/1"]
        target_groups = ["shop-dev-web-blue", "shop-dev-web-green"]
        test_route    = [null]
      }
    }
  }
  expect_failures = [var.load_balancer]
}

run "refuses_a_listener_of_a_network_load_balancer" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    load_balancer = {
      target_group_pair = {
        prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/net/web/0/1"]
        target_groups = ["shop-dev-web-blue", "shop-dev-web-green"]
        test_route    = []
      }
    }
  }
  expect_failures = [var.load_balancer]
}

run "refuses_the_production_listener_as_test_listener" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    load_balancer = {
      target_group_pair = {
        prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/1"]
        target_groups = ["shop-dev-web-blue", "shop-dev-web-green"]
        test_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/1"]
      }
    }
  }
  expect_failures = [var.load_balancer]
}

run "refuses_one_target_group" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    load_balancer = {
      target_group_pair = {
        prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/1"]
        target_groups = ["shop-dev-web-blue"]
        test_route    = []
      }
    }
  }
  expect_failures = [var.load_balancer]
}

run "refuses_the_same_target_group_twice" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    load_balancer = {
      target_group_pair = {
        prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/1"]
        target_groups = ["shop-dev-web-blue", "shop-dev-web-blue"]
        test_route    = []
      }
    }
  }
  expect_failures = [var.load_balancer]
}

run "refuses_arns_of_target_groups" {
  command = plan

  module {
    source = "./inputs"
  }

  variables {
    load_balancer = {
      target_group_pair = {
        prod_route    = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/shop-dev-web/0/1"]
        target_groups = ["arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/blue/0", "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/green/1"]
        test_route    = []
      }
    }
  }
  expect_failures = [var.load_balancer]
}
