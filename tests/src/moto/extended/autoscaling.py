"""Application Auto Scaling: tags."""

import json

from moto.applicationautoscaling.models import FakeScalableTarget
from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse as Response
from moto.core.exceptions import JsonRESTError


def find(response):
    arn = response._get_param("ResourceARN")
    for targets in response.applicationautoscaling_backend.targets.values():
        for target in targets.values():
            if target.arn == arn:
                return target
    raise JsonRESTError("ResourceNotFoundException", f"No scalable target found for {arn}.")


def register_scalable_target(original):
    """A new target gets its tags when it is registered."""

    def register(response):
        answer = original(response)
        target = response.applicationautoscaling_backend.targets[response._get_param("ScalableDimension")]
        target[response._get_param("ResourceId")].tags.update(response._get_param("Tags") or {})
        return answer

    return register


def list_tags_for_resource(response):
    """The provider reads the tags of every target."""
    return json.dumps({"Tags": find(response).tags})


def tag_resource(response):
    """A changed tag is an update in place."""
    find(response).tags.update(response._get_param("Tags"))
    return "{}"


def untag_resource(response):
    """A removed tag is also an update in place."""
    for key in response._get_param("TagKeys"):
        find(response).tags.pop(key, None)
    return "{}"


def with_tags(original):
    """A target starts without tags."""

    def init(target, *args, **kwargs):
        original(target, *args, **kwargs)
        target.tags = {}

    return init


def install():
    FakeScalableTarget.__init__ = with_tags(FakeScalableTarget.__init__)
    Response.register_scalable_target = register_scalable_target(Response.register_scalable_target)
    Response.list_tags_for_resource = list_tags_for_resource
    Response.tag_resource = tag_resource
    Response.untag_resource = untag_resource
