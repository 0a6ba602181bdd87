# A deployment that takes everything from the newest task definition also takes its image, which can be older than the image
# that runs: after `codedeploy-artifact generate --images`, for example, each apply that changes anything registers the old image
# again. Terraform does not deploy it, so this is a warning.

data "aws_ecs_task_definition" "running" {
  count = var.warn_on_image_change ? 1 : 0

  task_definition = local.service.task_definition
}

locals {
  images = { for name, definitions in {
    newest  = var.container_definitions
    running = try(data.aws_ecs_task_definition.running[0].container_definitions, "[]")
  } : name => { for container in try(jsondecode(definitions), []) : container.name => container.image } }

  changed_images = [
    for container, image in local.images.running : "${container}: ${image} -> ${local.images.newest[container]}"
    if image != try(local.images.newest[container], image)
  ]
}

check "images" {
  assert {
    condition     = length(local.changed_images) == 0
    error_message = "The next deployment of ${local.name}:${aws_ecs_task_definition.this.revision} changes the image that runs now: ${join(", ", local.changed_images)}. To keep it, set the image in container_definitions, or pass it to the deployment (images of the function, --images of codedeploy-artifact generate)."
  }
}
