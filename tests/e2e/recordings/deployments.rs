//! Deployments that go on or succeed.

use super::*;

#[test]
fn a_deployment_is_followed_from_created_to_succeeded() {
    let stage = || {
        let seen = recorded("deployment-info");
        let created = json!({"deploymentId": ID, "status": "Created"});
        let running = json!({"deploymentId": ID, "status": seen["secondsAfterCreate"]["25"],
            "blueGreenDeploymentConfiguration": seen["blueGreenDeploymentConfiguration"]});
        let mut ended = seen["final"].clone();
        ended["deploymentId"] = json!(ID);
        ended["deploymentOverview"] = seen["deploymentOverviewAfterEnd"].clone();
        let events = recorded("lifecycle");
        let targets = vec![
            target(ID, "InProgress", &events["fewSecondsAfterCreate"], &BEFORE),
            target(ID, "InProgress", &events["duringTerminationWait"]["events"], &AFTER),
            target(ID, "Succeeded", &events["afterSuccess"], &AFTER),
        ];
        let infos = vec![created.clone(), created.clone(), created, running.clone(), running, ended];
        replaying(group(), ID, &infos, targets)
    };
    let (code, said, result) = waited(stage, ID);
    assert_eq!(code, 0, "{said}");
    contains(
        &said,
        &["Created", "Created -> InProgress", "the blue task set is terminated in", "InProgress -> Succeeded"],
    );
    assert_eq!((&result["verdict"], &result["serving"]), (&json!("succeeded"), &json!("new")), "{result}");
    let events = result["deployment"]["lifecycle_events"].as_array().map(Vec::len);
    assert_eq!(events, Some(8), "{result}");
}

/// Every weight of the listener was the weight of the task set.
#[test]
fn linear_traffic_is_shown_step_by_step() {
    let stage = || {
        let events = recorded("lifecycle");
        let shifting = {
            let mut events = events["stoppedByAlarmDuringAllowTraffic"].clone();
            (events[6]["status"], events[7]["status"]) = (json!("InProgress"), json!("Pending"));
            events
        };
        let (mut infos, mut targets) = (vec![json!({"deploymentId": ID, "status": "Created"})], Vec::new());
        let name = &recorded("deployment-info")["final"]["deploymentConfigName"];
        for look in recorded("linear-weights")["weights"].as_array().expect("weights") {
            infos.push(json!({"deploymentId": ID, "status": look["status"], "deploymentConfigName": name}));
            let green = look["green"].as_f64().expect("a weight");
            let sets = [("Blue", "PRIMARY", 100.0 - green), ("Green", "ACTIVE", green)];
            let events = if green > 0.0 { &shifting } else { &events["fewSecondsAfterCreate"] };
            targets.push(target(ID, "InProgress", events, &sets));
        }
        infos.push(json!({"deploymentId": ID, "status": "Succeeded"}));
        targets.push(target(ID, "Succeeded", &events["afterSuccess"], &AFTER));
        replaying(group(), ID, &infos, targets)
    };
    let (code, said, _) = waited(stage, ID);
    assert_eq!(code, 0, "{said}");
    let lines = said.lines().filter_map(|line| line.split_once("traffic: ").map(|(_, shares)| shares));
    let expect = (0..=10).map(|step| format!("blue {}%, green {}%", 100 - step * 10, step * 10).replace("0%%", "0%"));
    assert_eq!(lines.collect::<Vec<_>>(), expect.collect::<Vec<_>>(), "{said}");
}

/// What was recorded has neither labels nor a test listener, and its primary task set is the new one.
#[test]
fn task_sets_without_labels_are_told_apart() {
    let seen = recorded("target-2018");
    let id = seen["deploymentTarget"]["ecsTarget"]["deploymentId"].as_str().expect("an id").to_owned();
    let stage = |status: &str, event: &str, weights: [f64; 2]| {
        let mut target = seen["deploymentTarget"].clone();
        target["ecsTarget"]["lifecycleEvents"][4]["status"] = json!(event);
        if event != "Succeeded" {
            target["ecsTarget"]["lifecycleEvents"][5] =
                json!({"lifecycleEventName": "AfterAllowTraffic", "status": "Pending"});
        }
        for (place, weight) in weights.iter().enumerate() {
            target["ecsTarget"]["taskSetsInfo"][place]["trafficWeight"] = json!(weight);
        }
        let running = json!({"deploymentId": id, "status": status});
        replaying(group(), &id, &[running], vec![json!({"deploymentTargets": [target]})])
    };
    let ended = stage("Succeeded", "Succeeded", [0.0, 100.0]);
    let output = ended.run(&["status", &id]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let said = output.text();
    contains(&said, &["Blue  ACTIVE   1 of 1 running, traffic 0%, bluegreentarget1", "now serving: the new version"]);
    contains(&said, &["Green PRIMARY  1 of 1 running, traffic 100%, bluegreentarget2"]);
    let events = said.lines().filter(|line| line.contains("Succeeded  ")).count();
    assert_eq!(events, 6, "{said}");
    botocore::check(&ended.aws.all_calls());
    // While the traffic moves, the primary task set is still the old one.
    let shifting = stage("InProgress", "InProgress", [10.0, 90.0]).run(&["status", &id]).text();
    contains(&shifting, &["Blue  PRIMARY  1 of 1 running, traffic 90%", "Green ACTIVE   1 of 1 running, traffic 10%"]);
    contains(&shifting, &["now serving: both versions: 90%"]);
    let until = stage("InProgress", "Succeeded", [0.0, 100.0]).run(&["wait", &id, "--until", "traffic-shifted"]);
    assert_eq!(until.code, 0, "{}", until.stderr);
    contains(&format!("{}{}", until.text(), until.stderr), &["traffic: blue 0%, green 100%"]);
}

/// The length of a wait follows from the config, which for those of AWS is known without a question.
#[test]
fn predefined_configs_are_known_without_asking() {
    for name in recorded("deployment-configs")["names"].as_array().expect("names") {
        let name = name.as_str().expect("a name");
        let stage = Stage::new(group());
        let output = stage.deploy(&["--dry-run", "--deployment-config", name]);
        assert_eq!(output.code, 0, "{}", output.stderr);
        assert_eq!(stage.count("codedeploy:GetDeploymentConfig"), 0, "{name}");
    }
}
