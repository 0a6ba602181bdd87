"""Records all calls with their caller and parameters, for the tests of least privilege."""

import json
from datetime import datetime

from moto.core.authorization import ActionAuthenticatorMixin as Authenticator
from moto.core.utils import utcnow
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends
from moto.utilities.utils import get_partition

CALLS = []


def caller(response):
    """The ARN of the caller, as GetCallerIdentity returns it."""
    partition = get_partition(response.region)
    key, account = response.get_access_key(), response.current_account
    role = sts_backends[account][partition].get_assumed_role_from_access_key(key)
    if role:
        return role.arn
    user = iam_backends[account][partition].get_user_from_access_key_id(key)
    return user.arn if user else f"arn:{partition}:iam::{account}:root"


def parameters(response):
    """The members of the request, however the service's protocol carries them."""
    if response.service_name == "s3":
        headers = {name.lower(): value for name, value in response.headers.items() if name.lower().startswith("x-amz-")}
        secret = ("x-amz-security-token",)
        return {"headers": {name: value for name, value in headers.items() if name not in secret}}
    if getattr(response, "automated_parameter_parsing", False):
        return dict(getattr(response, "params", {}) or {})
    try:
        body = json.loads(response.body or "{}")
    except (ValueError, TypeError):
        body = {}
    if isinstance(body, dict) and body:
        return body
    return {name: values[0] for name, values in response.querystring.items() if isinstance(values, list)}


def recorded(original):
    """moto authorizes every action of every service in one place, before it runs."""

    def authorise(response, request_class, resource="*"):
        CALLS.append(
            {
                "service": response.service_name,
                "action": response._get_action(),
                "region": response.region,
                "account": response.current_account,
                "caller": caller(response),
                "resource": resource,
                "path": response.path,
                "parameters": parameters(response),
                "at": utcnow().isoformat(),
            }
        )
        return original(response, request_class, resource)

    return authorise


def served_beside(application):
    """The application, with the record at /recorded."""

    def call(environ, start_response):
        if environ.get("PATH_INFO") != "/recorded":
            return application(environ, start_response)
        body = b"{}"
        if environ["REQUEST_METHOD"] == "DELETE":
            CALLS.clear()
        else:
            body = json.dumps(list(CALLS), default=readable).encode()
        start_response("200 OK", [("content-type", "application/json"), ("content-length", str(len(body)))])
        return [body]

    return call


def readable(value):
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    return str(value)


def install():
    Authenticator._authenticate_and_authorize_action = recorded(Authenticator._authenticate_and_authorize_action)
