use expect_test::{Expect, expect};

use super::*;

const WEB: &str = include_str!("../../../fixtures/fargate-web.json");
const SIDECARS: &str = include_str!("../../../fixtures/sidecars-and-volumes.json");
const TOMORROW: &str = include_str!("../../../fixtures/members-of-tomorrow.json");

/// The second opinion on losslessness: plain JSON; the nine members, the wrapper and the one null taken off by hand.
fn by_hand(answer: &str) -> Value {
    let mut answer: Value = serde_json::from_str(answer).expect("a fixture");
    let tags = answer.get("tags").cloned();
    let mut members = answer["taskDefinition"].take();
    let map = members.as_object_mut().expect("an object");
    for member in RESPONSE_ONLY {
        map.shift_remove(member);
    }
    if let Some(tags) = tags {
        map.insert("tags".to_owned(), tags);
    }
    if let Some(Value::Object(slice)) = members.pointer_mut("/containerDefinitions/0/gpuSlices/0") {
        slice.shift_remove("note");
    }
    members
}

#[test]
fn all_but_nine_members_survive_in_their_order() {
    for answer in [WEB, SIDECARS, TOMORROW] {
        let task_definition = TaskDefinition::parse(answer, "x").expect("a task definition");
        // Compared as text: the order of keys and the text of numbers count.
        assert_eq!(task_definition.to_json(), format!("{:#}\n", by_hand(answer)));
    }
}

#[test]
fn numbers_and_escapes_are_kept_as_they_were_written() {
    let json = TaskDefinition::parse(TOMORROW, "x").expect("a task definition").to_json();
    for text in ["\"share\": 0.10", "12345678901234567890123", "1e+400", "\"region-hint\": \"\""] {
        assert!(json.contains(text), "{text}");
    }
    let json = TaskDefinition::parse(SIDECARS, "x").expect("a task definition").to_json();
    assert!(json.contains(r#""café \"1.10\"","#) && json.contains(r#""${HOME}/<bin>""#));
}

#[test]
fn what_was_removed_is_said() {
    let removed = |answer| TaskDefinition::parse(answer, "x").expect("a task definition").removed().join(" ");
    assert_eq!(
        removed(WEB),
        "taskDefinitionArn revision status requiresAttributes compatibilities registeredAt registeredBy"
    );
    assert_eq!(removed(TOMORROW), "taskDefinitionArn revision status compatibilities deregisteredAt deleteRequestedAt");
}

/// `path (reason)` of everything left out, and the rest as JSON in one line.
fn check_left_out(text: &str, left_out: &str, rest: &str) {
    let task_definition = TaskDefinition::parse(text, "taskdef.json").expect(text);
    assert_eq!(task_definition.left_out().join(", "), left_out);
    let json: Value = serde_json::from_str(&task_definition.to_json()).expect("JSON");
    let members =
        json.as_object().expect("an object").iter().filter(|(name, _)| *name != "family" && *name != "networkMode");
    assert_eq!(Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect()).to_string(), rest);
}

#[test]
fn nulls_of_the_old_console_are_left_out_at_every_depth() {
    let with = |rest: &str| format!(r#"{{"family":"shop","networkMode":"awsvpc",{rest}}}"#);
    check_left_out(
        &with(
            r#""ipcMode":null,"containerDefinitions":[{"name":"web","secrets":null,"linuxParameters":{"maxSwap":null},
            "environment":[{"name":"A","value":""},null,{"name":"B","value":null}],"command":[null,"x"],"unknown":{"of":[[null]]}},
            null],"volumes":[{"name":"tmp","host":{"sourcePath":null}}],"tags":null"#,
        ),
        "ipcMode (null), containerDefinitions[0].secrets (null), containerDefinitions[0].linuxParameters.maxSwap (null), \
         containerDefinitions[0].environment[1] (null), containerDefinitions[0].environment[2].value (null), \
         containerDefinitions[0].command[0] (null), containerDefinitions[0].unknown.of[0][0] (null), \
         containerDefinitions[1] (null), volumes[0].host.sourcePath (null), tags (null)",
        r#"{"containerDefinitions":[{"name":"web","linuxParameters":{},"environment":[{"name":"A","value":""},{"name":"B"}],"command":["x"],"unknown":{"of":[[]]}}],"volumes":[{"name":"tmp","host":{}}]}"#,
    );
    let many = format!("[{}1]", "null,".repeat(250));
    let text = with(&format!(r#""containerDefinitions":[{{"name":"web"}}],"unknown":{many}"#));
    let names = TaskDefinition::parse(&text, "x").expect("a task definition").left_out();
    assert_eq!((names.len(), names.last().map(String::as_str)), (101, Some("150 more")));
}

#[test]
fn empty_tags_are_left_out_wherever_they_are() {
    let bare = |tags: &str| {
        format!(r#"{{"family":"shop",{tags}"networkMode":"awsvpc","containerDefinitions":[{{"name":"web"}}]}}"#)
    };
    let rest = r#"{"containerDefinitions":[{"name":"web"}]}"#;
    let tagged = r#"{"containerDefinitions":[{"name":"web"}],"tags":[{"key":"a","value":""}]}"#;
    let wrapped = |inner: &str, outer: &str| format!(r#"{{"taskDefinition":{}{outer}}}"#, bare(inner));
    check_left_out(&bare(r#""tags":[],"#), "tags (empty)", rest);
    check_left_out(&bare(r#""tags":[null],"#), "tags[0] (null), tags (empty)", rest);
    check_left_out(&wrapped("", r#","tags":[]"#), "tags (empty)", rest);
    check_left_out(&wrapped("", r#","tags":null"#), "tags (null)", rest);
    check_left_out(&wrapped(r#""tags":[],"#, r#","tags":[{"key":"a","value":""}]"#), "tags (empty)", tagged);
    check_left_out(&wrapped("", ""), "", rest);
    // Only the tags of the task definition itself: other empty lists are legal.
    check_left_out(
        r#"{"family":"shop","networkMode":"awsvpc","containerDefinitions":[{"name":"web","tags":[],"environment":[]}],"volumes":[]}"#,
        "",
        r#"{"containerDefinitions":[{"name":"web","tags":[],"environment":[]}],"volumes":[]}"#,
    );
}

#[test]
fn a_revision_that_is_not_active_is_known() {
    let status = |status| {
        let text = replace(r#""ACTIVE""#, status)(WEB);
        TaskDefinition::parse(&text, "x").expect("a task definition").inactive().map(str::to_owned)
    };
    assert_eq!(status(r#""ACTIVE""#), None);
    assert_eq!(status(r#""INACTIVE""#).as_deref(), Some("INACTIVE"));
    assert_eq!(status(r#""DELETE_IN_PROGRESS""#).as_deref(), Some("DELETE_IN_PROGRESS"));
}

#[test]
fn a_task_definition_may_be_bare() {
    let bare = by_hand(WEB).to_string();
    let task_definition = TaskDefinition::parse(&bare, "taskdef.json").expect("a task definition");
    assert_eq!((task_definition.name().as_str(), task_definition.arn()), ("shop-web", None));
    assert!(task_definition.removed().is_empty());
    assert_eq!(task_definition.to_json(), TaskDefinition::parse(WEB, "x").expect("a task definition").to_json());
}

#[test]
fn images_are_set_in_place() {
    let mut task_definition = TaskDefinition::parse(SIDECARS, "x").expect("a task definition");
    let before = task_definition.to_json();
    assert!(task_definition.set_image("envoy", "<IMAGE1_NAME>"));
    assert!(!task_definition.set_image("absent", "x"));
    let changed: Vec<(String, String)> = before
        .lines()
        .zip(task_definition.to_json().lines())
        .filter(|(before, after)| before != after)
        .map(|(before, after)| (before.trim().to_owned(), after.trim().to_owned()))
        .collect();
    assert_eq!(
        changed,
        [(
            r#""image": "public.ecr.aws/appmesh/aws-appmesh-envoy:v1.29.9.0-prod","#.to_owned(),
            r#""image": "<IMAGE1_NAME>","#.to_owned()
        )]
    );
}

fn check(change: impl Fn(&str) -> String, expected: &Expect) {
    let shown = match TaskDefinition::parse(&change(WEB), "taskdef.json") {
        Ok(task_definition) => task_definition.name(),
        Err(error) => error.report(),
    };
    expected.assert_eq(&shown);
}

fn replace(from: &'static str, to: &'static str) -> impl Fn(&str) -> String {
    move |text| {
        assert!(text.contains(from), "{from} is not in the fixture");
        text.replacen(from, to, 1)
    }
}

#[test]
fn what_ecs_or_fargate_would_refuse_later_is_refused_now() {
    check(
        replace(r#"["EC2", "FARGATE"]"#, r#"["EC2"]"#),
        &expect![[r#"
        TD03: shop-web:7 is not Fargate-compatible (compatibilities: EC2)
        hint: register the family with requiresCompatibilities ["FARGATE"]"#]],
    );
    check(
        replace(r#""requiresCompatibilities": ["FARGATE"]"#, r#""requiresCompatibilities": ["EXTERNAL"]"#),
        &expect![[r#"
        TD03: shop-web:7 is not Fargate-compatible (requiresCompatibilities: EXTERNAL)
        hint: register the family with requiresCompatibilities ["FARGATE"]"#]],
    );
    check(
        replace(r#""awsvpc""#, r#""bridge""#),
        &expect![[r#"
        TD04: shop-web:7: Fargate needs networkMode awsvpc, found "bridge"
        hint: set "networkMode": "awsvpc" in the task definition"#]],
    );
    check(
        replace(r#""networkMode": "awsvpc","#, ""),
        &expect![[r#"
        TD04: shop-web:7: Fargate needs networkMode awsvpc, found none
        hint: set "networkMode": "awsvpc" in the task definition"#]],
    );
    check(
        replace(r#""memory": "512","#, r#""memory": "512",,"#),
        &expect![[r#"
            TD05: taskdef.json line 45 column 21: key must be a string
            hint: check quotes, commas, brackets and indentation at this position"#]],
    );
    check(
        replace(r#""value": """#, r#""value": "","#),
        &expect![[r#"
        TD05: taskdef.json line 15 column 46: trailing comma
        hint: remove the comma"#]],
    );
    check(
        replace(r#""cpu": 0,"#, "\"cpu\": 0, // shares"),
        &expect![[r#"
        TD05: taskdef.json line 8 column 19: comment
        hint: remove the comment; JSON does not allow comments"#]],
    );
    check(
        replace(r#""containerPort": 8080"#, r#""containerPort": "8080""#),
        &expect![[r#"
            TD09: taskdef.json: containerDefinitions[0].portMappings[0].containerPort must be a whole number without quotes
            hint: write a whole number without quotes, such as 1"#]],
    );
    check(
        replace(r#""cpu": "256""#, r#""cpu": 256"#),
        &expect![[r#"
            TD09: taskdef.json: cpu must be text in quotes
            hint: write text in quotes, such as "text""#]],
    );
    check(
        replace(r#""value": "prod""#, r#""value": 1"#),
        &expect![[r#"
            TD09: taskdef.json: containerDefinitions[0].environment[0].value must be text in quotes
            hint: write text in quotes, such as "text""#]],
    );
    check(
        replace(r#""name": "web","#, ""),
        &expect![[r#"
            TD08: taskdef.json: containerDefinitions[0].name is missing
            hint: use a task definition as `aws ecs describe-task-definition` prints it, or as register-task-definition accepts it"#]],
    );
    check(
        replace(r#""family": "shop-web","#, ""),
        &expect![[r#"
            TD08: taskdef.json: family is missing
            hint: use a task definition as `aws ecs describe-task-definition` prints it, or as register-task-definition accepts it"#]],
    );
    check(
        replace(r#""family": "shop-web","#, r#""family": "shop-web", "family": "x","#),
        &expect![[r#"
            TD05: taskdef.json line 30 column 27: key "family" is given twice (first at line 30)
            hint: remove one of them"#]],
    );
    check(
        |_| "[]".to_owned(),
        &expect![[r#"
            TD05: taskdef.json must be a JSON object
            hint: use a task definition as `aws ecs describe-task-definition` prints it, or as register-task-definition accepts it"#]],
    );
    check(
        |_| r#"{"taskDefinition": 7}"#.to_owned(),
        &expect![[r#"
            TD05: taskDefinition of taskdef.json must be a JSON object
            hint: use a task definition as `aws ecs describe-task-definition` prints it, or as register-task-definition accepts it"#]],
    );
    check(
        |_| "{".repeat(2000),
        &expect![[r#"
            TD05: taskdef.json line 1 column 2: key must be a string
            hint: check quotes, commas, brackets and indentation at this position"#]],
    );
}

#[test]
fn yaml_is_read_and_other_files_are_named() {
    let kind = |text: &str| match TaskDefinition::parse(text, "f") {
        Ok(task_definition) => task_definition.to_json(),
        Err(error) => error.report(),
    };
    let yaml = "family: shop\nnetworkMode: awsvpc\ncontainerDefinitions:\n  - {name: web, image: nginx:1}\n";
    let json = r#"{"family":"shop","networkMode":"awsvpc","containerDefinitions":[{"name":"web","image":"nginx:1"}]}"#;
    assert_eq!(kind(yaml), kind(json));
    for (text, is) in [
        ("", "TD14: f is empty"),
        (" \n", "TD14: f is empty"),
        (r#"[{"name":"web","image":"nginx:1"}]"#, "is a list of container definitions"),
        (r#"[{"name":"web","imageUri":"nginx:1"}]"#, "is an imagedefinitions.json"),
        (r#"{"Family":"x","ContainerDefinitions":[]}"#, "begin with a capital letter"),
        (r#"{"AWSTemplateFormatVersion":"2010-09-09","Resources":{}}"#, "is a CloudFormation template"),
        ("AWSTemplateFormatVersion: 2010-09-09\nResources:\n  T:\n    Cpu: !Ref Cpu\n", "is a CloudFormation template"),
        ("version: 0.0\nResources:\n  - TargetService: {}\n", "is an AppSpec"),
        (r#"{"ImageURI":"nginx:1"}"#, "is an imageDetail.json"),
        ("services:\n  web: {}\n", "is a Docker Compose file"),
        ("{family: 'shop'}", "put all keys and texts in double quotes"),
    ] {
        assert!(kind(text).contains(is), "{text}: {}", kind(text));
    }
}

#[test]
fn all_wrong_types_are_named_at_once() {
    check(
        |text| {
            text.replacen(r#""cpu": "256""#, r#""cpu": 256"#, 1)
                .replacen(r#""containerPort": 8080"#, r#""containerPort": "8080""#, 1)
                .replacen(r#""essential": true"#, r#""essential": "true""#, 1)
        },
        &expect![[r#"
            TD09: taskdef.json: cpu must be text in quotes; containerDefinitions[0].portMappings[0].containerPort must be a whole number without quotes; containerDefinitions[0].essential must be true or false without quotes
            hint: write text in quotes, such as "text"; write a whole number without quotes, such as 1; write true or false without quotes, such as true"#]],
    );
}

#[test]
fn debug_shows_no_environment_value() {
    let task_definition = TaskDefinition::parse(WEB, "x").expect("a task definition");
    let shown = format!("{task_definition:?} {:?}", task_definition.containers().collect::<Vec<_>>());
    assert_eq!(shown, "TaskDefinition(shop-web:7) [Container(web)]");
}

#[test]
fn names_that_ecs_refuses_are_refused() {
    check(
        replace(r#""name": "web""#, r#""name": "log.router""#),
        &expect![[r#"
            TD13: taskdef.json: containerDefinitions[0].name "log.router" must be 1-255 letters, digits, hyphens and underscores
            hint: use only these characters; RegisterTaskDefinition rejects other names"#]],
    );
}
