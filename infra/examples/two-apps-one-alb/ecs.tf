# One cluster with service discovery (http://api.PREFIX.local).
module "ecs_cluster" {
  source = "../../modules/ecs-cluster"

  context           = module.context.config
  name              = "apps"
  service_discovery = { namespace = "${module.context.prefix}.local", vpc_id = data.aws_vpc.vpc.id }
}

module "tasks_sg" {
  source = "../../modules/security-group"

  context     = module.context.config
  name        = "tasks"
  description = "The tasks of all applications"
  vpc_id      = data.aws_vpc.vpc.id
  rules = concat(
    [
      for port in local.ports : {
        type                     = "ingress"
        description              = "HTTP from the load balancer"
        protocol                 = "tcp"
        from_port                = port
        to_port                  = port
        source_security_group_id = module.alb_sg.id
      }
    ],
    flatten([
      for port in local.ports : [
        for type in ["ingress", "egress"] : {
          type                     = type
          description              = "HTTP among the applications"
          protocol                 = "tcp"
          from_port                = port
          to_port                  = port
          source_security_group_id = module.tasks_sg.id
        }
      ]
    ]),
    [{
      type        = "egress"
      description = "HTTPS to registries and to AWS"
      protocol    = "tcp"
      from_port   = 443
      to_port     = 443
      cidr_blocks = ["0.0.0.0/0"]
    }],
  )
}

module "ecs_service" {
  source   = "../../modules/ecs-service"
  for_each = var.apps

  context          = module.context.config
  name             = each.key
  cluster          = module.ecs_cluster.config
  allow_blue_green = true
  desired_count    = each.value.desired_count

  # The commands in the output `deploy` take the image from here.
  warn_on_image_change = true

  container_definitions = templatefile("${path.module}/template/container-definitions.json", {
    AWS_REGION     = local.region
    CONTAINER_NAME = each.key
    CONTAINER_PORT = each.value.port
    IMAGE          = each.value.image
    LOG_GROUP_NAME = module.ecs_cluster.runtime_log_group_name
  })
  load_balancer_target = [{
    target_group_arn = module.alb.target_groups[each.key].blue.arn
    container_name   = each.key
    container_port   = each.value.port
  }]
  vpc_config = {
    subnets           = data.aws_subnets.private.ids
    security_groups   = [module.tasks_sg.id]
    service_discovery = true
  }
}
