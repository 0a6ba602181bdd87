"""Where boto3 sends calls. Each line of standard input is [region, FIPS, dual-stack]; each line of standard output maps
services to the host of a call, or to nothing where botocore's rules have no such endpoint."""

import json
import sys
from urllib.parse import urlsplit

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError

CALLS = {
    "codedeploy": ("list_applications", {}),
    "codepipeline": ("list_pipelines", {}),
    "cloudwatch": ("describe_alarms", {}),
    "ecs": ("list_clusters", {}),
    "elbv2": ("describe_target_groups", {}),
    "s3": ("get_object", {"Bucket": "artifacts", "Key": "out"}),
    "sts": ("get_caller_identity", {}),
}
session = boto3.Session("key", "secret", botocore_session=botocore.session.Session())


class Sent(Exception):
    pass


def stop(request, **_):
    raise Sent(urlsplit(request.url).hostname)


def host(service, region, fips, dual):
    operation, parameters = CALLS[service]
    config = Config(use_fips_endpoint=fips, use_dualstack_endpoint=dual)
    try:
        client = session.client(service, region_name=region, config=config)
        client.meta.events.register("before-send", stop)
        getattr(client, operation)(**parameters)
    except Sent as sent:
        return str(sent)
    except BotoCoreError:
        return None


for line in sys.stdin:
    print(json.dumps({service: host(service, *json.loads(line)) for service in CALLS}), flush=True)
