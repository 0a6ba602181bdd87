//! Answers of AWS as they were recorded, with every name replaced.

use serde_json::{Value, json};

/// A `DescribeTaskDefinition` answer: all nine response-only members, empty values, a member that no SDK knows yet,
/// tags, and a secret in the environment of the container.
pub fn task_definition(account: &str, region: &str, family: &str, revision: u64, environment_value: &str) -> Value {
    let image = format!("{account}.dkr.ecr.{region}.amazonaws.com/{family}:1.4.2");
    json!({
        "taskDefinition": {
            "taskDefinitionArn": format!("arn:aws:ecs:{region}:{account}:task-definition/{family}:{revision}"),
            "containerDefinitions": [{
                "name": "app",
                "image": image,
                "cpu": 0,
                "links": [],
                "portMappings": [{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp", "name": "http"}],
                "essential": true,
                "entryPoint": [],
                "command": [],
                "environment": [{"name": "DATABASE_URL", "value": environment_value}, {"name": "EMPTY", "value": ""}],
                "mountPoints": [],
                "volumesFrom": [],
                "secrets": [{"name": "TOKEN", "valueFrom": format!("arn:aws:ssm:{region}:{account}:parameter/token")}],
                "startTimeout": 5,
                "readonlyRootFilesystem": true,
                "logConfiguration": {
                    "logDriver": "awslogs",
                    "options": {"awslogs-group": "/ecs/app", "awslogs-region": region, "awslogs-stream-prefix": "app"},
                    "secretOptions": []
                },
                "systemControls": []
            }],
            "family": family,
            "taskRoleArn": format!("arn:aws:iam::{account}:role/app-task"),
            "executionRoleArn": format!("arn:aws:iam::{account}:role/app-execution"),
            "networkMode": "awsvpc",
            "revision": revision,
            "volumes": [],
            "status": "ACTIVE",
            "requiresAttributes": [{"name": "ecs.capability.task-eni"}],
            "placementConstraints": [],
            "compatibilities": ["EC2", "FARGATE"],
            "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
            "requiresCompatibilities": ["FARGATE"],
            "cpu": "256",
            "memory": "512",
            "registeredAt": 1_767_225_600.123,
            "deregisteredAt": null,
            "deleteRequestedAt": null,
            "registeredBy": format!("arn:aws:sts::{account}:assumed-role/deployer/session"),
            "enableFaultInjection": false,
            "memberOfTomorrow": {"kept": [1, 2.50, "three"]}
        },
        "tags": [{"key": "team", "value": "payments"}, {"key": "empty", "value": ""}]
    })
}

/// An AppSpec for that task definition and the container of [`task_definition`], as JSON.
pub fn appspec(task_definition: &str) -> Value {
    json!({
        "version": 0.0,
        "Resources": [{"TargetService": {
            "Type": "AWS::ECS::Service",
            "Properties": {
                "TaskDefinition": task_definition,
                "LoadBalancerInfo": {"ContainerName": "app", "ContainerPort": 8080}
            }
        }}]
    })
}

/// One member of `services` of a `DescribeServices` answer: a Fargate service with ECS's own rolling deployments.
pub fn rolling_service(account: &str, region: &str, cluster: &str, name: &str, task_definition: &str) -> Value {
    let mut service = service(account, region, cluster, name, task_definition);
    service["deploymentController"] = json!({"type": "ECS"});
    service["deploymentConfiguration"] = json!({
        "deploymentCircuitBreaker": {"enable": true, "rollback": false},
        "maximumPercent": 200,
        "minimumHealthyPercent": 100
    });
    service["deployments"] = json!([{
        "id": "ecs-svc/9876543210987654321",
        "status": "PRIMARY",
        "taskDefinition": task_definition,
        "desiredCount": 2,
        "pendingCount": 0,
        "runningCount": 2,
        "failedTasks": 0,
        "createdAt": 1_767_225_600.0,
        "updatedAt": 1_767_225_700.0,
        "rolloutState": "COMPLETED",
        "rolloutStateReason": "ECS deployment ecs-svc/9876543210987654321 completed."
    }]);
    service["taskSets"] = json!([]);
    service
}

/// The same on ECS's own blue/green.
pub fn native_blue_green_service(
    account: &str,
    region: &str,
    cluster: &str,
    name: &str,
    task_definition: &str,
) -> Value {
    let mut service = rolling_service(account, region, cluster, name, task_definition);
    service["deploymentConfiguration"]["strategy"] = json!("BLUE_GREEN");
    service["deploymentConfiguration"]["bakeTimeInMinutes"] = json!(10);
    service
}

/// One member of `services` of a `DescribeServices` answer: a Fargate service under CodeDeploy.
pub fn service(account: &str, region: &str, cluster: &str, name: &str, task_definition: &str) -> Value {
    let target_group =
        format!("arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}-blue/6d0ecf831eec9f09");
    let network = json!({"awsvpcConfiguration": {
        "subnets": ["subnet-0123456789abcdef0", "subnet-0fedcba9876543210"],
        "securityGroups": ["sg-0123456789abcdef0"],
        "assignPublicIp": "DISABLED"
    }});
    json!({
        "serviceArn": format!("arn:aws:ecs:{region}:{account}:service/{cluster}/{name}"),
        "serviceName": name,
        "clusterArn": format!("arn:aws:ecs:{region}:{account}:cluster/{cluster}"),
        "loadBalancers": [{"targetGroupArn": target_group, "containerName": "app", "containerPort": 8080}],
        "serviceRegistries": [],
        "status": "ACTIVE",
        "desiredCount": 2,
        "runningCount": 2,
        "pendingCount": 0,
        "launchType": "FARGATE",
        "platformVersion": "1.4.0",
        "platformFamily": "Linux",
        "taskDefinition": task_definition,
        "deploymentController": {"type": "CODE_DEPLOY"},
        "taskSets": [{
            "id": "ecs-svc/1234567890123456789",
            "status": "PRIMARY",
            "taskDefinition": task_definition,
            "launchType": "FARGATE",
            "platformVersion": "1.4.0",
            "networkConfiguration": network,
            "loadBalancers": [{"targetGroupArn": target_group, "containerName": "app", "containerPort": 8080}],
            "scale": {"value": 100.0, "unit": "PERCENT"},
            "stabilityStatus": "STEADY_STATE"
        }],
        "deployments": [],
        "events": [],
        "networkConfiguration": network,
        "schedulingStrategy": "REPLICA",
        "createdAt": 1_767_225_600.0,
        "enableECSManagedTags": false,
        "propagateTags": "NONE",
        "enableExecuteCommand": false
    })
}

/// The same sample with another name of its container.
///
/// # Panics
/// When the name is no part of a JSON text.
pub fn with_container(sample: &Value, name: &str) -> Value {
    serde_json::from_str(&sample.to_string().replace("\"app\"", &format!("\"{name}\""))).expect("JSON")
}
