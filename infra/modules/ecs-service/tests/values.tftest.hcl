# Values of objects that the types allow and AWS does not.
variables {
  deployment_controller    = "CODE_DEPLOY"
  fargate_platform_version = "LATEST"
  namespace_id             = null
  container_definitions    = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}]}]"
  load_balancer_target = [{
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef"
    container_name   = "container"
    container_port   = 80
  }]
  vpc_config  = { subnets = ["subnet-a"], security_groups = ["sg-a"] }
  alarm_topic = { arn = "arn:aws:sns:eu-west-1:111111111111:alarms" }
}

run "refuses_1" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # an alarm above all of the CPU
    ecs_cpu_cloudwatch_configuration = { severe = { evaluation_period = 3, period = 180, threshold = 101 } }
    # an alarm at 0% memory
    ecs_memory_cloudwatch_configuration = { severe = { evaluation_period = 3, period = 180, threshold = 0 } }
  }
  expect_failures = [var.ecs_cpu_cloudwatch_configuration, var.ecs_memory_cloudwatch_configuration]
}

run "refuses_2" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # a CPU period of half minutes
    ecs_cpu_cloudwatch_configuration = { severe = { evaluation_period = 3, period = 90, threshold = 90 } }
    # minutes over more than a day
    ecs_memory_cloudwatch_configuration = { severe = { evaluation_period = 25, period = 3540, threshold = 90 } }
  }
  expect_failures = [var.ecs_cpu_cloudwatch_configuration, var.ecs_memory_cloudwatch_configuration]
}

run "refuses_3" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # CPU hours over more than seven days
    ecs_cpu_cloudwatch_configuration = { severe = { evaluation_period = 169, period = 3600, threshold = 90 } }
    # memory hours over more than seven days
    ecs_memory_cloudwatch_configuration = { severe = { evaluation_period = 8, period = 86400, threshold = 90 } }
  }
  expect_failures = [var.ecs_cpu_cloudwatch_configuration, var.ecs_memory_cloudwatch_configuration]
}

run "refuses_1_b" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # no subnet
    vpc_config = { subnets = [], security_groups = ["sg-a"] }
    # minimum above maximum
    autoscaling_capacity = { min = 5, max = 4 }
  }
  expect_failures = [var.vpc_config, var.autoscaling_capacity]
}

run "refuses_2_b" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # blue/green without CodeDeploy
    deployment_controller = "ECS"
    # a name without a namespace
    vpc_config = { subnets = ["subnet-a"], security_groups = ["sg-a"], service_discovery = true }
  }
  expect_failures = [var.vpc_config]
}

run "refuses_5" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # another metric
    autoscaling_policy = { cpu = { predefined_metric_type = "CPUUtilization", target_value = 75 } }
  }
  expect_failures = [var.autoscaling_policy]
}

run "refuses_6" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # requests per target with CodeDeploy
    autoscaling_policy = { requests = { predefined_metric_type = "ALBRequestCountPerTarget", target_value = 100, resource_label = "app/lb/1/targetgroup/web/1" } }
  }
  expect_failures = [var.autoscaling_policy]
}

run "refuses_7" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # a container that does not exist
    load_balancer_target = [{ target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef", container_name = "web", container_port = 80 }]
    # more than all of the CPU
    autoscaling_policy = { cpu = { predefined_metric_type = "ECSServiceAverageCPUUtilization", target_value = 101 } }
  }
  expect_failures = [var.load_balancer_target, var.autoscaling_policy]
}

run "refuses_8" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # a port that is not mapped
    load_balancer_target = [{ target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef", container_name = "container", container_port = 8080 }]
    # a negative cooldown
    autoscaling_policy = { cpu = { predefined_metric_type = "ECSServiceAverageCPUUtilization", target_value = 75, scale_in_cooldown = -1 } }
  }
  expect_failures = [var.load_balancer_target, var.autoscaling_policy]
}

run "refuses_9" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # a port of another container
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\"},{\"name\":\"sidecar\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}]}]"
  }
  expect_failures = [var.load_balancer_target]
}

run "refuses_10" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # a port within a range
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPortRange\":\"80-90\"}]}]"
  }
  expect_failures = [var.load_balancer_target]
}

run "refuses_11" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # a port that is mapped for UDP
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80,\"protocol\":\"udp\"}]}]"
  }
  expect_failures = [var.load_balancer_target]
}

run "refuses_12" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # CodeDeploy without a load balancer
    load_balancer_target = []
  }
  expect_failures = [var.load_balancer_target]
}

run "refuses_13" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # a negative grace period
    load_balancer_target = [{ target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef", container_name = "container", container_port = 80, health_check_grace_period_seconds = -1 }]
  }
  expect_failures = [var.load_balancer_target]
}

run "refuses_14" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    # requests of no target group
    deployment_controller = "ECS"
    autoscaling_policy    = { requests = { predefined_metric_type = "ALBRequestCountPerTarget", target_value = 100 } }
  }
  expect_failures = [var.autoscaling_policy]
}

run "a_mount_of_an_unknown_volume_is_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}],\"mountPoints\":[{\"sourceVolume\":\"dta\",\"containerPath\":\"/data\"}]}]"
    volumes               = { data = {} }
  }
  expect_failures = [var.volumes]
}

run "a_root_directory_beside_an_access_point_is_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    volumes = { data = { efs = { file_system_id = "fs-0a", access_point_id = "fsap-0a", root_directory = "/data" } } }
  }
  expect_failures = [var.volumes]
}

run "efs_on_an_old_platform_is_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    fargate_platform_version = "1.3.0"
    volumes                  = { data = { efs = { file_system_id = "fs-0a" } } }
  }
  expect_failures = [var.volumes]
}

run "a_volume_name_with_a_blank_is_refused" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    volumes = { "my data" = {} }
  }
  expect_failures = [var.volumes]
}

run "a_range_of_ports_beside_the_one_of_the_load_balancer" {
  command = plan
  module {
    source = "./inputs"
  }
  variables {
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPortRange\":\"8000-8005\"},{\"containerPort\":80}]}]"
  }

  assert {
    condition     = local.tcp_ports == { container = [["80"]] }
    error_message = jsonencode(local.tcp_ports)
  }
}
