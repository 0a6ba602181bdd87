output "minimal_app" {
  description = "Variables of minimal-app, as the content of its terraform.tfvars."
  value       = <<-TEXT
    region           = "${var.region}"
    app_id           = "${var.name}"
    chargeback_id    = "${var.name}"
    vpc_name         = "${aws_vpc.this.tags.Name}"
    private_domain   = "${aws_route53_zone.private.name}"
    artifacts_bucket = "${aws_s3_bucket.source.bucket}"
  TEXT
}

output "artifacts_bucket" {
  description = "Name of the bucket to which source.zip is uploaded."
  value       = aws_s3_bucket.source.bucket
}

output "jump_host_id" {
  description = "ID of the instance for `aws ssm start-session --target ID`."
  value       = aws_instance.jump_host.id
}

output "certificate_arn" {
  description = "ARN of the imported certificate for *.DOMAIN."
  value       = aws_acm_certificate.wildcard.arn
}
