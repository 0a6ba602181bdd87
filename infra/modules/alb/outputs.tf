output "arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn

  precondition {
    condition     = module.known_keys.unknown == ""
    error_message = module.known_keys.unknown
  }
}

output "name" {
  description = "Name of the load balancer."
  value       = aws_lb.this.name
}

output "dns_name" {
  description = "DNS name of the load balancer, the target for a CNAME or alias record."
  value       = aws_lb.this.dns_name
}

output "zone_id" {
  description = "Hosted zone ID of `dns_name`, for alias records."
  value       = aws_lb.this.zone_id
}

output "https_listener_arn" {
  description = "ARN of the production listener."
  value       = local.https_listener_arn
}

output "test_listener_arn" {
  description = "ARN of the test listener, or null if there is none."
  value       = local.test_listener_arn
}

output "target_groups" {
  description = "Target groups by application: `blue` and `green`, each with `arn` and `name`. Create the ECS service with `blue`; `green` is null without blue/green. Known only after a listener forwards to them, as ECS requires."
  value = {
    for name in keys(module.inputs.applications) : name => {
      blue = {
        arn  = aws_lb_target_group.this["${name}/blue"].arn
        name = aws_lb_target_group.this["${name}/blue"].name
      }
      green = var.allow_blue_green ? {
        arn  = aws_lb_target_group.this["${name}/green"].arn
        name = aws_lb_target_group.this["${name}/green"].name
      } : null
    }
  }

  # ECS rejects a service whose target group is not associated with a listener.
  depends_on = [aws_lb_listener.rolling, aws_lb_listener.blue_green, aws_lb_listener_rule.rolling, aws_lb_listener_rule.blue_green]
}

output "target_group_pairs" {
  description = "Target group pairs by application: `prod_route`, `test_route` and `target_groups`, for `load_balancer.target_group_pair` of the codedeploy module. Empty without blue/green."
  value = {
    for name in var.allow_blue_green ? keys(module.inputs.applications) : [] : name => {
      prod_route    = [local.https_listener_arn]
      test_route    = module.inputs.test_listener == null ? [] : [local.test_listener_arn]
      target_groups = [for colour in local.colours : aws_lb_target_group.this["${name}/${colour}"].name]
    }
  }
}

output "rollback_alarm_names" {
  description = "Names by application of the alarms that a release causes: 5xx, connection errors and unhealthy targets of both target groups, and 502, 503 and 504 of the load balancer. For `alarms` of the codedeploy module. Empty without alarms."
  value = {
    for name in keys(module.inputs.applications) : name => concat(
      [for alarm, facts in local.alarms : aws_cloudwatch_metric_alarm.this[alarm].alarm_name if facts.application == name && facts.rollback],
      values(aws_cloudwatch_metric_alarm.load_balancer)[*].alarm_name,
    )
  }
}

output "informing_alarm_names" {
  description = "Names by application of the alarms that clients cause: 4xx of both target groups. They notify the topic and should not roll back a release. Empty without alarms."
  value = {
    for name in keys(module.inputs.applications) : name => [for alarm, facts in local.alarms : aws_cloudwatch_metric_alarm.this[alarm].alarm_name if facts.application == name && !facts.rollback]
  }
}

output "log_bucket_name" {
  description = "Name of the access log bucket."
  value       = aws_s3_bucket.logs.id
}
