# What a company adds to a service: a shell, volumes, the settings of its IAM roles.
mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context = {
    prefix   = "shop-dev"
    all_tags = {}
    iam      = { path = "/teams/shop/", permissions_boundary_arn = "arn:aws:iam::111111111111:policy/boundary" }
  }
  name = "web"
  cluster = {
    arn                = "arn:aws:ecs:eu-west-1:111111111111:cluster/shop-dev-apps"
    name               = "shop-dev-apps"
    execution_role_arn = "arn:aws:iam::111111111111:role/shop-dev-apps-execution"
  }
  container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}]}]"
  load_balancer_target = [{
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/web/0123456789abcdef"
    container_name   = "container"
    container_port   = 80
  }]
  vpc_config = { subnets = ["subnet-a"], security_groups = ["sg-a"] }
}

run "nothing_of_it_by_default" {
  command = plan

  assert {
    condition     = !aws_ecs_service.code_deploy[0].enable_execute_command && aws_ecs_service.code_deploy[0].availability_zone_rebalancing == "DISABLED"
    error_message = "execute command or rebalancing is enabled"
  }
  assert {
    condition     = length(aws_ecs_task_definition.this.volume) == 0
    error_message = jsonencode(aws_ecs_task_definition.this.volume)
  }
  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement.Sid] == ["AskWhoIAm"]
    error_message = aws_iam_role_policy.task.policy
  }
}

run "the_task_role_has_the_settings_of_the_context_and_the_region_in_its_name" {
  command = plan

  assert {
    condition = (
      aws_iam_role.task.name == "shop-dev-web-task-eu-west-1" && aws_iam_role.task.path == "/teams/shop/" &&
      aws_iam_role.task.permissions_boundary == "arn:aws:iam::111111111111:policy/boundary"
    )
    error_message = jsonencode([aws_iam_role.task.name, aws_iam_role.task.path, aws_iam_role.task.permissions_boundary])
  }
}

run "a_shell_and_rebalancing" {
  command = plan
  variables {
    enable_execute_command        = true
    availability_zone_rebalancing = true
  }

  assert {
    condition     = aws_ecs_service.code_deploy[0].enable_execute_command && aws_ecs_service.code_deploy[0].availability_zone_rebalancing == "ENABLED"
    error_message = "execute command or rebalancing is disabled"
  }
  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement.Action if statement.Sid == "ExecuteCommand"] == [[
      "ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel",
    ]]
    error_message = aws_iam_role_policy.task.policy
  }
}

run "efs_and_shared_temporary_storage" {
  command = plan
  variables {
    container_definitions = "[{\"name\":\"container\",\"image\":\"nginx:1\",\"portMappings\":[{\"containerPort\":80}],\"mountPoints\":[{\"sourceVolume\":\"data\",\"containerPath\":\"/data\"},{\"sourceVolume\":\"scratch\",\"containerPath\":\"/tmp\"}]}]"
    volumes = {
      data    = { efs = { file_system_id = "fs-0a", access_point_id = "fsap-0a" } }
      media   = { efs = { file_system_id = "fs-0b", root_directory = "/media", read_only = true } }
      old     = { efs = { file_system_id = "fs-0c", iam = false } }
      scratch = {}
    }
  }

  assert {
    condition = { for volume in aws_ecs_task_definition.this.volume : volume.name => [
      for efs in volume.efs_volume_configuration : [efs.file_system_id, efs.root_directory, efs.transit_encryption, efs.authorization_config[0].iam]
      ] } == {
      data    = [["fs-0a", "/", "ENABLED", "ENABLED"]]
      media   = [["fs-0b", "/media", "ENABLED", "ENABLED"]]
      old     = [["fs-0c", "/", "ENABLED", "DISABLED"]]
      scratch = []
    }
    error_message = jsonencode(aws_ecs_task_definition.this.volume)
  }
  assert {
    condition = jsonencode([for statement in jsondecode(aws_iam_role_policy.task.policy).Statement : statement if startswith(statement.Sid, "MountVolume")]) == jsonencode([
      {
        Sid       = "MountVolume1"
        Effect    = "Allow"
        Action    = ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"]
        Resource  = "arn:aws:elasticfilesystem:eu-west-1:111111111111:file-system/fs-0a"
        Condition = { StringEquals = { "elasticfilesystem:AccessPointArn" = "arn:aws:elasticfilesystem:eu-west-1:111111111111:access-point/fsap-0a" } }
      },
      {
        Sid      = "MountVolume2"
        Effect   = "Allow"
        Action   = ["elasticfilesystem:ClientMount"]
        Resource = "arn:aws:elasticfilesystem:eu-west-1:111111111111:file-system/fs-0b"
      },
    ])
    error_message = aws_iam_role_policy.task.policy
  }
}
