"""Validates input of RegisterTaskDefinition as the AWS CLI and boto3 do before they send it. Each line of standard input lists
task definitions; each line of standard output has the report for each of them, empty if it may be sent."""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator

shape = botocore.session.Session().get_service_model("ecs").operation_model("RegisterTaskDefinition").input_shape
for line in sys.stdin:
    print(json.dumps([ParamValidator().validate(it, shape).generate_report() for it in json.loads(line)]), flush=True)
