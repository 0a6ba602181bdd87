"""Registers the task definition from standard input, as DescribeTaskDefinition returned it, and prints what ECS made of it."""

import json
import sys

import boto3
from botocore.config import Config

ecs = boto3.client("ecs", config=Config(retries={"total_max_attempts": 1}))
accepted = ecs.meta.service_model.operation_model("RegisterTaskDefinition").input_shape.members
asked = {name: value for name, value in json.load(sys.stdin).items() if name in accepted}
print(json.dumps(ecs.register_task_definition(**asked)["taskDefinition"], default=str))
