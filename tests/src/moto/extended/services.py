"""ECS: members of a service that moto does not store."""

from moto.ecs.models import Service
from moto.ecs.responses import EC2ContainerServiceResponse as Response

# What ECS returns for members that were not set. The first is null for a service without a load balancer.
KEPT = {
    "healthCheckGracePeriodSeconds": ("health_check_grace_period_seconds", None),
    "availabilityZoneRebalancing": ("availability_zone_rebalancing", "DISABLED"),
    "deploymentConfiguration": ("deployment_configuration", None),
    "capacityProviderStrategy": ("capacity_provider_strategy", None),
    "placementConstraints": ("placement_constraints", None),
    "placementStrategy": ("placement_strategy", None),
    "enableECSManagedTags": ("enable_ecs_managed_tags", False),
    "enableExecuteCommand": ("enable_execute_command", False),
}


def create_service(original):
    """A value that is not returned is a difference in every plan."""

    def create(response):
        asked = response._get_params()
        # moto treats a service without a launch type as EC2 and finds no instances for it.
        if asked.get("capacityProviderStrategy") and not asked.get("launchType"):
            asked["launchType"] = "FARGATE"
            answer = original(response)
            answer.result["service"].launch_type = None
        else:
            answer = original(response)
        service = answer.result["service"]
        for name, (attribute, default) in KEPT.items():
            value = asked.get(name)
            setattr(service, attribute, default if value is None else value)
        return answer

    return create


def install():
    for attribute, default in KEPT.values():
        if not hasattr(Service, attribute):
            setattr(Service, attribute, default)
    Response.create_service = create_service(Response.create_service)
