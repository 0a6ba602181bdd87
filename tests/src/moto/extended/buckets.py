"""S3: notifications of a bucket to EventBridge, and bucket policies with conditions."""

import json

from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket
from moto.s3.responses import S3Response


def get_bucket_notification(original):
    """moto stores the EventBridge setting but does not return it, so every plan would enable it again."""

    def get(response):
        kept = response.backend.get_bucket_notification_configuration(response.bucket_name)
        if kept and kept.event_bridge is not None and not (kept.topic or kept.queue or kept.cloud_function):
            response.data["Action"] = "GetBucketNotificationConfiguration"
            return response.serialized(ActionResult({"EventBridgeConfiguration": {}}))
        return original(response)

    return get


def get_permission(bucket, action, resource):
    """moto denies even if the condition of a Deny does not match; statements with conditions are tested elsewhere."""
    policy = json.loads(bucket.policy or "{}")
    statements = [statement for statement in policy.get("Statement", []) if "Condition" not in statement]
    if not statements:
        return PermissionResult.NEUTRAL
    return IAMPolicy(json.dumps(policy | {"Statement": statements})).is_action_permitted(action, resource)


def install():
    FakeBucket.get_permission = get_permission
    S3Response.get_bucket_notification = get_bucket_notification(S3Response.get_bucket_notification)
