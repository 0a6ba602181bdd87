"""Route 53: zones that are created with a VPC."""

from moto.route53.responses import Route53 as Response


def create_hosted_zone(original):
    """In AWS a zone with a VPC is private. moto reads that from a member which Terraform does not send."""

    def create(response):
        read = response._get_bool_param

        def with_vpc(name, *default):
            if name == "HostedZoneConfig.PrivateZone" and response._get_param("VPC.VPCId"):
                return True
            return read(name, *default)

        response._get_bool_param = with_vpc
        return original(response)

    return create


def install():
    Response.create_hosted_zone = create_hosted_zone(Response.create_hosted_zone)
