# The private hosted zone, and the certificate that the README creates with openssl.

resource "aws_route53_zone" "private" {
  #checkov:skip=CKV2_AWS_38:DNSSEC signing is not supported for private hosted zones.
  #checkov:skip=CKV2_AWS_39:Query logging is not supported for private hosted zones.
  name    = var.private_domain
  comment = "Private zone of ${var.name}"

  vpc {
    vpc_id = aws_vpc.this.id
  }

  # Records of the examples are not in this state.
  force_destroy = true
}

# The private key is stored in the Terraform state, which is acceptable only for a sandbox.
resource "aws_acm_certificate" "wildcard" {
  certificate_body  = file("${path.module}/tls/certificate.pem")
  certificate_chain = file("${path.module}/tls/ca.pem")
  private_key       = file("${path.module}/tls/certificate.key")
  tags              = { Name = "*.${var.private_domain}" }

  lifecycle {
    create_before_destroy = true
  }
}
