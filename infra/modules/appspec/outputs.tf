output "content" {
  description = "Content of the AppSpec file, exactly as stored in S3."
  value       = local.content
}

output "revision" {
  description = "S3 location of the AppSpec for `create-deployment`: `bucket`, `key`, `bundle_type`, `version_id` (null if the bucket is not versioned) and `etag`."
  value = {
    bucket      = aws_s3_object.this.bucket
    key         = aws_s3_object.this.key
    bundle_type = "YAML"
    version_id  = aws_s3_object.this.version_id
    etag        = aws_s3_object.this.etag
  }
}

output "uri" {
  description = "S3 URI (`s3://BUCKET/KEY`) for `codedeploy-artifact deploy --revision`."
  value       = "s3://${aws_s3_object.this.bucket}/${aws_s3_object.this.key}"

  precondition {
    condition     = module.known_keys.unknown == ""
    error_message = module.known_keys.unknown
  }
}
