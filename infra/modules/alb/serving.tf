# A test listener or a rule that is added later must forward where production does, or the next deployment fails with
# "Primary taskset target group must be behind listener". After an odd number of deployments, that is green. The resources do
# not tell: the provider leaves their target_group_arn empty once CodeDeploy has written weights. So these data sources read
# it: during the apply that creates the production listener, and during every later plan.

data "aws_lb_listener" "production" {
  count = var.allow_blue_green ? 1 : 0

  arn = aws_lb_listener.blue_green[0].arn
}

data "aws_lb_listener_rule" "production" {
  for_each = module.inputs.test_listener == null ? {} : aws_lb_listener_rule.blue_green

  arn = each.value.arn
}

locals {
  # Where production starts.
  initial_target_group_arns = {
    for name, app in module.inputs.applications : name => aws_lb_target_group.this["${name}/${app.initial_target_group}"].arn
  }

  default_forwards = flatten([for listener in data.aws_lb_listener.production : listener.default_action[*].forward[*].target_group])
  rule_forwards    = { for name, rule in data.aws_lb_listener_rule.production : name => flatten(rule.action[*].forward[*].target_group) }

  # Where the default action and each rule of the production listener send requests: to the target group with the most weight,
  # or to the only one, if there are no weights.
  serving_by_default = concat(
    [for group in local.default_forwards : group.arn if group.weight == max(0, local.default_forwards[*].weight...)],
    compact(flatten([for listener in data.aws_lb_listener.production : listener.default_action[*].target_group_arn])),
  )
  serving_by_rule = { for name, groups in local.rule_forwards : name => concat(
    [for group in groups : group.arn if group.weight == max(0, groups[*].weight...)],
    compact(aws_lb_listener_rule.blue_green[name].action[*].target_group_arn),
  ) }

  # Where each application is served from by default, if it is.
  serving = { for name in keys(module.inputs.applications) : name => [
    for arn in local.serving_by_default : arn
    if contains([for colour in local.colours : aws_lb_target_group.this["${name}/${colour}"].arn], arn)
  ] }
}
