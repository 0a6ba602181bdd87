# The request, which CodePipeline passes to the function as UserParameters: one JSON object of at most 1000 characters.

variable "user_parameters" {
  description = <<-TEXT
    The request, with the parameters documented in the repository's README except `output_artifact`. Keys that are not set
    are not sent. Files are `ARTIFACT::PATH`, with an artifact from `input_artifacts`. If the request exceeds 1000
    characters, move keys to a file and set `config`. Keep `region` here (also the Region of a task definition ARN in the
    file), because the role is limited to one Region, and keep `service` here, because otherwise the role can describe every
    service in the Region. `external_id` can be a sensitive value; it is sensitive in every output.
  TEXT
  type        = any
  nullable    = false
}

locals {
  # Nulls are removed from nested objects as well, so that unset keys do not count toward the limit.
  strategy = try([
    for item in module.inputs.user_parameters.capacity_provider_strategy : { for key, value in item : key => value if value != null }
  ], null)
  network = try({ for key, value in module.inputs.user_parameters.network : key => value if value != null }, null)

  user_parameters = jsonencode({
    for key, value in merge(module.inputs.user_parameters, { capacity_provider_strategy = local.strategy, network = local.network }) :
    key => value if value != null
  })
}
