"""Prints the resources of the caller's account in the Region as {kind: [names]}. Empty kinds are omitted.

What AWS keeps of a thing that is gone is not listed: INACTIVE clusters, services and task definitions, keys that wait
for their deletion, and the keys and policies of AWS itself.
"""

import json

import boto3
from botocore.config import Config

ONCE = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})


def client(service):
    return boto3.client(service, config=ONCE)


def pages(service, operation, key, **parameters):
    api = client(service)
    if api.can_paginate(operation):
        answers = api.get_paginator(operation).paginate(**parameters)
    else:
        answers = [getattr(api, operation)(**parameters)]
    return [item for answer in answers for item in answer[key]]


def active_services():
    for cluster in pages("ecs", "list_clusters", "clusterArns"):
        arns = pages("ecs", "list_services", "serviceArns", cluster=cluster)
        for service in client("ecs").describe_services(cluster=cluster, services=arns)["services"] if arns else []:
            if service["status"] != "INACTIVE":
                yield service["serviceArn"]


def active_clusters():
    arns = pages("ecs", "list_clusters", "clusterArns")
    clusters = client("ecs").describe_clusters(clusters=arns)["clusters"] if arns else []
    return [cluster["clusterArn"] for cluster in clusters if cluster["status"] != "INACTIVE"]


def kept_keys():
    # moto creates the default key of EBS as if it were the customer's.
    of_aws = [alias.get("TargetKeyId") for alias in aliases() if alias["AliasName"].startswith("alias/aws/")]
    for key in pages("kms", "list_keys", "Keys"):
        about = client("kms").describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        if about["KeyState"] != "PendingDeletion" and about["KeyManager"] == "CUSTOMER" and key["KeyId"] not in of_aws:
            yield key["KeyArn"]


def aliases():
    return pages("kms", "list_aliases", "Aliases")


def own_aliases():
    return [alias["AliasName"] for alias in aliases() if not alias["AliasName"].startswith("alias/aws/")]


def listeners(kind):
    for balancer in pages("elbv2", "describe_load_balancers", "LoadBalancers"):
        for listener in pages("elbv2", "describe_listeners", "Listeners", LoadBalancerArn=balancer["LoadBalancerArn"]):
            if kind == "listener":
                yield listener["ListenerArn"]
            for rule in client("elbv2").describe_rules(ListenerArn=listener["ListenerArn"])["Rules"]:
                if kind == "rule" and not rule["IsDefault"]:
                    yield rule["RuleArn"]


def records():
    for zone in pages("route53", "list_hosted_zones", "HostedZones"):
        for record in pages("route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"]):
            if record["Type"] not in ("NS", "SOA"):
                yield f"{record['Type']} {record['Name']}"


def deployment_groups():
    for application in pages("codedeploy", "list_applications", "applications"):
        for group in pages("codedeploy", "list_deployment_groups", "deploymentGroups", applicationName=application):
            yield f"{application}/{group}"


def living(operation, key, name, *ended, nested=None):
    """Resources of EC2 that are not gone; EC2 lists some for an hour after their end."""

    def names():
        found = pages("ec2", operation, key)
        for item in [inner for outer in found for inner in outer[nested]] if nested else found:
            state = item.get("State")
            if (state["Name"] if isinstance(state, dict) else state) not in ended:
                yield item[name]

    return names


def named(service, operation, key, name, **parameters):
    return lambda: [item[name] if name else item for item in pages(service, operation, key, **parameters)]


KINDS = {
    "address": named("ec2", "describe_addresses", "Addresses", "AllocationId"),
    "alarm": named("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    "alias": own_aliases,
    "application": named("codedeploy", "list_applications", "applications", None),
    "bucket": named("s3", "list_buckets", "Buckets", "Name"),
    "build project": named("codebuild", "list_projects", "projects", None),
    "certificate": named("acm", "list_certificates", "CertificateSummaryList", "CertificateArn"),
    "cluster": active_clusters,
    "deployment config": named("codedeploy", "list_deployment_configs", "deploymentConfigsList", None),
    "deployment group": deployment_groups,
    "event rule": named("events", "list_rules", "Rules", "Name"),
    "function": named("lambda", "list_functions", "Functions", "FunctionName"),
    "identity provider": named("iam", "list_open_id_connect_providers", "OpenIDConnectProviderList", "Arn"),
    "instance": living("describe_instances", "Reservations", "InstanceId", "terminated", nested="Instances"),
    "instance profile": named("iam", "list_instance_profiles", "InstanceProfiles", "InstanceProfileName"),
    "internet gateway": named("ec2", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    "key": kept_keys,
    "listener": lambda: listeners("listener"),
    "listener rule": lambda: listeners("rule"),
    "load balancer": named("elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    "log group": named("logs", "describe_log_groups", "logGroups", "logGroupName"),
    "log policy": named("logs", "describe_resource_policies", "resourcePolicies", "policyName"),
    "metric filter": named("logs", "describe_metric_filters", "metricFilters", "filterName"),
    "namespace": named("servicediscovery", "list_namespaces", "Namespaces", "Name"),
    "NAT gateway": living("describe_nat_gateways", "NatGateways", "NatGatewayId", "deleted"),
    "network": living("describe_vpcs", "Vpcs", "VpcId"),
    "pipeline": named("codepipeline", "list_pipelines", "pipelines", "name"),
    "policy": named("iam", "list_policies", "Policies", "PolicyName", Scope="Local"),
    "queue": lambda: client("sqs").list_queues().get("QueueUrls", []),
    "record": records,
    "repository": named("ecr", "describe_repositories", "repositories", "repositoryName"),
    "role": named("iam", "list_roles", "Roles", "RoleName"),
    "route table": named("ec2", "describe_route_tables", "RouteTables", "RouteTableId"),
    "scalable target": named(
        "application-autoscaling", "describe_scalable_targets", "ScalableTargets", "ResourceId", ServiceNamespace="ecs"
    ),
    "scaling policy": named(
        "application-autoscaling", "describe_scaling_policies", "ScalingPolicies", "PolicyName", ServiceNamespace="ecs"
    ),
    "security group": named("ec2", "describe_security_groups", "SecurityGroups", "GroupId"),
    "service": active_services,
    "subnet": living("describe_subnets", "Subnets", "SubnetId"),
    "target group": named("elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName"),
    "topic": named("sns", "list_topics", "Topics", "TopicArn"),
    "VPC endpoint": living("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", "deleted"),
    "zone": named("route53", "list_hosted_zones", "HostedZones", "Name"),
}

if __name__ == "__main__":
    found = {kind: sorted(names()) for kind, names in KINDS.items()}
    print(json.dumps({kind: names for kind, names in found.items() if names}))
