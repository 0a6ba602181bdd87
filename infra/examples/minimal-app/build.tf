# With `build_image`, the source has a Dockerfile instead of imageDetail.json, and the pipeline builds and pushes the image.
module "codebuild_image" {
  source = "../../modules/codebuild-image"
  count  = var.build_image ? 1 : 0

  context          = module.context.config
  name             = "${var.app_name}-image"
  repository_arn   = aws_ecr_repository.app[0].arn
  artifact_key_arn = module.pipeline.artifact_bucket.key_arn
}

resource "aws_ecr_repository" "app" {
  count = var.build_image ? 1 : 0

  name                 = "${module.context.prefix}/${var.app_name}"
  image_tag_mutability = "IMMUTABLE"
  # So that `terraform destroy` removes everything. Not for production.
  force_delete = true
  tags         = module.context.all_tags

  encryption_configuration {
    encryption_type = "KMS"
  }

  image_scanning_configuration {
    scan_on_push = true
  }
}

locals {
  image_artifact = var.build_image ? "build_artifact" : "source_artifact"
}
