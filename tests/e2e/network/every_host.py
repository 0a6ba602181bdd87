"""Where boto3 sends calls of the services that have no SDK crate here: one line of standard input, and one of standard output
with the rows `SERVICE REGION VARIANT HOST SIGNING_REGION` for the first and last Region of each partition, sorted. The host is `-`
where botocore knows of no such endpoint."""

import json
import sys
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError

# The name of botocore, the name of AWS_ENDPOINT_URL_NAME, and a call without arguments that matter.
SERVICES = [
    ("application-autoscaling", "describe_scalable_targets", {"ServiceNamespace": "ecs"}),
    ("cloudwatch", "describe_alarms", {}),
    ("codedeploy", "list_applications", {}),
    ("ec2", "describe_subnets", {}),
    ("ecr", "describe_repositories", {}),
    ("elbv2", "describe_target_groups", {}),
    ("iam", "list_roles", {}),
    ("lambda", "list_functions", {}),
    ("logs", "describe_log_groups", {}),
    ("secretsmanager", "list_secrets", {}),
    ("service-quotas", "list_services", {}),
    ("sns", "list_topics", {}),
    ("ssm", "describe_parameters", {}),
]
VARIANTS = [("plain", False, False), ("fips", True, False), ("dual", False, True), ("fips+dual", True, True)]
session = boto3.Session("key", "secret", botocore_session=botocore.session.Session())


class Sent(Exception):
    pass


def stop(request, **_):
    scope = request.headers["Authorization"].decode().split("Credential=")[1].split("/")[2]
    raise Sent(f"{urlsplit(request.url).hostname} {scope}")


def host(service, region, fips, dual, operation, parameters):
    config = Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual)
    try:
        client = session.client(service, region_name=region, config=config)
        client.meta.events.register("before-send", stop)
        getattr(client, operation)(**parameters)
    except Sent as sent:
        return str(sent)
    except BotoCoreError:
        return "-"


def regions():
    data = botocore.session.Session().get_component("data_loader").load_data("partitions")
    for partition in data["partitions"]:
        names = sorted(name for name in partition["regions"] if "global" not in name)
        yield from dict.fromkeys([names[0], names[-1]])


def table():
    for service, operation, parameters in SERVICES:
        model = session._session.get_service_model(service)
        name = str(model.service_id)
        for region in regions():
            for variant, fips, dual in VARIANTS:
                yield f"{name}\t{region}\t{variant}\t{host(service, region, fips, dual, operation, parameters)}"


for line in sys.stdin:
    print(json.dumps(sorted(table())), flush=True)
