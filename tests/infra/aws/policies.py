"""Prints every policy of the caller's account: {"roles": {ARN: {"trust", "policies": {NAME: DOCUMENT}}}, "buckets":
{NAME: {"policy", "key"}}, "keys": {ARN: DOCUMENT}}. `key` is the KMS key of a bucket's default encryption; both members
of a bucket may be null."""

import json

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ONCE = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
iam, kms, s3 = (boto3.client(name, config=ONCE) for name in ("iam", "kms", "s3"))


def policies(role):
    name = role["RoleName"]
    found = {
        policy: iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]
    }
    for attached in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
        arn = attached["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found[arn] = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return found


def bucket(name):
    policy = unless_missing(s3.get_bucket_policy, name).get("Policy")
    encryption = unless_missing(s3.get_bucket_encryption, name).get("ServerSideEncryptionConfiguration", {})
    by_default = encryption.get("Rules", [{}])[0].get("ApplyServerSideEncryptionByDefault", {})
    return {"policy": policy and json.loads(policy), "key": by_default.get("KMSMasterKeyID")}


def unless_missing(operation, name):
    try:
        return operation(Bucket=name)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code not in ("NoSuchBucketPolicy", "ServerSideEncryptionConfigurationNotFoundError"):
            raise
        return {}


roles = iam.list_roles(MaxItems=1000)["Roles"]
keys = [key["KeyArn"] for key in kms.list_keys()["Keys"]]
print(
    json.dumps(
        {
            "roles": {
                role["Arn"]: {"trust": role["AssumeRolePolicyDocument"], "policies": policies(role)} for role in roles
            },
            "buckets": {name: bucket(name) for name in [found["Name"] for found in s3.list_buckets()["Buckets"]]},
            "keys": {arn: json.loads(kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"]) for arn in keys},
        }
    )
)
