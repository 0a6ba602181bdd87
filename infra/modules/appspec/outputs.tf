output "content" {
  description = "The AppSpec, byte for byte as it is in S3."
  value       = local.content
}

output "revision" {
  description = "What `create-deployment` needs to name this AppSpec: `bucket`, `key`, `bundle_type`, `version_id` (null in a bucket without versions) and `etag`."
  value = {
    bucket      = aws_s3_object.this.bucket
    key         = aws_s3_object.this.key
    bundle_type = "YAML"
    version_id  = aws_s3_object.this.version_id
    etag        = aws_s3_object.this.etag
  }
}

output "uri" {
  description = "`s3://BUCKET/KEY`, as `codedeploy-artifact deploy --revision` takes it."
  value       = "s3://${aws_s3_object.this.bucket}/${aws_s3_object.this.key}"
}
