# The TCP ports that each container maps, by container name. Port ranges are left out, because a load balancer cannot use
# them. Invalid definitions have none; the validation of container_definitions reports them.
locals {
  tcp_ports = try({
    for container in jsondecode(var.container_definitions) : container.name => [
      for mapping in try(container.portMappings, []) : tostring(mapping.containerPort)
      if can(mapping.containerPort) && try(mapping.protocol, "tcp") == "tcp"
    ]...
  }, {})
}

# The volumes that containers mount. Invalid definitions mount none, as above.
locals {
  mounted_volumes = try(toset(flatten([
    for container in jsondecode(var.container_definitions) : try(container.mountPoints[*].sourceVolume, [])
  ])), [])
}
