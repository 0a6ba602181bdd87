"""Changes the account as a CodeDeploy deployment does: for each ECS deployment group, every listener and rule points to the
target group that was idle, the service is on a new task definition, and autoscaling has changed its size. Refuses what
CodeDeploy refuses: a listener that does not forward to the target group of the primary task set.

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


def weights(action):
    """The weight of each target group that an action forwards to."""
    groups = action.get("ForwardConfig", {}).get("TargetGroups", [])
    return {group["TargetGroupArn"]: group.get("Weight", 1) for group in groups} or {action.get("TargetGroupArn"): 1}


def moved(actions, primary, idle):
    """The same actions with the weight on the idle group, in the form of CodeDeploy: both groups have a place in
    ForwardConfig, and there is no TargetGroupArn. None where the primary one gets nothing.
    """
    [forward] = json.loads(json.dumps(recorded["production"]).replace(IDLE, primary).replace(SERVING, idle))
    after = [
        forward | {key: action[key] for key in ("Order",) if key in action} if weights(action).get(primary) else action
        for action in actions
    ]
    return None if after == actions else after


def move_traffic(pair, primary):
    names = [group["name"] for group in pair["targetGroups"]]
    found = elb.describe_target_groups(Names=names)["TargetGroups"]
    [idle] = {group["TargetGroupArn"] for group in found} - {primary}
    routes = [pair["prodTrafficRoute"], pair.get("testTrafficRoute") or {}]
    changed = []
    for listener in [arn for route in routes for arn in route.get("listenerArns", [])]:
        before = len(changed)
        default = elb.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"]
        if actions := moved(default, primary, idle):
            elb.modify_listener(ListenerArn=listener, DefaultActions=actions)
            changed.append(listener)
        for rule in elb.describe_rules(ListenerArn=listener)["Rules"]:
            actions = moved(rule["Actions"], primary, idle)
            if actions and not rule["IsDefault"]:
                elb.modify_rule(RuleArn=rule["RuleArn"], Actions=actions)
                changed.append(rule["RuleArn"])
            elif not rule["IsDefault"] and any(weights(action).get(idle) for action in rule["Actions"]):
                sys.exit(f"{rule['RuleArn']} forwards to {idle}, which has no tasks: its clients are refused")
        if len(changed) == before:
            sys.exit(f"Primary taskset target group must be behind listener {listener}")
    return changed, idle


def move_service(cluster, service, idle):
    old = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
    # Only these are taken back by RegisterTaskDefinition.
    known = what_can_be_registered()
    new = ecs.register_task_definition(**{key: value for key, value in old.items() if key in known})["taskDefinition"]
    balancers = [balancer | {"targetGroupArn": idle} for balancer in service["loadBalancers"]]
    count = service["desiredCount"] + 2
    ecs.update_service(
        cluster=cluster,
        service=service["serviceName"],
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
    [member] = group["ecsServices"]
    cluster = member["clusterName"]
    service = ecs.describe_services(cluster=cluster, services=[member["serviceName"]])["services"][0]
    listeners, serving = move_traffic(pair, service["loadBalancers"][0]["targetGroupArn"])
    task_definition = move_service(cluster, service, serving)
    changes.append({"listeners": listeners, "serving": serving, "task_definition": task_definition})
print(json.dumps(changes))
