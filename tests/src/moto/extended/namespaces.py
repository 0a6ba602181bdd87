"""Service Discovery: the zone of a namespace."""

from moto.route53.models import route53_backends
from moto.servicediscovery.models import ServiceDiscoveryBackend as Backend
from moto.utilities.utils import get_partition


def delete_namespace(original):
    """moto creates a hosted zone with a namespace and does not delete it."""

    def delete(backend, namespace_id):
        namespace = backend.namespaces.get(namespace_id)
        operation = original(backend, namespace_id)
        zone = (namespace.dns_properties or {}).get("HostedZoneId")
        if zone:
            route53_backends[backend.account_id][get_partition(backend.region_name)].delete_hosted_zone(zone)
        return operation

    return delete


def install():
    Backend.delete_namespace = delete_namespace(Backend.delete_namespace)
