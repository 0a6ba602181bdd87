mod every_member;
mod large;
mod three_ways;
mod unified;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::*;
use crate::artifact::appspec::{CapacityProvider, Hook, Network};

const FIXTURES: [&str; 3] = [
    include_str!("../../../fixtures/fargate-web.json"),
    include_str!("../../../fixtures/sidecars-and-volumes.json"),
    include_str!("../../../fixtures/members-of-tomorrow.json"),
];

fn described(value: &Value) -> TaskDefinition {
    TaskDefinition::described(&value.to_string(), "a test").expect("a task definition")
}

fn side(name: &str, value: &Value) -> Side {
    Side { name: name.to_owned(), task_definition: Some(described(value)), appspec: None }
}

/// What runs: a web container with variables, secrets and a log, and a sidecar.
fn running() -> Value {
    json!({
        "family": "shop-web", "revision": 7, "networkMode": "awsvpc", "cpu": "256", "memory": "512",
        "executionRoleArn": "arn:aws:iam::111111111111:role/execution",
        "requiresCompatibilities": ["FARGATE"],
        "containerDefinitions": [
            {
                "name": "web", "image": "registry.example.com/shop:1.4.2", "essential": true,
                "portMappings": [{ "containerPort": 8080, "hostPort": 8080, "protocol": "tcp" }],
                "environment": [{ "name": "STAGE", "value": "planted-1" }, { "name": "OLD", "value": "planted-2" }],
                "secrets": [{ "name": "TOKEN", "valueFrom": "shop/token" }],
                "healthCheck": { "command": ["CMD-SHELL", "true"], "interval": 30, "timeout": 5, "retries": 3 },
                "logConfiguration": { "logDriver": "splunk", "options": { "splunk-token": "planted-3", "splunk-url": "https://a" } },
            },
            { "name": "old", "image": "envoy:1", "environment": [{ "name": "KEY", "value": "planted-4" }] },
        ],
        "tags": [{ "key": "team", "value": "shop" }],
    })
}

/// The same with a change of each kind.
fn changed() -> Value {
    let mut changed = running();
    changed["revision"] = Value::Null;
    changed["cpu"] = json!(".5 vCPU");
    changed["executionRoleArn"] = Value::Null;
    changed["ephemeralStorage"] = json!({ "sizeInGiB": 30 });
    changed["volumes"] = json!([{ "name": "tmp" }]);
    changed["tags"] = json!([{ "key": "team", "value": "web shop" }, { "key": "stage", "value": "prod" }]);
    let web = &mut changed["containerDefinitions"][0];
    web["image"] = json!("registry.example.com/shop:1.5.0");
    web["portMappings"] = json!([{ "containerPort": 9090 }, { "containerPort": 8080 }]);
    web["environment"] = json!([{ "name": "NEW", "value": "planted-5" }, { "name": "STAGE", "value": "planted-6" }]);
    web["secrets"] =
        json!([{ "name": "TOKEN", "valueFrom": "shop/other" }, { "name": "KEY", "valueFrom": "shop/key" }]);
    web["healthCheck"]["retries"] = json!(5);
    web["logConfiguration"]["options"] = json!({ "splunk-token": "planted-7", "splunk-url": "https://b" });
    web["command"] = json!(["serve", "--port", "9090"]);
    changed["containerDefinitions"][1] =
        json!({ "name": "log", "image": "fluent-bit:1", "environment": [{ "name": "KEY", "value": "planted-8" }] });
    changed
}

fn compare(before: &Value, after: &Value, values: Values) -> Diff {
    diff(&side("prod/shop (shop-web:7)", before), &side("shop.zip", after), values)
}

/// Everything that can be printed of a comparison.
fn printed(before: &Side, after: &Side, diff: &Diff) -> String {
    format!("{}{}{}{diff:?}", diff.text(), diff.to_json(), unified(before, after, Values::Hidden))
}

#[test]
fn every_kind_of_change_has_its_line() {
    expect![[r#"
        prod/shop (shop-web:7) -> shop.zip

        + container log
          + environment KEY: (hidden)
          + image: fluent-bit:1

        - container old
          - environment KEY: (hidden)
          - image: envoy:1

        container web
          ~ image: registry.example.com/shop:1.4.2 -> registry.example.com/shop:1.5.0 (tag)
          + command: ["serve","--port","9090"]
          + environment NEW: (hidden)
          - environment OLD: (hidden)
          ~ environment STAGE: (hidden)
          ~ healthCheck.retries: 3 -> 5
          ~ logConfiguration.options.splunk-token: (hidden)
          ~ logConfiguration.options.splunk-url: https://a -> https://b
          ~ portMappings
              + {"containerPort":9090}
          + secret KEY: shop/key
          ~ secret TOKEN: shop/token -> shop/other

        task definition
          ~ cpu: 256 -> 512
          + ephemeralStorage.sizeInGiB: 30
          - executionRoleArn: arn:aws:iam::111111111111:role/execution
          + volumes[tmp]

        tags
          + stage: prod
          ~ team: shop -> "web shop"

        19 changes: new container log, container old removed, web image, web command, 3 environment variables, web healthCheck, web logConfiguration, web portMappings, 6 more
    "#]].assert_eq(&compare(&running(), &changed(), Values::Hidden).text());
}

#[test]
fn values_are_shown_if_they_are_asked_for() {
    let text = compare(&running(), &changed(), Values::Shown).text();
    for line in
        ["  ~ environment STAGE: planted-1 -> planted-6", "  + environment NEW: planted-5", "  + secret KEY: shop/key"]
    {
        assert!(text.lines().any(|it| it == line), "{line}\n{text}");
    }
}

#[test]
fn programs_read_the_same() {
    let json = compare(&running(), &changed(), Values::Hidden).to_json();
    assert_eq!(json["summary"], compare(&running(), &changed(), Values::Hidden).summary());
    let change = |path: &str| {
        let all = json["changes"].as_array().expect("changes");
        all.iter().find(|change| change["path"] == path).unwrap_or_else(|| panic!("{path} in {json}")).clone()
    };
    assert_eq!(
        change("containerDefinitions[web].environment[STAGE].value"),
        json!({
            "path": "containerDefinitions[web].environment[STAGE].value", "kind": "changed", "before": "***",
            "after": "***", "hidden": true,
        })
    );
    assert_eq!(
        change("containerDefinitions[web].environment[OLD]"),
        json!({
            "path": "containerDefinitions[web].environment[OLD]", "kind": "removed",
            "before": { "name": "OLD", "value": "***" }, "after": null, "hidden": true,
        })
    );
    assert_eq!(
        change("cpu"),
        json!({ "path": "cpu", "kind": "changed", "before": "256", "after": "512", "hidden": false })
    );
    let log = change("containerDefinitions[log]");
    assert_eq!((&log["kind"], &log["hidden"]), (&json!("added"), &json!(true)));
}

#[test]
fn a_unified_diff_has_a_line_for_each_value() {
    let sides = (side("prod/shop (shop-web:7)", &running()), side("shop.zip", &changed()));
    expect![[r#"
        --- prod/shop (shop-web:7)
        +++ shop.zip
        @@ -1,25 +1,32 @@
        +containerDefinitions[log].environment[KEY].name: "KEY"
        +containerDefinitions[log].environment[KEY].value: "***"
        +containerDefinitions[log].image: "fluent-bit:1"
        +containerDefinitions[log].name: "log"
        -containerDefinitions[old].environment[KEY].name: "KEY"
        -containerDefinitions[old].environment[KEY].value: "***"
        -containerDefinitions[old].image: "envoy:1"
        -containerDefinitions[old].name: "old"
        +containerDefinitions[web].command: ["serve","--port","9090"]
        +containerDefinitions[web].environment[NEW].name: "NEW"
        +containerDefinitions[web].environment[NEW].value: "***"
        -containerDefinitions[web].environment[OLD].name: "OLD"
        -containerDefinitions[web].environment[OLD].value: "***"
         containerDefinitions[web].environment[STAGE].name: "STAGE"
        -containerDefinitions[web].environment[STAGE].value: "***"
        +containerDefinitions[web].environment[STAGE].value: "***"
         containerDefinitions[web].healthCheck.command: ["CMD-SHELL","true"]
        +containerDefinitions[web].healthCheck.retries: 5
        -containerDefinitions[web].image: "registry.example.com/shop:1.4.2"
        +containerDefinitions[web].image: "registry.example.com/shop:1.5.0"
         containerDefinitions[web].logConfiguration.logDriver: "splunk"
        -containerDefinitions[web].logConfiguration.options.splunk-token: "***"
        +containerDefinitions[web].logConfiguration.options.splunk-token: "***"
        -containerDefinitions[web].logConfiguration.options.splunk-url: "https://a"
        +containerDefinitions[web].logConfiguration.options.splunk-url: "https://b"
         containerDefinitions[web].name: "web"
        -containerDefinitions[web].portMappings: [{"containerPort":8080}]
        +containerDefinitions[web].portMappings: [{"containerPort":8080},{"containerPort":9090}]
        +containerDefinitions[web].secrets[KEY].name: "KEY"
        +containerDefinitions[web].secrets[KEY].valueFrom: "shop/key"
         containerDefinitions[web].secrets[TOKEN].name: "TOKEN"
        -containerDefinitions[web].secrets[TOKEN].valueFrom: "shop/token"
        +containerDefinitions[web].secrets[TOKEN].valueFrom: "shop/other"
        -cpu: "256"
        +cpu: "512"
        +ephemeralStorage.sizeInGiB: 30
        -executionRoleArn: "arn:aws:iam::111111111111:role/execution"
         family: "shop-web"
         memory: "512"
         networkMode: "awsvpc"
         requiresCompatibilities: ["FARGATE"]
        +tags[stage].key: "stage"
        +tags[stage].value: "prod"
         tags[team].key: "team"
        -tags[team].value: "shop"
        +tags[team].value: "web shop"
        +volumes[tmp].name: "tmp"
    "#]]
    .assert_eq(&unified(&sides.0, &sides.1, Values::Hidden));
    assert_eq!(unified(&sides.0, &sides.0, Values::Hidden), "");
}

/// What `patch` does: the hunks of each comparison turn the lines of the one side into those of the other.
#[test]
fn a_unified_diff_can_be_applied() {
    for (before, after) in [(running(), changed()), (changed(), running())] {
        let sides = (side("a", &before), side("b", &after));
        let lines = |side: &Side| -> Vec<String> {
            let empty = Side { task_definition: Some(described(&json!({}))), ..Side::default() };
            let all = unified(&empty, side, Values::Shown);
            all.lines().skip(3).map(|line| line.trim_start_matches('+').to_owned()).collect()
        };
        let (old, new) = (lines(&sides.0), lines(&sides.1));
        assert!(old.len() > 15 && old != new, "{old:?}");
        let (mut made, mut at) = (Vec::new(), 0);
        for line in unified(&sides.0, &sides.1, Values::Shown).lines().skip(2) {
            let (mark, text) = line.split_at(1);
            if mark == "@" {
                let number = |mark: char| -> usize {
                    let numbers = line.split(mark).nth(1).expect("numbers").split([',', ' ']).next();
                    numbers.and_then(|number| number.parse().ok()).expect("a number")
                };
                let start = number('-') - 1;
                made.extend(old[at..start].iter().cloned());
                at = start;
                assert_eq!(number('+') - 1, made.len(), "{line}");
                continue;
            }
            if mark != "+" {
                assert_eq!(text, old[at]);
                at += 1;
            }
            if mark != "-" {
                made.push(text.to_owned());
            }
        }
        made.extend(old[at..].iter().cloned());
        assert_eq!(made, new);
    }
}

#[test]
fn nothing_differs_from_itself() {
    let answers = FIXTURES.map(|text| TaskDefinition::described(text, "a fixture").expect("a task definition"));
    for task_definition in answers.into_iter().chain([described(&running())]) {
        let canonical = Value::Object(task_definition.canonical());
        let same = Side { task_definition: Some(task_definition), ..Side::default() };
        for other in [same.clone(), side("", &canonical)] {
            let found = diff(&same, &other, Values::Hidden);
            assert!(found.is_empty() && found.changes.is_empty() && found.notes.is_empty(), "{found:?}");
            assert_eq!(unified(&same, &other, Values::Hidden), "");
            assert_eq!(found.summary(), "no changes");
        }
    }
}

#[test]
fn no_environment_value_leaks() {
    let (before, after) = (side("a", &running()), side("b", &changed()));
    let mut diff = diff(&before, &after, Values::Hidden);
    let theirs = {
        let mut theirs = running();
        theirs["containerDefinitions"][0]["environment"][0]["value"] = json!("planted-9");
        theirs
    };
    diff.three_way =
        Some(ThreeWay::of(&described(&running()), &described(&theirs), &described(&changed()), Values::Hidden));
    let text = printed(&before, &after, &diff);
    assert!(!text.contains("planted") && text.contains("environment[STAGE]"), "{text}");
}

#[test]
fn placeholders_are_notes() {
    let mut after = running();
    after["containerDefinitions"][0]["image"] = json!("<IMAGE1_NAME>");
    after["containerDefinitions"][0]["environment"][0]["value"] = json!("<IMAGE1_NAME>");
    let found = compare(&running(), &after, Values::Hidden);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(
        found.notes,
        [
            "container web environment STAGE <IMAGE1_NAME> is filled in at deployment",
            "container web image <IMAGE1_NAME> is filled in at deployment",
        ]
    );
    let other = compare(&after, &running(), Values::Hidden);
    assert_eq!(other.changes.len(), 2, "a placeholder that goes is a change");
    let mut renamed = after.clone();
    renamed["containerDefinitions"][0]["image"] = json!("<OTHER>");
    assert_eq!(compare(&after, &renamed, Values::Hidden).changes.len(), 1, "{renamed}");
}

fn appspec() -> AppSpec {
    AppSpec::new("<TASK_DEFINITION>", "web", 8080)
}

fn network(subnets: &[&str]) -> Network {
    let texts = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    Network::new(texts(subnets), texts(&["sg-1"]), "DISABLED").expect("a network")
}

fn of_appspecs(before: AppSpec, after: AppSpec, expect: &Expect) {
    let side = |appspec| Side { appspec: Some(appspec), ..Side::default() };
    let found = diff(&side(before), &side(after), Values::Hidden);
    let paths: Vec<String> = found.changes.iter().map(Change::path).collect();
    expect.assert_eq(&format!("{}\n{}", paths.join("\n"), found.summary()));
}

#[test]
fn properties_of_the_appspec_count() {
    of_appspecs(
        appspec(),
        AppSpec { platform_version: Some("LATEST".to_owned()), ..appspec() },
        &expect![[r#"

        no changes"#]],
    );
    of_appspecs(
        AppSpec { network: Some(network(&["subnet-1", "subnet-2"])), ..appspec() },
        AppSpec {
            network: Some(network(&["subnet-2", "subnet-1"])),
            version: None,
            resource_name: "Mine".to_owned(),
            ..appspec()
        },
        &expect![[r#"

            no changes"#]],
    );
    let provider = |name: &str, weight| CapacityProvider { name: name.to_owned(), base: 0, weight };
    of_appspecs(
        AppSpec {
            network: Some(network(&["subnet-1"])),
            capacity_provider_strategy: vec![provider("FARGATE", 1), provider("FARGATE_SPOT", 1)],
            hooks: vec![(Hook::BeforeInstall, "old".to_owned())],
            ..appspec()
        },
        AppSpec {
            container_port: 9090,
            platform_version: Some("1.3.0".to_owned()),
            network: Some(network(&["subnet-2"])),
            capacity_provider_strategy: vec![provider("FARGATE_SPOT", 3)],
            hooks: vec![(Hook::BeforeInstall, "new".to_owned()), (Hook::AfterInstall, "new".to_owned())],
            task_definition: "arn:aws:ecs:eu-west-1:111111111111:task-definition/web:7".to_owned(),
            ..appspec()
        },
        &expect![[r#"
            AppSpec.CapacityProviderStrategy[FARGATE]
            AppSpec.CapacityProviderStrategy[FARGATE_SPOT].Weight
            AppSpec.Hooks.AfterInstall
            AppSpec.Hooks.BeforeInstall
            AppSpec.LoadBalancerInfo.ContainerPort
            AppSpec.NetworkConfiguration.AwsvpcConfiguration.Subnets
            AppSpec.PlatformVersion
            AppSpec.TaskDefinition
            8 changes: AppSpec CapacityProviderStrategy, AppSpec Hooks, AppSpec ContainerPort, AppSpec Subnets, AppSpec PlatformVersion, AppSpec TaskDefinition"#]],
    );
}

#[test]
fn what_one_side_does_not_have_is_said() {
    let (mut before, after) = (side("a", &running()), side("b", &running()));
    before.appspec = Some(appspec());
    assert_eq!(diff(&before, &after, Values::Hidden).notes, ["the AppSpec was not compared: b has none"]);
    assert_eq!(
        diff(&after, &before, Values::Hidden).notes,
        [
            "the AppSpec was not compared: a has none",
            "AppSpec TaskDefinition <TASK_DEFINITION> is filled in at deployment",
        ]
        .map(|note| note.replace(": a has", ": b has"))
    );
}

#[test]
fn foreign_text_adds_no_line() {
    let mut after = running();
    after["containerDefinitions"][0]["command"] = json!(["a\n+ b\u{1b}[31m"]);
    after["containerDefinitions"][0]["user"] = json!("x\n! undone");
    after["containerDefinitions"][0]["dockerLabels"] = json!({ "a\nb": "c" });
    after["tags"] = json!([{ "key": "k\nk", "value": "v\nv" }]);
    let (before, after) = (side("a\nb", &running()), side("c\nd", &after));
    let diff = diff(&before, &after, Values::Shown);
    for text in [diff.text(), unified(&before, &after, Values::Shown)] {
        let begins = |line: &str| ["! undone", "+ b", "b", "d", "k", "v"].iter().any(|part| line.trim() == *part);
        assert!(!text.lines().any(begins) && !text.contains('\u{1b}'), "{text}");
    }
}
