//! A revision that somebody else registered, and an artifact that does not know of it.

use super::*;

fn with(change: impl Fn(&mut Value)) -> TaskDefinition {
    let mut value = running();
    change(&mut value);
    described(&value)
}

fn check(theirs: impl Fn(&mut Value), ours: impl Fn(&mut Value), expect: &[(&str, State)]) {
    let three_way = ThreeWay::of(&described(&running()), &with(theirs), &with(ours), Values::Hidden);
    let found: Vec<(String, State)> = three_way.members.iter().map(|member| (member.path(), member.state)).collect();
    let expect: Vec<(String, State)> = expect.iter().map(|(path, state)| ((*path).to_owned(), *state)).collect();
    assert_eq!(found, expect);
    let alarming = expect.iter().any(|(_, state)| matches!(state, State::Undone | State::Conflict));
    assert_eq!(three_way.is_alarming(), alarming);
}

#[test]
fn who_changed_what() {
    let nothing = |_: &mut Value| {};
    let cpu = |cpu: &'static str| move |it: &mut Value| it["cpu"] = json!(cpu);
    let image = |image: &'static str| move |it: &mut Value| it["containerDefinitions"][0]["image"] = json!(image);
    let web_image = "containerDefinitions[web].image";
    check(nothing, nothing, &[]);
    check(cpu("512"), nothing, &[("cpu", State::Undone)]);
    check(cpu("512"), image("shop:2"), &[("cpu", State::Undone), (web_image, State::Ours)]);
    check(cpu("512"), cpu("512"), &[("cpu", State::Both)]);
    check(cpu("512"), cpu(".5 vCPU"), &[("cpu", State::Both)]);
    check(cpu("512"), cpu("1024"), &[("cpu", State::Conflict)]);
    check(nothing, cpu("1024"), &[("cpu", State::Ours)]);
    check(image("shop:2"), image("<IMAGE1_NAME>"), &[]);
    check(nothing, image("<IMAGE1_NAME>"), &[]);
}

#[test]
fn a_container_that_goes_is_in_conflict_with_its_changes() {
    let without = |it: &mut Value| drop(it["containerDefinitions"].as_array_mut().expect("a list").remove(1));
    let image = |it: &mut Value| it["containerDefinitions"][1]["image"] = json!("envoy:2");
    check(without, image, &[("containerDefinitions[old]", State::Conflict)]);
    check(image, without, &[("containerDefinitions[old]", State::Conflict)]);
    check(without, without, &[("containerDefinitions[old]", State::Both)]);
    check(without, |_| {}, &[("containerDefinitions[old]", State::Undone)]);
}

#[test]
fn variables_are_compared_and_hidden() {
    let set = |value: &'static str| {
        move |it: &mut Value| {
            let list = it["containerDefinitions"][0]["environment"].as_array_mut().expect("a list");
            list.push(json!({ "name": "FLAG", "value": value }));
        }
    };
    let path = "containerDefinitions[web].environment[FLAG]";
    check(set("planted-a"), set("planted-b"), &[("containerDefinitions[web].environment[FLAG]", State::Conflict)]);
    check(set("planted-a"), set("planted-a"), &[(path, State::Both)]);
    check(set("planted-a"), |_| {}, &[(path, State::Undone)]);
}

#[test]
fn what_a_deployment_undoes_is_said() {
    let theirs = with(|it| {
        it["revision"] = json!(8);
        it["registeredBy"] = json!("arn:aws:sts::111111111111:assumed-role/terraform/ci");
        it["cpu"] = json!("512");
        it["memory"] = json!("1024");
        it["runtimePlatform"] = json!({ "cpuArchitecture": "ARM64" });
        it["executionRoleArn"] = Value::Null;
        it["containerDefinitions"][0]["environment"][0]["value"] = json!("planted-theirs");
    });
    let ours = |it: &mut Value| {
        it["memory"] = json!("2048");
        it["containerDefinitions"][0]["image"] = json!("registry.example.com/shop:1.5.0");
    };
    let mut after = running();
    ours(&mut after);
    let mut found = compare(&running(), &after, Values::Hidden);
    found.three_way = Some(ThreeWay::of(&described(&running()), &theirs, &described(&after), Values::Hidden));
    assert!(!found.is_empty());
    expect![[r#"
        prod/shop (shop-web:7) -> shop.zip

        container web
          ~ image: registry.example.com/shop:1.4.2 -> registry.example.com/shop:1.5.0 (tag)

        task definition
          ~ memory: 512 -> 2048

        shop-web:8 (registered by arn:aws:sts::111111111111:assumed-role/terraform/ci) against shop-web:7
          ! undone: container web environment STAGE: shop-web:8 has (hidden), and this deployment brings back (hidden)
          ! undone: cpu: shop-web:8 has 512, and this deployment brings back 256
          ! undone: executionRoleArn: shop-web:8 removed it, and this deployment brings back arn:aws:iam::111111111111:role/execution
          ! undone: runtimePlatform: shop-web:8 added {"cpuArchitecture":"ARM64"}, and this deployment removes it
          ! conflict: memory: it was 512, shop-web:8 has 1024, shop.zip has 2048
          = shop.zip alone: container web image: registry.example.com/shop:1.4.2 -> registry.example.com/shop:1.5.0

        2 changes: web image, memory; undoes 4 changes of shop-web:8; 1 conflict with shop-web:8
    "#]].assert_eq(&found.text());
    let json = found.to_json();
    assert_eq!(
        json["three_way"]["members"][0],
        json!({
            "path": "containerDefinitions[web].environment[STAGE].value", "state": "undone", "base": "***", "theirs": "***",
            "ours": "***", "hidden": true,
        })
    );
    assert_eq!(json["three_way"]["theirs"]["name"], "shop-web:8");
}

/// A deployment that changes nothing of what runs may still undo what somebody else prepared.
#[test]
fn what_is_undone_is_enough_for_the_exit_code() {
    let mut found = compare(&running(), &running(), Values::Hidden);
    assert!(found.is_empty());
    let theirs = with(|it| it["cpu"] = json!("512"));
    found.three_way = Some(ThreeWay::of(&described(&running()), &theirs, &described(&running()), Values::Hidden));
    assert!(!found.is_empty());
    assert_eq!(found.summary(), "no changes; undoes 1 change of shop-web:7");
}
