output "arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn
}

output "name" {
  description = "Name of the load balancer."
  value       = aws_lb.this.name
}

output "dns_name" {
  description = "Name under which AWS publishes the load balancer; a CNAME or alias record points to it."
  value       = aws_lb.this.dns_name
}

output "zone_id" {
  description = "Hosted zone of `dns_name`, for an alias record."
  value       = aws_lb.this.zone_id
}

output "https_listener_arn" {
  description = "ARN of the production listener."
  value       = local.https_listener_arn
}

output "test_listener_arn" {
  description = "ARN of the test listener; null where there is none."
  value       = local.test_listener_arn
}

output "target_groups" {
  description = "By application: `blue` and `green`, each with `arn` and `name`. Blue is the one to create the ECS service with; green is null without blue/green. Known only once a listener forwards to them, as ECS demands."
  value = {
    for name in keys(var.applications) : name => {
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

  # ECS refuses a service whose target group no listener forwards to.
  depends_on = [aws_lb_listener.rolling, aws_lb_listener.blue_green, aws_lb_listener_rule.rolling, aws_lb_listener_rule.blue_green]
}

output "target_group_pairs" {
  description = "By application: `prod_route`, `test_route` and `target_groups`, ready for `load_balancer.target_group_pair` of the codedeploy module. Empty without blue/green."
  value = {
    for name in var.allow_blue_green ? keys(var.applications) : [] : name => {
      prod_route    = [local.https_listener_arn]
      test_route    = var.test_listener == null ? [] : [local.test_listener_arn]
      target_groups = [for colour in local.colours : aws_lb_target_group.this["${name}/${colour}"].name]
    }
  }
}

output "alarm_names" {
  description = "By application: the names of its alarms, for `alarms` of the codedeploy module. Empty lists without alarms."
  value = {
    for name in keys(var.applications) : name => [for alarm, facts in local.alarms : aws_cloudwatch_metric_alarm.this[alarm].alarm_name if facts.application == name]
  }
}

output "log_bucket_name" {
  description = "Bucket of the access logs."
  value       = aws_s3_bucket.logs.id
}
