"""CodeDeploy: deployment configurations, updates and deletion of applications and groups, and alarms of a group."""

import uuid

from moto.codedeploy import responses
from moto.codedeploy.exceptions import CodeDeployException
from moto.codedeploy.models import CodeDeployBackend as Backend
from moto.codedeploy.responses import CodeDeployResponse as Response
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import camelcase_to_underscores, utcnow


class Refused(CodeDeployException):
    code = 400


def canary(percentage, interval):
    return {
        "type": "TimeBasedCanary",
        "timeBasedCanary": {"canaryPercentage": percentage, "canaryInterval": interval},
    }


def linear(percentage, interval):
    return {
        "type": "TimeBasedLinear",
        "timeBasedLinear": {"linearPercentage": percentage, "linearInterval": interval},
    }


PREDEFINED = {
    "ECSAllAtOnce": {"type": "AllAtOnce"},
    "ECSCanary10Percent5Minutes": canary(10, 5),
    "ECSCanary10Percent15Minutes": canary(10, 15),
    "ECSLinear10PercentEvery1Minutes": linear(10, 1),
    "ECSLinear10PercentEvery3Minutes": linear(10, 3),
}


def new_config(name, platform, traffic, hosts=None):
    return {
        "deploymentConfigId": str(uuid.uuid4()),
        "deploymentConfigName": name,
        "computePlatform": platform,
        "trafficRoutingConfig": traffic,
        "minimumHealthyHosts": hosts,
        "createTime": utcnow(),
    }


def configs(backend):
    """The configurations of this account and Region, including AWS's predefined ones for ECS."""
    if "deployment_configs" not in backend.__dict__:
        predefined = {f"CodeDeployDefault.{name}": traffic for name, traffic in PREDEFINED.items()}
        backend.deployment_configs = {name: new_config(name, "ECS", traffic) for name, traffic in predefined.items()}
    return backend.deployment_configs


def known_config(backend, name):
    if name not in configs(backend):
        raise Refused("DeploymentConfigDoesNotExistException", f"No deployment configuration found for name: {name}")
    return configs(backend)[name]


def create_deployment_config(response):
    """A custom canary or linear configuration."""
    backend, name = response.codedeploy_backend, response._get_param("deploymentConfigName")
    if name in configs(backend):
        raise Refused("DeploymentConfigAlreadyExistsException", f"Deployment configuration {name} already exists.")
    platform = response._get_param("computePlatform", "Server")
    traffic = response._get_param("trafficRoutingConfig")
    config = new_config(name, platform, traffic, response._get_param("minimumHealthyHosts"))
    configs(backend)[name] = config
    return ActionResult({"deploymentConfigId": config["deploymentConfigId"]})


def get_deployment_config(response):
    """Read by the provider and by the pipeline's deploy action."""
    config = known_config(response.codedeploy_backend, response._get_param("deploymentConfigName"))
    return ActionResult({"deploymentConfigInfo": config})


def list_deployment_configs(response):
    """Lists what is left after a destroy."""
    return ActionResult({"deploymentConfigsList": list(configs(response.codedeploy_backend))})


def delete_deployment_config(response):
    """AWS refuses to delete one that a group uses, so a replacement in the wrong order fails."""
    backend, name = response.codedeploy_backend, response._get_param("deploymentConfigName")
    groups = [group for groups in backend.deployment_groups.values() for group in groups.values()]
    if any(group.deployment_config_name == name for group in groups):
        raise Refused("DeploymentConfigInUseException", f"The deployment configuration {name} is in use.")
    configs(backend).pop(name, None)
    return EmptyResult()


def create_deployment_group(original):
    """A group can only use an existing configuration; moto accepts any name."""

    def create(backend, application_name, deployment_group_name, deployment_config_name, *args, **kwargs):
        platform = backend.get_application(application_name).compute_platform
        if platform == "ECS" and deployment_config_name:
            known_config(backend, deployment_config_name)
        return original(backend, application_name, deployment_group_name, deployment_config_name, *args, **kwargs)

    return create


def group_info(original):
    """moto stores the alarms of a group but does not return them, so every plan would set them again."""

    def info(group):
        alarms = group.alarm_configuration or {}
        return original(group) | {"alarmConfiguration": alarms}

    return info


def update_deployment_group(response):
    """A change of a group in place."""
    backend, asked = response.codedeploy_backend, dict(response._get_params())
    application, name = asked.pop("applicationName"), asked.pop("currentDeploymentGroupName")
    group = backend.get_deployment_group(application, name)
    if asked.get("deploymentConfigName"):
        known_config(backend, asked["deploymentConfigName"])
    new_name = asked.pop("newDeploymentGroupName", None)
    if new_name and new_name != name:
        if new_name in backend.deployment_groups[application]:
            raise Refused("DeploymentGroupAlreadyExistsException", f"Deployment group {new_name} already exists.")
        group.deployment_group_name = new_name
        backend.deployment_groups[application][new_name] = backend.deployment_groups[application].pop(name)
    for member, value in asked.items():
        setattr(group, camelcase_to_underscores(member), value)
    return ActionResult({"hooksNotCleanedUp": []})


def delete_deployment_group(response):
    """Needed to destroy an application."""
    groups = response.codedeploy_backend.deployment_groups.get(response._get_param("applicationName"), {})
    groups.pop(response._get_param("deploymentGroupName"), None)
    return ActionResult({"hooksNotCleanedUp": []})


def update_application(response):
    """A new name is an update in place."""
    backend = response.codedeploy_backend
    old, new = response._get_param("applicationName"), response._get_param("newApplicationName")
    application = backend.get_application(old)
    if new in backend.applications:
        raise Refused("ApplicationAlreadyExistsException", f"The application {new} already exists.")
    application.application_name = new
    backend.applications[new] = backend.applications.pop(old)
    backend.deployment_groups[new] = backend.deployment_groups.pop(old, {})
    return EmptyResult()


def delete_application(response):
    """Deletes the groups as well."""
    backend, name = response.codedeploy_backend, response._get_param("applicationName")
    backend.applications.pop(name, None)
    backend.deployment_groups.pop(name, None)
    return EmptyResult()


def register_application_revision(response):
    """CodeDeployToECS registers the AppSpec before it creates the deployment."""
    response.codedeploy_backend.get_application(response._get_param("applicationName"))
    return EmptyResult()


def get_application_revision(response):
    """CodeDeployToECS reads the revision that it registered."""
    name, revision = response._get_param("applicationName"), response._get_param("revision")
    response.codedeploy_backend.get_application(name)
    return ActionResult({"applicationName": name, "revision": revision, "revisionInfo": {}})


def install():
    for operation in (
        create_deployment_config,
        delete_application,
        delete_deployment_config,
        delete_deployment_group,
        get_application_revision,
        get_deployment_config,
        list_deployment_configs,
        register_application_revision,
        update_application,
        update_deployment_group,
    ):
        setattr(Response, operation.__name__, operation)
    Backend.create_deployment_group = create_deployment_group(Backend.create_deployment_group)
    responses._deployment_group_info = group_info(responses._deployment_group_info)
