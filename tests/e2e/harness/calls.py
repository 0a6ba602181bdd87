"""Makes calls with boto3. Each line of standard input is [environment, calls], each call a [service, operation,
parameters]; each line of standard output is what botocore made of the answers: the parsed members, or the error's HTTP
status, code and message (status 0 if there was no complete answer)."""

import functools
import json
import sys

import boto3
import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError, HTTPClientError

config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
# One session reads each model once; every caller has its own clients and keys.
session = boto3.Session(botocore_session=botocore.session.Session())


def answer(client, operation, parameters):
    try:
        answer = getattr(client, operation)(**parameters)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        return [status, error.response["Error"]["Code"], error.response["Error"].get("Message", "")]
    except HTTPClientError as error:
        return [0, type(error).__name__, str(error)]
    answer.pop("ResponseMetadata")
    if "Body" in answer:
        answer["Body"] = answer["Body"].read().decode()
    return answer


@functools.lru_cache(maxsize=16)
def client(service, endpoint, region, key, secret, token):
    return session.client(
        service,
        config=config,
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
    )


NAMES = ["ENDPOINT_URL", "REGION", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"]
for line in sys.stdin:
    environment, calls = json.loads(line)
    caller = [environment["AWS_" + name] for name in NAMES]
    results = [answer(client(service, *caller), operation, parameters) for service, operation, parameters in calls]
    print(json.dumps(results, default=str), flush=True)
