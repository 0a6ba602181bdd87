locals {
  # In the order in which CodeDeploy runs them, which is also their order in the file.
  lifecycle_events = ["BeforeInstall", "AfterInstall", "AfterAllowTestTraffic", "BeforeAllowTraffic", "AfterAllowTraffic"]

  # Every string is double-quoted, as in JSON, because unquoted values such as `no` or `1:20` have different types in YAML
  # 1.1 and YAML 1.2.
  content = templatefile("${path.module}/appspec.yaml.tftpl", {
    task_definition  = jsonencode(var.task_definition_arn)
    container_name   = jsonencode(var.container_name)
    container_port   = var.container_port
    platform_version = [for version in var.platform_version[*] : jsonencode(version)]
    networks = [for network in module.inputs.network[*] : {
      subnets          = [for id in network.subnets : jsonencode(id)]
      security_groups  = [for id in network.security_groups : jsonencode(id)]
      assign_public_ip = jsonencode(network.assign_public_ip ? "ENABLED" : "DISABLED")
    }]
    capacity_provider_strategy = [for item in module.inputs.capacity_provider_strategy : {
      capacity_provider = jsonencode(item.capacity_provider)
      base              = item.base
      weight            = item.weight
    }]
    hooks = [for event in local.lifecycle_events : { event = event, function = jsonencode(var.hooks[event]) } if contains(keys(var.hooks), event)]
  })
}

# A new task definition creates a new version of the object under the same key.
resource "aws_s3_object" "this" {
  bucket                 = var.bucket
  key                    = var.key
  content                = local.content
  content_type           = "application/yaml"
  server_side_encryption = var.kms_key_arn == null ? null : "aws:kms"
  kms_key_id             = var.kms_key_arn
  bucket_key_enabled     = var.kms_key_arn == null ? null : true
  tags                   = var.context.all_tags
}
