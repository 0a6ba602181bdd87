"""Simulates CodePipeline: reads the pipeline that Terraform created and runs the actions of AWS, each as the role
of its action.

Reads {"pipeline": NAME, "do": "source"} or {"pipeline": NAME, "do": "build" or "deploy", "artifacts": {NAME: KEY}} from
standard input. `source` prints the pipeline, its store and the keys of the artifacts so far. `build` runs the commands of
the project's buildspec, with the AWS CLI and a stub of Docker, and prints the key of its artifact, the image and the calls of
Docker. `deploy` does with the artifact what CodeDeployToECS is documented to do, and prints what came of it.
"""

import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import uuid
import zipfile

import boto3
import yaml
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


def put(s3, artifact, body, encrypted_with=store["encryptionKey"]["id"]):
    """Keys are shortened as CodePipeline shortens them."""
    key = f"{pipeline['name'][:20]}/{artifact[:10]}/{uuid.uuid4().hex[:7]}"
    kms = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": encrypted_with}
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


# Docker with an image that was also pushed elsewhere. It fails where the real one would: without a login, a Dockerfile or an image.
DOCKER = """#!/bin/bash
set -euo pipefail
echo "$*" >> "$HOME/docker.calls"
case $1 in
  login) read -r password; [[ -n $password ]]; touch "$HOME/logged-in" ;;
  build) [[ -f Dockerfile ]]; touch "$HOME/built" ;;
  push) [[ -f $HOME/logged-in && -f $HOME/built ]]; echo "${2#*:}: digest: sha256:$(printf %064d 7) size: 1" ;;
  inspect) printf 'example.com/web@sha256:%064d\\n%s@sha256:%064d\\n\\n' 1 "${4%:*}" 7 ;;
esac
"""


def build():
    action = only("CodeBuild")
    [given], [made] = action["inputArtifacts"], action["outputArtifacts"]
    codebuild = client("codebuild", action)
    started = codebuild.start_build(projectName=action["configuration"]["ProjectName"])["build"]
    codebuild.batch_get_builds(ids=[started["id"]])
    [project] = boto3.client("codebuild", config=ONCE).batch_get_projects(names=[started["projectName"]])["projects"]
    keys = session(project["serviceRole"], name="AWSCodeBuild")
    s3 = boto3.client("s3", config=ONCE, **keys)
    body = s3.get_object(Bucket=store["location"], Key=asked["artifacts"][given["name"]])["Body"].read()
    spec = yaml.safe_load(project["source"]["buildspec"])
    assert list(spec["phases"]) == ["build"] and spec["env"] == {"shell": "bash"}, spec
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as source:
        zipfile.ZipFile(io.BytesIO(body)).extractall(source)
        docker = pathlib.Path(home, "docker")
        docker.write_text(DOCKER)
        docker.chmod(0o755)
        environment = {name.upper(): value for name, value in keys.items()} | {
            variable["name"]: variable["value"] for variable in project["environment"]["environmentVariables"]
        }
        environment |= {name: os.environ[name] for name in os.environ if name.startswith("AWS_ENDPOINT")}
        path = f"{home}:{os.path.dirname(sys.executable)}:/usr/bin:/bin"
        environment |= {"PATH": path, "HOME": home, "CODEBUILD_BUILD_NUMBER": "7", "AWS_DEFAULT_REGION": "eu-west-1"}
        for command in spec["phases"]["build"]["commands"]:
            ran = subprocess.run(["bash", "-c", command], cwd=source, env=environment, capture_output=True, text=True)
            assert ran.returncode == 0, f"{command}\n{ran.stdout}{ran.stderr}"
        files = {name: pathlib.Path(source, name).read_text() for name in spec["artifacts"]["files"]}
        calls = pathlib.Path(home, "docker.calls").read_text()
    key = put(s3, made["name"], zipped(files), project["encryptionKey"])
    image = json.loads(files["imageDetail.json"])["ImageURI"]
    return {"artifact": made["name"], "key": key, "image": image, "docker": calls.splitlines()}


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


print(json.dumps({"source": source, "build": build, "deploy": deploy}[asked["do"]](), default=str))
