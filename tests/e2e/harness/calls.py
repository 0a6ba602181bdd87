"""Makes the calls that standard input lists, each as [service, operation, parameters], and prints what botocore made
of the answers: the parsed members, or the error's HTTP status, code and message."""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
clients = {}
results = []
for service, operation, parameters in json.load(sys.stdin):
    client = clients.get(service) or clients.setdefault(service, boto3.client(service, config=config))
    try:
        answer = getattr(client, operation)(**parameters)
        answer.pop("ResponseMetadata")
        if "Body" in answer:
            answer["Body"] = answer["Body"].read().decode()
        results.append(answer)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        results.append([status, error.response["Error"]["Code"], error.response["Error"].get("Message", "")])
json.dump(results, sys.stdout, default=str)
