//! `check --online`: the files against the account, in the simulation and in moto.

use std::collections::BTreeMap;

use e2e::{moto::Moto, unique};
use serde_json::json;

use super::super::harness::boto;
use super::verify::furnished;
use super::*;

/// `check --online` of the AppSpec of a stage and its second revision: the exit code, what became of each rule, and the JSON.
fn checked(stage: &Stage, more: &[&str]) -> (i32, BTreeMap<String, String>, Value) {
    let group = ["--online", "--application", "shop", "--deployment-group", "web", "--output", "json"];
    let output = stage.run(&[&["check", "--appspec", &stage.appspec], &group[..], more].concat());
    (output.code, rules(&output), serde_json::from_str(&output.text()).unwrap_or_default())
}

fn rules(output: &Output) -> BTreeMap<String, String> {
    let json: Value = serde_json::from_str(&output.text()).expect(&output.stderr);
    let rules = json["account"].as_array().expect("the outcomes of the rules").iter();
    let text = |rule: &Value, member: &str| rule[member].as_str().unwrap().to_owned();
    rules.map(|rule| (text(rule, "code"), text(rule, "status"))).collect()
}

#[test]
fn every_rule_has_an_outcome() {
    let stage = furnished(group().alarms(&["errors"]));
    let (code, rules, json) = checked(&stage, &["--strict"]);
    assert_eq!((code, rules.len()), (0, 21), "{json:#}");
    assert!(rules.values().all(|status| status == "passed"), "{rules:?}");
    botocore::check(&stage.aws.all_calls());
    let online = ["--online", "--application", "shop", "--deployment-group", "web"];
    let text = stage.run(&[&["check", "--appspec", &stage.appspec], &online[..]].concat()).text();
    for code in 1..=21 {
        assert_eq!(text.matches(&format!("  ACC{code:02}  passed")).count(), 1, "{text}");
    }
    // Nothing was asked that changes something.
    assert_eq!(stage.count("codedeploy:CreateDeployment"), 0);
}

#[test]
fn a_rule_that_is_ignored_is_skipped() {
    let stage = furnished(group());
    let mut service = samples::service(ACCOUNT, REGION, "main", "web", &arn(1));
    service["status"] = "INACTIVE".into();
    stage.aws.add_service(ACCOUNT, REGION, "main", &service);
    let (exit, rules, json) = checked(&stage, &["--ignore", "ACC01=it is made later"]);
    assert_eq!((exit, rules["ACC01"].as_str()), (0, "skipped"), "{json:#}");
    let of_the_rule = |finding: &&Value| finding["code"] == "ACC01" || finding["code"] == "CHK10";
    assert_eq!(json["findings"].as_array().unwrap().iter().find(of_the_rule), None);
    // Without --online the rule does not run, which is nothing to remark on.
    let offline = stage.run(&["check", "--appspec", &stage.appspec, "--ignore", "ACC01"]);
    assert!(offline.code == 0 && !offline.text().contains("ACC01"), "{}", offline.text());
}

#[test]
fn what_is_wrong_is_a_finding_of_its_rule() {
    let check = |code: &str, change: &dyn Fn(&Stage)| {
        let stage = furnished(group());
        change(&stage);
        let (exit, rules, json) = checked(&stage, &[]);
        assert_eq!((exit, rules[code].as_str()), (21, "error"), "{code}: {json:#}");
        let page = json["findings"].as_array().unwrap().iter().find(|it| it["code"] == code).map(|it| &it["page"]);
        assert!(
            page.is_some_and(|page| page.as_str().is_some_and(|page| page.starts_with("https://docs.aws."))),
            "{json:#}"
        );
    };
    check("ACC01", &|stage| {
        let mut service = samples::service(ACCOUNT, REGION, "main", "web", &arn(1));
        service["status"] = "INACTIVE".into();
        stage.aws.add_service(ACCOUNT, REGION, "main", &service);
    });
    check("ACC01", &|stage| {
        stage.aws.add_service(
            ACCOUNT,
            REGION,
            "main",
            &samples::rolling_service(ACCOUNT, REGION, "main", "web", &arn(1)),
        );
    });
    check("ACC11", &|stage| stage.aws.remove_resource(ACCOUNT, "ecr", "web:2"));
    check("ACC18", &|stage| {
        // It is still active when it is looked for.
        stage.aws.clock().speed(1.0);
        stage.created(&[]);
    });
    let stage = furnished(group());
    let output = stage.run(&[
        "check",
        "--appspec",
        &stage.appspec,
        "--online",
        "--application",
        "shop",
        "--deployment-group",
        "no",
        "--output",
        "json",
    ]);
    assert_eq!((output.code, rules(&output)["ACC02"].as_str()), (21, "error"), "{}", output.text());
    let other = [
        "--online",
        "--application",
        "shop",
        "--deployment-group",
        "web",
        "--service",
        "main/other",
        "--output",
        "json",
    ];
    let output = stage.run(&[&["check", "--appspec", &stage.appspec], &other[..]].concat());
    assert_eq!((output.code, rules(&output)["ACC01"].as_str()), (21, "error"), "{}", output.text());
}

#[test]
fn what_may_not_be_read_is_not_checked() {
    let mut stage = furnished(group());
    stage.keys = stage.aws.session(ACCOUNT, "reader", &["ecs:DescribeServices", "codedeploy:Get*", "ssm:*"]);
    let (code, rules, json) = checked(&stage, &[]);
    assert_eq!(code, 0, "{json:#}");
    // The AppSpec names a revision that may not be described, so nothing is known of the task definition.
    for rule in ["ACC03", "ACC04", "ACC05", "ACC06", "ACC07", "ACC11", "ACC13", "ACC16", "ACC18", "ACC20"] {
        assert_eq!(rules[rule], "not_checked", "{rule}: {json:#}");
    }
    assert_eq!(checked(&stage, &["--strict"]).0, 21);
    stage.keys = stage.aws.session(ACCOUNT, "nobody", &[]);
    let (code, rules, _) = checked(&stage, &[]);
    assert_eq!(code, 0);
    assert!(rules.values().all(|status| status == "not_checked"), "{rules:?}");
    // Without credentials there is nothing to report.
    let output =
        stage.run(&["check", "--appspec", &stage.appspec, "--online", "--service", "main/web", "--region", "nowhere"]);
    assert_eq!(output.code, 2, "{}", output.stderr);
}

#[test]
fn the_flags_of_the_account_need_online() {
    let stage = Stage::new(group());
    for flag in [["--application", "shop"], ["--service", "main/web"], ["--region", "eu-west-1"]] {
        let output = stage.run(&[&["check", "--appspec", &stage.appspec], &flag[..]].concat());
        assert_eq!(output.code, 2, "{flag:?}");
        assert!(output.stderr.contains("--online"), "{}", output.stderr);
    }
    assert_eq!(stage.aws.all_calls().len(), 0);
}

/// moto has everything but the simulation of policies, and the quotas of Fargate.
#[test]
#[expect(clippy::too_many_lines, reason = "one account, resource by resource")]
fn moto_agrees() {
    let Some(moto) = Moto::shared() else { return };
    let keys = moto.session(ACCOUNT);
    let environment = Environment::of_aws(&moto.url(), REGION, &keys);
    let call = |service: &str, operation: &str, parameters: Value| {
        let answer = boto(&environment, &json!([[service, operation, parameters]])).expect("an answer").remove(0);
        assert!(!answer.is_array(), "{service} {operation}: {answer}");
        answer
    };
    let name = unique::name("online");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let vpc = text(&call("ec2", "create_vpc", json!({"CidrBlock": "10.9.0.0/16"}))["Vpc"]["VpcId"]);
    let subnet = |cidr: &str, zone: &str| {
        let subnet = call("ec2", "create_subnet", json!({"VpcId": vpc, "CidrBlock": cidr, "AvailabilityZone": zone}));
        text(&subnet["Subnet"]["SubnetId"])
    };
    let subnets = [subnet("10.9.1.0/24", "eu-west-1a"), subnet("10.9.2.0/24", "eu-west-1b")];
    let security_group = text(
        &call("ec2", "create_security_group", json!({"GroupName": name, "Description": "x", "VpcId": vpc}))["GroupId"],
    );
    let target_group = |color: &str| {
        let parameters = json!({"Name": format!("{name}-{color}"), "Protocol": "HTTP", "Port": 8080, "VpcId": vpc, "TargetType": "ip"});
        text(&call("elbv2", "create_target_group", parameters)["TargetGroups"][0]["TargetGroupArn"])
    };
    let (blue, green) = (target_group("blue"), target_group("green"));
    let balancer = call(
        "elbv2",
        "create_load_balancer",
        json!({"Name": name, "Subnets": subnets, "SecurityGroups": [security_group]}),
    );
    let balancer = text(&balancer["LoadBalancers"][0]["LoadBalancerArn"]);
    let listener = |port: u16, target: &str| {
        let actions = json!([{"Type": "forward", "TargetGroupArn": target}]);
        let parameters =
            json!({"LoadBalancerArn": balancer, "Protocol": "HTTP", "Port": port, "DefaultActions": actions});
        text(&call("elbv2", "create_listener", parameters)["Listeners"][0]["ListenerArn"])
    };
    let (production, green_listener) = (listener(80, &blue), listener(8080, &green));
    let role = |suffix: &str, service: &str| {
        let policy = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"Service": service}}]});
        let parameters =
            json!({"RoleName": format!("{name}-{suffix}"), "AssumeRolePolicyDocument": policy.to_string()});
        text(&call("iam", "create_role", parameters)["Role"]["Arn"])
    };
    let (task_role, service_role) =
        (role("task", "ecs-tasks.amazonaws.com"), role("deploy", "codedeploy.amazonaws.com"));
    call("ecr", "create_repository", json!({"repositoryName": name}));
    let media = "application/vnd.docker.distribution.manifest.list.v2+json";
    let digest = format!("sha256:{}", "a".repeat(64));
    let manifest = json!({"schemaVersion": 2, "mediaType": media, "manifests": [{"mediaType":
        "application/vnd.docker.distribution.manifest.v2+json", "size": 1, "digest": digest,
        "platform": {"os": "linux", "architecture": "arm64"}}]});
    call(
        "ecr",
        "put_image",
        json!({"repositoryName": name, "imageManifest": manifest.to_string(), "imageTag": "1",
        "imageManifestMediaType": media}),
    );
    let secret = text(&call("secretsmanager", "create_secret", json!({"Name": name, "SecretString": "x"}))["ARN"]);
    call("ssm", "put_parameter", json!({"Name": format!("/{name}/p"), "Value": "x", "Type": "SecureString"}));
    call("logs", "create_log_group", json!({"logGroupName": format!("/ecs/{name}")}));
    call("ecs", "create_cluster", json!({"clusterName": name}));
    let task_definition = |architecture: &str| {
        json!({
            "family": name, "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
            "taskRoleArn": task_role, "executionRoleArn": task_role,
            "runtimePlatform": {"cpuArchitecture": architecture, "operatingSystemFamily": "LINUX"},
            "containerDefinitions": [{
                "name": "app", "image": format!("{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{name}:1"), "essential": true,
                "portMappings": [{"containerPort": 8080, "protocol": "tcp"}],
                "secrets": [{"name": "A", "valueFrom": secret}, {"name": "B", "valueFrom": format!("/{name}/p")}],
                "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": format!("/ecs/{name}"),
                    "awslogs-region": REGION, "awslogs-stream-prefix": "app"}},
            }],
        })
    };
    let registered = call("ecs", "register_task_definition", task_definition("ARM64"));
    let revision = text(&registered["taskDefinition"]["taskDefinitionArn"]);
    let balancers = json!([{"targetGroupArn": blue, "containerName": "app", "containerPort": 8080}]);
    let network = json!({"awsvpcConfiguration": {"subnets": subnets, "securityGroups": [security_group], "assignPublicIp": "DISABLED"}});
    call(
        "ecs",
        "create_service",
        json!({"cluster": name, "serviceName": name, "taskDefinition": revision, "desiredCount": 2,
        "launchType": "FARGATE", "deploymentController": {"type": "CODE_DEPLOY"}, "loadBalancers": balancers,
        "networkConfiguration": network}),
    );
    let resource = format!("service/{name}/{name}");
    let scaling = json!({"ServiceNamespace": "ecs", "ResourceId": resource, "ScalableDimension": "ecs:service:DesiredCount",
        "MinCapacity": 1, "MaxCapacity": 4, "SuspendedState": {"DynamicScalingOutSuspended": true}});
    call("application-autoscaling", "register_scalable_target", scaling);
    call("codedeploy", "create_application", json!({"applicationName": name, "computePlatform": "ECS"}));
    let pair = |test: &str| {
        json!({"targetGroupPairInfoList": [{"targetGroups": [{"name": format!("{name}-blue")}, {"name": format!("{name}-green")}],
        "prodTrafficRoute": {"listenerArns": [production]}, "testTrafficRoute": {"listenerArns": [test]}}]})
    };
    call(
        "codedeploy",
        "create_deployment_group",
        json!({"applicationName": name, "deploymentGroupName": name,
        "serviceRoleArn": service_role, "deploymentConfigName": "CodeDeployDefault.ECSAllAtOnce",
        "ecsServices": [{"serviceName": name, "clusterName": name}], "loadBalancerInfo": pair(&green_listener),
        "deploymentStyle": {"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"},
        "blueGreenDeploymentConfiguration": {"deploymentReadyOption": {"actionOnTimeout": "CONTINUE_DEPLOYMENT"},
            "terminateBlueInstancesOnDeploymentSuccess": {"action": "TERMINATE", "terminationWaitTimeInMinutes": 5}}}),
    );

    let scratch = Scratch::new();
    let appspec =
        scratch.write("appspec.json", samples::appspec("<TASK_DEFINITION>").to_string()).display().to_string();
    let run = |task_definition: &Value| {
        let taskdef = scratch.write("taskdef.json", task_definition.to_string()).display().to_string();
        let flags = [
            "check",
            "--appspec",
            &appspec,
            "--taskdef",
            &taskdef,
            "--online",
            "--application",
            &name,
            "--deployment-group",
            &name,
            "--output",
            "json",
        ];
        let output = Run::new(flags).environment(environment.clone()).run();
        (rules(&output), output.text())
    };
    let check = |rules: &BTreeMap<String, String>, expect: &[(&str, &[&str])], text: &str| {
        for (status, codes) in expect {
            for code in *codes {
                assert_eq!(rules[*code], *status, "{code}: {text}");
            }
        }
    };
    let (rules, text) = run(&task_definition("ARM64"));
    let passed: &[&str] = &[
        "ACC01", "ACC02", "ACC03", "ACC05", "ACC07", "ACC09", "ACC11", "ACC12", "ACC13", "ACC14", "ACC15", "ACC16",
        "ACC17", "ACC18",
    ];
    // The test listener forwards to the other target group, and scaling out is suspended.
    check(
        &rules,
        &[
            ("passed", passed),
            ("error", &["ACC04"]),
            ("warning", &["ACC20"]),
            ("not_checked", &["ACC10", "ACC21"]),
            ("not_applicable", &["ACC06", "ACC08", "ACC19"]),
        ],
        &text,
    );

    let mut wrong = task_definition("X86_64");
    let container = &mut wrong["containerDefinitions"][0];
    container["secrets"] =
        json!([{"name": "A", "valueFrom": format!("{secret}x")}, {"name": "B", "valueFrom": format!("/{name}/q")}]);
    container["logConfiguration"]["options"]["awslogs-group"] = json!(format!("/ecs/{name}-other"));
    wrong["taskRoleArn"] = json!(format!("{task_role}-other"));
    let (rules, text) = run(&wrong);
    check(&rules, &[("error", &["ACC09", "ACC12", "ACC13", "ACC14", "ACC15"])], &text);
    wrong["containerDefinitions"][0]["image"] = json!(format!("{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/{name}:2"));
    let (rules, text) = run(&wrong);
    check(&rules, &[("error", &["ACC11"]), ("not_checked", &["ACC12"])], &text);
}
