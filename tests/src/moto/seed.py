"""What the examples under `infra/` look up and do not make: a network, certificates and a zone, here and in a workload
account, and here a source bucket and an image repository.

It is what a team has before it follows the guide. Run by `serve.py --seed REGION` and by the tests.
"""

import io
import json
import sys
import zipfile

import boto3
from botocore.config import Config

VPC = "selected-vpc"
DOMAIN = "dev.example.internal"
SOURCE_BUCKET = "example-source"
SOURCE_KEY = "source.zip"
WORKLOAD = "222222222222"
REPOSITORY = "example/web"
IMAGE_TAG = "stable"


def clients(endpoint, region, account=None):
    """Returns a function that creates clients for the account of moto's default keys, or for another one."""
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
    # The first calls wait until moto has read the policies of AWS.
    config = Config(read_timeout=300, retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
    common = {"endpoint_url": endpoint, "region_name": region, "config": config}
    if account:
        role = f"arn:aws:iam::{account}:role/seed"
        given = boto3.client("sts", **common, **keys).assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
        keys = {"aws_access_key_id": given["AccessKeyId"], "aws_secret_access_key": given["SecretAccessKey"]}
        keys["aws_session_token"] = given["SessionToken"]
    return lambda service: boto3.client(service, **common, **keys)


def add(endpoint, region):
    """Adds everything once and returns the ids by name."""
    surroundings(clients(endpoint, region, WORKLOAD), region)
    client = clients(endpoint, region)
    made = surroundings(client, region)
    s3 = client("s3")
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=SOURCE_BUCKET, **place)
    s3.put_bucket_versioning(Bucket=SOURCE_BUCKET, VersioningConfiguration={"Status": "Enabled"})
    repository = client("ecr").create_repository(repositoryName=REPOSITORY)["repository"]["repositoryUri"]
    kind = "application/vnd.oci.image.manifest.v1+json"
    manifest = {"schemaVersion": 2, "mediaType": kind, "config": {"digest": "sha256:" + "0" * 64}, "layers": []}
    client("ecr").put_image(repositoryName=REPOSITORY, imageManifest=json.dumps(manifest), imageTag=IMAGE_TAG)
    s3.put_object(Bucket=SOURCE_BUCKET, Key=SOURCE_KEY, Body=source(f"{repository}:build-7"))
    names = {"vpc_name": VPC, "domain": DOMAIN, "source_bucket": SOURCE_BUCKET, "source_key": SOURCE_KEY}
    images = {"repository": REPOSITORY, "repository_url": repository, "image_tag": IMAGE_TAG}
    return made | names | images | {"workload_account": WORKLOAD}


def source(image):
    """The source of a pipeline: a zip that names the image, with a Dockerfile for a pipeline that builds its own."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("imageDetail.json", json.dumps({"ImageURI": image}))
        archive.writestr("Dockerfile", "FROM public.ecr.aws/nginx/nginx:1.28\n")
    return body.getvalue()


def surroundings(client, region):
    """A network, a private zone, and a certificate for its name and one for all names below it."""
    made = network(client("ec2"), region)
    for name in (DOMAIN, f"*.{DOMAIN}"):
        client("acm").request_certificate(DomainName=name, ValidationMethod="DNS")
    # Terraform finds a certificate by its first name only, and the guide searches for the wildcard.
    client("acm").request_certificate(DomainName=f"*.{DOMAIN}", ValidationMethod="DNS")
    zone = client("route53").create_hosted_zone(
        Name=DOMAIN,
        CallerReference="seed",
        HostedZoneConfig={"PrivateZone": True},
        VPC={"VPCRegion": region, "VPCId": made["vpc_id"]},
    )
    return made | {"zone_id": zone["HostedZone"]["Id"].rsplit("/", 1)[-1]}


def network(ec2, region):
    """One VPC with two private and two public subnets, tagged as the guide expects."""
    vpc = ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
    ec2.create_tags(Resources=[vpc], Tags=[{"Key": "Name", "Value": VPC}])
    made = {"vpc_id": vpc, "private": [], "public": []}
    for tier, first in (("private", 0), ("public", 128)):
        for index, zone in enumerate("ab"):
            block = f"10.20.{first + index}.0/24"
            subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=block, AvailabilityZone=region + zone)["Subnet"]["SubnetId"]
            tags = [{"Key": "Name", "Value": f"{VPC}-{tier}-{zone}"}, {"Key": "Tier", "Value": tier}]
            ec2.create_tags(Resources=[subnet], Tags=tags)
            made[tier].append(subnet)
    return made


if __name__ == "__main__":
    print(json.dumps(add(sys.argv[1], sys.argv[2])))
