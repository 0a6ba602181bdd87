resource "aws_appautoscaling_target" "this" {
  count = length(module.inputs.autoscaling_policy) > 0 ? 1 : 0

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster.name}/${local.service.name}"
  min_capacity       = module.inputs.autoscaling_capacity.min
  max_capacity       = module.inputs.autoscaling_capacity.max
  tags               = var.context.all_tags
}

resource "aws_appautoscaling_policy" "this" {
  for_each = module.inputs.autoscaling_policy

  name               = "${local.name}-${each.key}"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = each.value.target_value
    disable_scale_in   = each.value.disable_scale_in
    scale_in_cooldown  = each.value.scale_in_cooldown
    scale_out_cooldown = each.value.scale_out_cooldown

    predefined_metric_specification {
      predefined_metric_type = each.value.predefined_metric_type
      resource_label         = each.value.resource_label
    }
  }
}
