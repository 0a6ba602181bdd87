"""Lambda: the logging configuration of a function, and updates that moto ignores."""

from moto.awslambda.models import LambdaFunction


def default_logging(function):
    return {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.function_name}"}


def init(original):
    """Terraform gives the function its own log group and format."""

    def create(function, account_id, spec, *args, **kwargs):
        original(function, account_id, spec, *args, **kwargs)
        function.logging_config = default_logging(function) | (spec.get("LoggingConfig") or {})

    return create


def get_configuration(original):
    """A value that is not returned is a difference in every plan."""

    def get(function, *args, **kwargs):
        return original(function, *args, **kwargs) | {"LoggingConfig": function.logging_config}

    return get


def update_configuration(original):
    """moto leaves these members as they were."""

    def update(function, updates):
        if "LoggingConfig" in updates:
            function.logging_config = default_logging(function) | (updates["LoggingConfig"] or {})
        if "KMSKeyArn" in updates:
            function.kms_key_arn = updates["KMSKeyArn"] or None
        if updates.get("TracingConfig"):
            function.tracing_config = updates["TracingConfig"]
        if updates.get("EphemeralStorage"):
            function.ephemeral_storage = updates["EphemeralStorage"]["Size"]
        return original(function, updates)

    return update


def install():
    LambdaFunction.__init__ = init(LambdaFunction.__init__)
    LambdaFunction.get_configuration = get_configuration(LambdaFunction.get_configuration)
    LambdaFunction.update_configuration = update_configuration(LambdaFunction.update_configuration)
