"""Changes the account as a CodeDeploy deployment does: for each ECS deployment group, every listener and
rule points to the green target group, the service is on a new task definition, and autoscaling has changed its size.

Reads what DescribeListeners answered on the real AWS. Prints what it has changed, one line of JSON.
"""

import json
import sys

import boto3
from botocore.config import Config

ONCE = Config(retries={"total_max_attempts": 1})
codedeploy, ecs, elb = (boto3.client(name, config=ONCE) for name in ("codedeploy", "ecs", "elbv2"))


def groups():
    for application in codedeploy.list_applications()["applications"]:
        for group in codedeploy.list_deployment_groups(applicationName=application)["deploymentGroups"]:
            answer = codedeploy.get_deployment_group(applicationName=application, deploymentGroupName=group)
            yield answer["deploymentGroupInfo"]


recorded = json.load(sys.stdin)
IDLE, SERVING = (group["TargetGroupArn"] for group in recorded["production"][0]["ForwardConfig"]["TargetGroups"])


def forwards_to_green(actions, blue, green):
    """The same actions with the weight on the green group, in the form of CodeDeploy: both groups have a place in
    ForwardConfig, and there is no TargetGroupArn. None where the blue one gets nothing.
    """
    [forward] = json.loads(json.dumps(recorded["production"]).replace(IDLE, blue).replace(SERVING, green))
    moved = [
        forward | {key: action[key] for key in ("Order",) if key in action} if blue in json.dumps(action) else action
        for action in actions
    ]
    return None if moved == actions else moved


def move_traffic(pair):
    names = [group["name"] for group in pair["targetGroups"]]
    found = elb.describe_target_groups(Names=names)["TargetGroups"]
    arns = {group["TargetGroupName"]: group["TargetGroupArn"] for group in found}
    blue, green = (arns[name] for name in names)
    routes = [pair["prodTrafficRoute"], pair.get("testTrafficRoute") or {}]
    changed = []
    for listener in [arn for route in routes for arn in route.get("listenerArns", [])]:
        default = elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"]
        if actions := forwards_to_green(default, blue, green):
            elb.modify_listener(ListenerArn=listener, DefaultActions=actions)
            changed.append(listener)
        for rule in elb.describe_rules(ListenerArn=listener)["Rules"]:
            actions = forwards_to_green(rule["Actions"], blue, green)
            if actions and not rule["IsDefault"]:
                elb.modify_rule(RuleArn=rule["RuleArn"], Actions=actions)
                changed.append(rule["RuleArn"])
    return changed, green


def move_service(cluster, name, green):
    service = ecs.describe_services(cluster=cluster, services=[name])["services"][0]
    old = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
    # Only these are taken back by RegisterTaskDefinition.
    known = what_can_be_registered()
    new = ecs.register_task_definition(**{key: value for key, value in old.items() if key in known})["taskDefinition"]
    balancers = [balancer | {"targetGroupArn": green} for balancer in service["loadBalancers"]]
    count = service["desiredCount"] + 2
    ecs.update_service(
        cluster=cluster,
        service=name,
        taskDefinition=new["taskDefinitionArn"],
        desiredCount=count,
        loadBalancers=balancers,
    )
    return new["taskDefinitionArn"]


def what_can_be_registered():
    return ecs.meta.service_model.operation_model("RegisterTaskDefinition").input_shape.members


changes = []
for group in groups():
    pair = group["loadBalancerInfo"]["targetGroupPairInfoList"][0]
    listeners, green = move_traffic(pair)
    for service in group["ecsServices"]:
        task_definition = move_service(service["clusterName"], service["serviceName"], green)
        changes.append({"listeners": listeners, "green": green, "task_definition": task_definition})
print(json.dumps(changes))
