"""The same job with boto3: the task definition of ECS, both files, a zip in S3, the result for CodePipeline.

The loop at the end stands for the runtime that Lambda brings, which does more.
"""

import http.client
import io
import json
import os
import zipfile

import boto3

REMOVED = {
    "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt", "registeredBy",
    "deregisteredAt", "deleteRequestedAt",
}  # fmt: skip

session = boto3.session.Session()
ecs = session.client("ecs")
codepipeline = session.client("codepipeline")


def handle(event):
    job = event["CodePipeline.job"]
    data = job["data"]
    parameters = json.loads(data["actionConfiguration"]["configuration"]["UserParameters"])
    described = ecs.describe_task_definition(taskDefinition=parameters["task_definition"], include=["TAGS"])
    definition = described["taskDefinition"]
    arn = definition["taskDefinitionArn"]
    container = next(item for item in definition["containerDefinitions"] if item["portMappings"])
    kept = {name: value for name, value in definition.items() if name not in REMOVED}
    if described.get("tags"):
        kept["tags"] = described["tags"]
    appspec = f"""version: 0.0
Resources:
  - TargetService:
      Type: AWS::ECS::Service
      Properties:
        TaskDefinition: <TASK_DEFINITION>
        LoadBalancerInfo:
          ContainerName: "{container["name"]}"
          ContainerPort: {container["portMappings"][0]["containerPort"]}
"""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("appspec.yml", appspec)
        archive.writestr("taskdef.json", json.dumps(kept, indent=2))
    keys = data["artifactCredentials"]
    s3 = session.client(
        "s3",
        aws_access_key_id=keys["accessKeyId"],
        aws_secret_access_key=keys["secretAccessKey"],
        aws_session_token=keys["sessionToken"],
    )
    place = data["outputArtifacts"][0]["location"]["s3Location"]
    s3.put_object(
        Bucket=place["bucketName"], Key=place["objectKey"], Body=packed.getvalue(), ServerSideEncryption="aws:kms"
    )
    codepipeline.put_job_success_result(jobId=job["id"], outputVariables={"task_definition_arn": arn})


def serve():
    lambda_api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
    path = "/2018-06-01/runtime/invocation/"
    while True:
        lambda_api.request("GET", path + "next")
        answer = lambda_api.getresponse()
        event = json.loads(answer.read())
        request = answer.getheader("lambda-runtime-aws-request-id")
        handle(event)
        lambda_api.request("POST", path + request + "/response", body="null")
        lambda_api.getresponse().read()


serve()
