# Values of objects that the types allow and AWS does not.
run "refuses_1" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # no subnet
    network = { subnets = [], security_groups = ["sg-0a"] }
    # a capacity provider by ARN
    capacity_provider_strategy = [{ capacity_provider = "arn:aws:ecs:x", weight = 1 }]
  }
  expect_failures = [var.network, var.capacity_provider_strategy]
}

run "refuses_2" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # seventeen subnets
    network = { subnets = [for n in range(17) : "subnet-${n}"], security_groups = ["sg-0a"] }
    # a base over 100000
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", base = 100001, weight = 1 }]
  }
  expect_failures = [var.network, var.capacity_provider_strategy]
}

run "refuses_3" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # a subnet given twice
    network = { subnets = ["subnet-0a", "subnet-0a"], security_groups = ["sg-0a"] }
    # a weight over 1000
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", weight = 1001 }]
  }
  expect_failures = [var.network, var.capacity_provider_strategy]
}

run "refuses_4" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # no security group
    network = { subnets = ["subnet-0a"], security_groups = [] }
    # a capacity provider given twice
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", weight = 1 }, { capacity_provider = "FARGATE", weight = 2 }]
  }
  expect_failures = [var.network, var.capacity_provider_strategy]
}

run "refuses_5" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # six security groups
    network = { subnets = ["subnet-0a"], security_groups = ["sg-1", "sg-2", "sg-3", "sg-4", "sg-5", "sg-6"] }
    # two bases
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", base = 1, weight = 1 }, { capacity_provider = "FARGATE_SPOT", base = 1 }]
  }
  expect_failures = [var.network, var.capacity_provider_strategy]
}

run "refuses_6" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # names instead of IDs
    network = { subnets = ["private-a"], security_groups = ["sg-0a"] }
    # no weight
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", base = 1 }]
  }
  expect_failures = [var.network, var.capacity_provider_strategy]
}
