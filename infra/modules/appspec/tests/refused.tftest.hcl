# One run for each rule about the variables.

mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context             = { all_tags = {} }
  bucket              = "artifacts"
  key                 = "appspec/web/appspec.yaml"
  task_definition_arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7"
  container_name      = "web"
  container_port      = 80
}

run "refuses_eleven_tags" {
  command = plan
  variables {
    context = { all_tags = { t1 = "", t2 = "", t3 = "", t4 = "", t5 = "", t6 = "", t7 = "", t8 = "", t9 = "", t10 = "", t11 = "" } }
  }
  expect_failures = [var.context]
}

run "refuses_a_zip" {
  command = plan
  variables {
    key = "appspec/web/appspec.zip"
  }
  expect_failures = [var.key]
}

run "refuses_a_key_that_begins_with_a_slash" {
  command = plan
  variables {
    key = "/appspec.yaml"
  }
  expect_failures = [var.key]
}

run "refuses_a_family_without_revision" {
  command = plan
  variables {
    task_definition_arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web"
  }
  expect_failures = [var.task_definition_arn]
}

run "refuses_the_placeholder_of_codepipeline" {
  command = plan
  variables {
    task_definition_arn = "<TASK_DEFINITION>"
  }
  expect_failures = [var.task_definition_arn]
}

run "refuses_a_container_name_with_a_space" {
  command = plan
  variables {
    container_name = "my web"
  }
  expect_failures = [var.container_name]
}

run "refuses_port_0" {
  command = plan
  variables {
    container_port = 0
  }
  expect_failures = [var.container_port]
}

run "refuses_port_65536" {
  command = plan
  variables {
    container_port = 65536
  }
  expect_failures = [var.container_port]
}

run "refuses_half_a_port" {
  command = plan
  variables {
    container_port = 80.5
  }
  expect_failures = [var.container_port]
}

run "refuses_a_platform_version_of_two_numbers" {
  command = plan
  variables {
    platform_version = "1.4"
  }
  expect_failures = [var.platform_version]
}

run "refuses_a_platform_version_in_small_letters" {
  command = plan
  variables {
    platform_version = "latest"
  }
  expect_failures = [var.platform_version]
}

run "refuses_no_subnet" {
  command = plan
  variables {
    network = { subnets = [], security_groups = ["sg-0a"] }
  }
  expect_failures = [var.network]
}

run "refuses_seventeen_subnets" {
  command = plan
  variables {
    network = { subnets = [for n in range(17) : "subnet-${n}"], security_groups = ["sg-0a"] }
  }
  expect_failures = [var.network]
}

run "refuses_a_subnet_given_twice" {
  command = plan
  variables {
    network = { subnets = ["subnet-0a", "subnet-0a"], security_groups = ["sg-0a"] }
  }
  expect_failures = [var.network]
}

run "refuses_no_security_group" {
  command = plan
  variables {
    network = { subnets = ["subnet-0a"], security_groups = [] }
  }
  expect_failures = [var.network]
}

run "refuses_six_security_groups" {
  command = plan
  variables {
    network = { subnets = ["subnet-0a"], security_groups = ["sg-1", "sg-2", "sg-3", "sg-4", "sg-5", "sg-6"] }
  }
  expect_failures = [var.network]
}

run "refuses_names_instead_of_ids" {
  command = plan
  variables {
    network = { subnets = ["private-a"], security_groups = ["sg-0a"] }
  }
  expect_failures = [var.network]
}

run "refuses_a_capacity_provider_by_arn" {
  command = plan
  variables {
    capacity_provider_strategy = [{ capacity_provider = "arn:aws:ecs:x", weight = 1 }]
  }
  expect_failures = [var.capacity_provider_strategy]
}

run "refuses_a_base_over_100000" {
  command = plan
  variables {
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", base = 100001, weight = 1 }]
  }
  expect_failures = [var.capacity_provider_strategy]
}

run "refuses_a_weight_over_1000" {
  command = plan
  variables {
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", weight = 1001 }]
  }
  expect_failures = [var.capacity_provider_strategy]
}

run "refuses_a_capacity_provider_given_twice" {
  command = plan
  variables {
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", weight = 1 }, { capacity_provider = "FARGATE", weight = 2 }]
  }
  expect_failures = [var.capacity_provider_strategy]
}

run "refuses_two_bases" {
  command = plan
  variables {
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", base = 1, weight = 1 }, { capacity_provider = "FARGATE_SPOT", base = 1 }]
  }
  expect_failures = [var.capacity_provider_strategy]
}

run "refuses_no_weight" {
  command = plan
  variables {
    capacity_provider_strategy = [{ capacity_provider = "FARGATE", base = 1 }]
  }
  expect_failures = [var.capacity_provider_strategy]
}

run "refuses_an_unknown_hook" {
  command = plan
  variables {
    hooks = { BeforeAllowTrafic = "smoke-test" }
  }
  expect_failures = [var.hooks]
}

run "refuses_a_hook_that_is_no_function" {
  command = plan
  variables {
    hooks = { BeforeInstall = "arn:aws:sns:eu-west-1:111122223333:topic" }
  }
  expect_failures = [var.hooks]
}

run "refuses_an_empty_hook" {
  command = plan
  variables {
    hooks = { BeforeInstall = "" }
  }
  expect_failures = [var.hooks]
}
