"""Simulates CodePipeline: reads the pipeline that Terraform created and runs the actions of AWS, each as the role
of its action.

Reads {"pipeline": NAME, "do": "source"} or {"pipeline": NAME, "do": "deploy", "artifacts": {NAME: KEY}} from standard
input. `source` prints the pipeline, its store and the keys of the artifacts so far. `deploy` does with the artifact
what CodeDeployToECS is documented to do, and prints what came of it.
"""

import io
import json
import sys
import uuid
import zipfile

import boto3
from botocore.config import Config

ONCE = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
asked = json.load(sys.stdin)
pipeline = boto3.client("codepipeline", config=ONCE).get_pipeline(name=asked["pipeline"])["pipeline"]
store = pipeline["artifactStore"]
actions = [action for stage in pipeline["stages"] for action in stage["actions"]]
sts = boto3.client("sts", config=ONCE)


def session(role, keys=None, name="codepipeline"):
    """Keys of a session of the role, requested with these keys."""
    by = boto3.client("sts", config=ONCE, **keys) if keys else sts
    given = by.assume_role(RoleArn=role, RoleSessionName=name)["Credentials"]
    return {
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def client(service, action):
    """The session of the action's role, assumed by the role of the pipeline, or of the pipeline's role itself."""
    pipelines = session(pipeline["roleArn"])
    role = action.get("roleArn")
    return boto3.client(service, config=ONCE, **(session(role, pipelines, uuid.uuid4().hex) if role else pipelines))


def only(provider):
    [action] = [action for action in actions if action["actionTypeId"]["provider"] == provider]
    return action


def put(s3, artifact, body):
    """Keys are shortened as CodePipeline shortens them."""
    key = f"{pipeline['name'][:20]}/{artifact[:10]}/{uuid.uuid4().hex[:7]}"
    kms = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": store["encryptionKey"]["id"]}
    s3.put_object(Bucket=store["location"], Key=key, Body=body, **kms)
    return key


def zipped(files):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return body.getvalue()


def source():
    action = actions[0]
    configuration, provider = action["configuration"], action["actionTypeId"]["provider"]
    [artifact] = [output["name"] for output in action["outputArtifacts"]]
    s3 = client("s3", action)
    if provider == "S3":
        s3.get_bucket_versioning(Bucket=configuration["S3Bucket"])
        wanted = {"Bucket": configuration["S3Bucket"], "Key": configuration["S3ObjectKey"]}
        version = s3.head_object(**wanted)["VersionId"]
        body = s3.get_object(**wanted, VersionId=version)["Body"].read()
    else:
        name, tag = configuration["RepositoryName"], configuration.get("ImageTag", "latest")
        ecr = client("ecr", action)
        image = ecr.describe_images(repositoryName=name, imageIds=[{"imageTag": tag}])["imageDetails"][0]
        uri = f"{image['registryId']}.dkr.ecr.{ecr.meta.region_name}.amazonaws.com/{name}@{image['imageDigest']}"
        body = zipped({"imageDetail.json": json.dumps({"ImageURI": uri})})
    return {"pipeline": pipeline, "actions": actions, "artifacts": {artifact: put(s3, artifact, body)}}


def deploy():
    action = only("CodeDeployToECS")
    configuration, s3 = action["configuration"], client("s3", action)
    names = [given["name"] for given in action["inputArtifacts"]]
    given = {name: s3.get_object(Bucket=store["location"], Key=asked["artifacts"][name]) for name in names}
    archives = {name: zipfile.ZipFile(io.BytesIO(answer["Body"].read())) for name, answer in given.items()}

    def file(artifact, path):
        return archives[configuration[artifact]].read(configuration[path]).decode()

    taskdef = file("TaskDefinitionTemplateArtifact", "TaskDefinitionTemplatePath")
    appspec = file("AppSpecTemplateArtifact", "AppSpecTemplatePath")
    for number in range(1, 5):
        if artifact := configuration.get(f"Image{number}ArtifactName"):
            image = json.loads(archives[artifact].read("imageDetail.json"))["ImageURI"]
            placeholder = configuration[f"Image{number}ContainerName"]
            assert f"<{placeholder}>" in taskdef, f"taskdef.json has no <{placeholder}>"
            taskdef = taskdef.replace(f"<{placeholder}>", image)
    assert "<" not in taskdef, f"a placeholder is left in taskdef.json: {taskdef}"
    registered = client("ecs", action).register_task_definition(**json.loads(taskdef))["taskDefinition"]
    assert appspec.count("<TASK_DEFINITION>") == 1, appspec
    appspec = appspec.replace("<TASK_DEFINITION>", registered["taskDefinitionArn"])

    codedeploy = client("codedeploy", action)
    application, group = configuration["ApplicationName"], configuration["DeploymentGroupName"]
    revision = {"revisionType": "AppSpecContent", "appSpecContent": {"content": appspec}}
    codedeploy.get_application(applicationName=application)
    codedeploy.register_application_revision(applicationName=application, revision=revision)
    codedeploy.get_application_revision(applicationName=application, revision=revision)
    created = codedeploy.create_deployment(
        applicationName=application, deploymentGroupName=group, revision=revision
    )["deploymentId"]
    seen = codedeploy.get_deployment(deploymentId=created)["deploymentInfo"]
    codedeploy.get_deployment_config(deploymentConfigName=seen["deploymentConfigName"])
    return {"deployment": seen, "appspec": appspec, "registered": registered}


print(json.dumps({"source": source, "deploy": deploy}[asked["do"]](), default=str))
