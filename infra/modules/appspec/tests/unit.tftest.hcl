# The two documents beside this file are what `codedeploy-artifact generate` writes for the same facts; the end-to-end
# tests compare it with them. So the AppSpec is the same, byte for byte, whoever renders it.

mock_provider "aws" {
  source = "../../mocks"
}

variables {
  context             = { all_tags = { product = "shop" } }
  bucket              = "artifacts"
  key                 = "appspec/web/appspec.yaml"
  task_definition_arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7"
  container_name      = "web"
  container_port      = 80
}

run "the_smallest_document" {
  command = plan

  assert {
    condition     = output.content == file("./tests/smallest.yaml")
    error_message = "Members that are not set must be omitted:\n${output.content}"
  }

  assert {
    condition     = yamldecode(output.content).Resources[0].TargetService.Properties.LoadBalancerInfo.ContainerPort == 80
    error_message = "CodeDeploy requires the port as a number."
  }

  assert {
    condition     = output.uri == "s3://artifacts/appspec/web/appspec.yaml" && output.revision.bundle_type == "YAML"
    error_message = "The revision must name the object."
  }

  assert {
    condition     = aws_s3_object.this.content_type == "application/yaml" && aws_s3_object.this.tags == tomap({ product = "shop" })
    error_message = "The object must have its content type and the tags."
  }
}

run "the_fullest_document" {
  command = plan

  variables {
    platform_version = "1.4.0"
    network = {
      subnets         = ["subnet-0aaaaaaaaaaaaaaaa", "subnet-0bbbbbbbbbbbbbbbb"]
      security_groups = ["sg-0cccccccccccccccc"]
    }
    capacity_provider_strategy = [
      { capacity_provider = "FARGATE_SPOT", base = 1, weight = 2 },
      { capacity_provider = "FARGATE", weight = 1 },
    ]
    hooks = {
      AfterAllowTraffic     = "arn:aws:lambda:eu-west-1:111122223333:function:smoke-test:live"
      BeforeInstall         = "warm-up"
      AfterAllowTestTraffic = "no"
    }
  }

  assert {
    condition     = output.content == file("./tests/fullest.yaml")
    error_message = "Every part must exist, with the hooks in the order of the lifecycle:\n${output.content}"
  }

  assert {
    condition     = yamldecode(output.content).Hooks[1].AfterAllowTestTraffic == "no"
    error_message = "A name that is a boolean in YAML 1.1 must stay a string."
  }
}

run "a_public_ip" {
  command = plan

  variables {
    network = { subnets = ["subnet-0aaaaaaaaaaaaaaaa"], security_groups = ["sg-0cccccccccccccccc"], assign_public_ip = true }
  }

  assert {
    condition     = yamldecode(output.content).Resources[0].TargetService.Properties.NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp == "ENABLED"
    error_message = "CodeDeploy requires ENABLED or DISABLED, not a boolean."
  }
}

run "a_customer_key" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  }

  assert {
    condition     = aws_s3_object.this.server_side_encryption == "aws:kms" && aws_s3_object.this.kms_key_id == var.kms_key_arn
    error_message = "The object must be encrypted with the given key."
  }
}
