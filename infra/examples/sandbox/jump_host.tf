# A small instance without open ports: AWS Systems Manager forwards a local port through it to the load balancer.

data "aws_partition" "current" {}

data "aws_ssm_parameter" "amazon_linux" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
}

resource "aws_iam_role" "jump_host" {
  name        = "${var.name}-jump-host-${var.region}"
  description = "Instance of ${var.name} that forwards ports to the private network"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "Instance"
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "jump_host" {
  role       = aws_iam_role.jump_host.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"
}

resource "aws_iam_instance_profile" "jump_host" {
  name = "${var.name}-jump-host-${var.region}"
  role = aws_iam_role.jump_host.name
}

resource "aws_security_group" "jump_host" {
  name        = "${var.name}-jump-host"
  description = "Only outgoing HTTPS: to Systems Manager and to the load balancer"
  vpc_id      = aws_vpc.this.id
  tags        = { Name = "${var.name}-jump-host" }
}

resource "aws_vpc_security_group_egress_rule" "jump_host" {
  security_group_id = aws_security_group.jump_host.id
  description       = "HTTPS to Systems Manager and the load balancer"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_instance" "jump_host" {
  #checkov:skip=CKV_AWS_126:Detailed monitoring of an idle instance has no use.
  ami                    = data.aws_ssm_parameter.amazon_linux.insecure_value
  instance_type          = "t4g.nano"
  subnet_id              = aws_subnet.private[local.zones[0]].id
  vpc_security_group_ids = [aws_security_group.jump_host.id]
  iam_instance_profile   = aws_iam_instance_profile.jump_host.name
  ebs_optimized          = true
  tags                   = { Name = "${var.name}-jump-host" }

  metadata_options {
    http_tokens = "required"
  }

  root_block_device {
    encrypted   = true
    volume_size = 8
  }

  lifecycle {
    # A newer image of Amazon Linux does not replace a running instance.
    ignore_changes = [ami]
  }

  depends_on = [aws_route.nat]
}
