output "target_groups" {
  description = "Target groups: `blue` and `green`, each with `arn` and `name`. Create the ECS service with `blue`. Known only after the listener forwards to them, as ECS requires."
  value       = { for colour, group in aws_lb_target_group.this : colour => { arn = group.arn, name = group.name } }

  # ECS rejects a service whose target group is not associated with a listener.
  depends_on = [aws_lb_listener_rule.production]

  precondition {
    condition     = module.known_keys.unknown == ""
    error_message = module.known_keys.unknown
  }
}

output "target_group_pair" {
  description = "`prod_route`, `test_route` and `target_groups`, for `load_balancer.target_group_pair` of the codedeploy module."
  value = {
    prod_route    = [var.listener_arn]
    test_route    = var.test_listener[*].arn
    target_groups = [for colour in ["blue", "green"] : aws_lb_target_group.this[colour].name]
  }
}

output "rollback_alarm_names" {
  description = "Names of the alarms that a release causes: 5xx, connection errors and unhealthy targets. For `alarms` of the codedeploy module. Empty without alarms."
  value       = [for key, alarm in local.alarms : aws_cloudwatch_metric_alarm.this[key].alarm_name if !alarm.informs]
}

output "informing_alarm_names" {
  description = "Names of the alarms that clients cause: 4xx. They notify the topic and should not roll back a release. Empty without alarms."
  value       = [for key, alarm in local.alarms : aws_cloudwatch_metric_alarm.this[key].alarm_name if alarm.informs]
}

output "load_balancer" {
  description = "The load balancer: `dns_name` and `zone_id` for DNS records, `vpc_id`, and `security_groups`, from which the tasks receive requests."
  value = {
    dns_name        = data.aws_lb.shared.dns_name
    zone_id         = data.aws_lb.shared.zone_id
    vpc_id          = data.aws_lb.shared.vpc_id
    security_groups = data.aws_lb.shared.security_groups
  }
}
