//! `rollback` in the usual emergency: an alarm is on, the faulty version was deployed twice, its revision is deregistered.

use super::*;

const ROLLBACK: [&str; 6] = ["rollback", "--application", "shop", "--deployment-group", "web", "--yes"];
const ALL_AT_ONCE: &str = "CodeDeployDefault.ECSAllAtOnce";

impl Stage {
    /// Deploys a revision to its end; the id of the deployment.
    fn release(&self, revision: u64) -> String {
        let file = format!("release-{revision}.json");
        let appspec = self.scratch.write(&file, samples::appspec(&arn(revision)).to_string()).display().to_string();
        let args = ["deploy", "--appspec", &appspec, "--application", "shop", "--deployment-group", "web"];
        let output = self.run(&[&args[..], &["--output", "json"]].concat());
        assert_eq!(output.code, 0, "{}", output.stderr);
        last(&output)["deployment"]["id"].as_str().expect("an id").to_owned()
    }

    /// Revisions 1, 2, … have these images and were deployed in this order; their deployments.
    pub(super) fn history(group: Group, images: &[&str]) -> (Stage, Vec<String>) {
        let stage = Stage::new(group);
        let mut ids = Vec::new();
        for (revision, image) in (1..).zip(images) {
            let mut recorded = version(revision, image);
            // Tags do not run.
            recorded["tags"] = serde_json::json!([{"key": "build", "value": revision.to_string()}]);
            stage.aws.add_task_definition(&recorded.to_string());
            ids.push(stage.release(revision));
        }
        (stage, ids)
    }

    fn rollback(&self, more: &[&str]) -> Output {
        self.run(&[&ROLLBACK[..], more].concat())
    }

    fn last_create(&self) -> Value {
        self.aws.calls("codedeploy:CreateDeployment").last().expect("a deployment").json()
    }
}

fn everything(output: &Output) -> String {
    format!("{}\n{}", output.text(), output.stderr)
}

#[test]
fn an_alarm_that_is_on_does_not_stop_a_rollback() {
    let (stage, ids) = Stage::history(group().alarms(&["errors"]).config(LINEAR), &["app:1", "app:2"]);
    stage.aws.set_alarm("errors", "ALARM");
    let report = stage.scratch.path().join("report.md").display().to_string();
    let output = stage.rollback(&["--report", &report]);
    let all = everything(&output);
    assert_eq!(output.code, 0, "{all}");
    let sent = stage.last_create();
    assert_eq!(sent["overrideAlarmConfiguration"]["enabled"], false, "{sent}");
    assert_eq!(sent["deploymentConfigName"], ALL_AT_ONCE);
    assert!(sent["revision"].to_string().contains(&arn(1)), "{sent}");
    for part in ["image of app", "app:2 -> app:1", "turned off for this deployment: errors (in ALARM: errors)"] {
        assert!(all.contains(part), "no {part} in\n{all}");
    }
    assert!(output.text().contains(&format!("now serving: deployment {} (app: app:1)", ids[0])), "{}", output.text());
    let report = std::fs::read_to_string(&report).expect("the report");
    assert!(report.contains("the version that was rolled back to") && !report.contains("new version"), "{report}");
    botocore::check(&stage.aws.all_calls());
}

/// What `rollback` did before: the alarm stops the rollback, and CodeDeploy restores the faulty version.
#[test]
fn a_rollback_that_an_alarm_stops_says_that_the_faulty_version_serves() {
    let (stage, ids) = Stage::history(group().alarms(&["errors", "p99"]), &["app:1", "app:2"]);
    stage.aws.set_alarm("errors", "ALARM");
    let reports = ["report.md", "report.xml"].map(|name| stage.scratch.path().join(name).display().to_string());
    let more = ["--keep-alarms", "--output", "json", "--report", &reports[0], "--report", &reports[1]];
    let output = stage.rollback(&more);
    let mut all = everything(&output);
    assert_eq!(output.code, 11, "{all}");
    assert!(stage.last_create()["overrideAlarmConfiguration"].is_null());
    let result = last(&output);
    assert_eq!(result["verdict"], "rollback-failed", "{result}");
    assert_eq!(result["exit_code"], 11);
    assert_eq!(result["serving"], "not-rolled-back");
    assert_eq!(result["serving_deployment"], ids[1].as_str());
    assert_eq!(result["serving_images"], serde_json::json!([{"container": "app", "image": "app:2"}]));
    assert_eq!(result["deployment"]["status"], "Stopped");
    assert!(all.contains("Activated alarms: <errors>"), "{all}");
    for report in reports {
        all.push_str(&std::fs::read_to_string(&report).expect("the report"));
    }
    assert!(!all.contains("previous version"), "{all}");
    assert_eq!(all.matches(&format!("deployment {} still serves", ids[1])).count(), 6, "{all}");
    // CodeDeploy restored it without a new task set, and no alarm stops that.
    let restored = stage.aws.deployments().pop().expect("a deployment");
    assert_eq!(restored["creator"], "codeDeployRollback");
    assert_eq!(restored["deploymentConfigName"], ALL_AT_ONCE);
    assert_eq!(restored["status"], "Succeeded");
    // Whoever looks at it later is told the same.
    let id = result["deployment"]["id"].as_str().expect("an id");
    let status = stage.run(&["status", id, "--exit-code"]);
    assert_eq!(status.code, 11, "{}", everything(&status));
    assert!(status.text().contains(&format!("deployment {} still serves", ids[1])), "{}", everything(&status));
    assert!(status.text().contains("without --keep-alarms"), "{}", everything(&status));
    // And a second try, as advised, goes back.
    let again = stage.rollback(&[]);
    assert_eq!(again.code, 0, "{}", everything(&again));
    assert!(stage.last_create()["revision"].to_string().contains(&arn(1)), "{}", stage.last_create());
    botocore::check(&stage.aws.all_calls());
}

#[test]
fn a_denied_override_names_the_action_and_the_way_round_it() {
    let (stage, _) = Stage::history(group().alarms(&["errors"]), &["app:1", "app:2"]);
    let allowed =
        ["codedeploy:Get*", "codedeploy:List*", "codedeploy:BatchGet*", "codedeploy:Create*", "ecs:*", "cloudwatch:*"];
    let keys = stage.aws.session(ACCOUNT, "deployer", &allowed);
    let stage = Stage { keys, ..stage };
    let denied = stage.rollback(&[]);
    assert_eq!(denied.code, 4, "{}", denied.stderr);
    for part in ["RBK09", "codedeploy:UpdateDeploymentGroup", "--keep-alarms"] {
        assert!(denied.stderr.contains(part), "no {part} in {}", denied.stderr);
    }
    let kept = stage.rollback(&["--keep-alarms"]);
    assert_eq!(kept.code, 0, "{}", kept.stderr);
}

#[test]
fn a_group_without_alarms_needs_no_override() {
    for group in [group(), group().alarms(&["errors"]).with_alarms_off()] {
        let (stage, _) = Stage::history(group, &["app:1", "app:2"]);
        let keys = stage.aws.session(
            ACCOUNT,
            "deployer",
            &["codedeploy:Get*", "codedeploy:List*", "codedeploy:BatchGet*", "codedeploy:Create*", "ecs:*"],
        );
        let stage = Stage { keys, ..stage };
        let output = stage.rollback(&["--deployment-config", CANARY]);
        assert_eq!(output.code, 0, "{}", output.stderr);
        let sent = stage.last_create();
        assert!(sent["overrideAlarmConfiguration"].is_null(), "{sent}");
        assert_eq!(sent["deploymentConfigName"], CANARY);
    }
}

/// By what runs, not by revisions: the image that comes back is the one before what serves.
#[test]
fn versions_are_told_apart_by_what_they_run() {
    let check = |images: &[&str], expect: u64| {
        let (stage, _) = Stage::history(group(), images);
        let output = stage.rollback(&[]);
        assert_eq!(output.code, 0, "{images:?}: {}", output.stderr);
        let sent = stage.last_create()["revision"].to_string();
        assert!(sent.contains(&arn(expect)), "{images:?}: {sent}");
        stage
    };
    std::thread::scope(|scope| {
        let check = &check;
        // A build that was run again.
        scope.spawn(move || check(&["app:1", "app:2", "app:2"], 1));
        // The old version under a new revision.
        scope.spawn(move || check(&["app:1", "app:2", "app:1"], 2));
        scope.spawn(move || {
            // A second rollback goes further back, past the same content under another revision.
            let stage = check(&["app:0", "app:1", "app:1", "app:2", "app:2"], 3);
            assert_eq!(stage.rollback(&[]).code, 0);
            assert!(stage.last_create()["revision"].to_string().contains(&arn(1)), "{}", stage.last_create());
        });
    });
}

#[test]
fn nothing_else_was_ever_deployed() {
    let (stage, ids) = Stage::history(group(), &["app:1", "app:1"]);
    let output = stage.rollback(&[]);
    assert_eq!(output.code, 3, "{}", output.stderr);
    assert!(output.stderr.contains("RBK01"), "{}", output.stderr);
    let named = stage.rollback(&["--to", &ids[0]]);
    assert_eq!(named.code, 0, "{}", named.stderr);
    assert!(named.stderr.contains("note: this is what serves now"), "{}", named.stderr);
}

#[test]
fn without_permission_to_read_task_definitions_the_appspecs_are_compared() {
    let (stage, _) = Stage::history(group(), &["app:1", "app:2", "app:2"]);
    let keys = stage.aws.session(ACCOUNT, "deployer", &["codedeploy:*", "ecs:DescribeServices"]);
    let stage = Stage { keys, ..stage };
    let output = stage.rollback(&["--no-wait"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(output.stderr.matches("note: only AppSpecs are compared").count(), 1, "{}", output.stderr);
    assert!(stage.last_create()["revision"].to_string().contains(&arn(2)), "{}", stage.last_create());
}

/// A version that serves after its deployment failed or was stopped is the faulty one, although it never succeeded.
#[test]
fn what_serves_after_a_failed_deployment_is_rolled_back() {
    // A failing hook, or the minute at which it is stopped; and what the rollback changes.
    let check = |config: &str, hook: Option<&'static str>, minutes: u64, expect: &str| {
        let group = group().rolling_back_on(&[]);
        let (stage, ids) = Stage::history(group.clone(), &["app:0", "app:1"]);
        stage.aws.add_group(ACCOUNT, REGION, group.termination_wait(600).config(config));
        stage.aws.add_task_definition(&version(3, "app:2").to_string());
        let mut appspec = samples::appspec(&arn(3));
        if let Some(hook) = hook {
            stage.aws.set_scenario("shop", "web", Scenario::HookFails(hook));
            appspec["Hooks"] = serde_json::json!([{ hook: "check" }]);
        }
        let stage =
            Stage { appspec: stage.scratch.write("faulty.json", appspec.to_string()).display().to_string(), ..stage };
        let id = stage.created(&[]);
        stage.aws.clock().advance(Duration::from_mins(minutes));
        if hook.is_none() {
            assert_eq!(stage.run(&["stop", &id, "--wait"]).code, 0);
        }
        let status = if hook.is_some() { "Failed" } else { "Stopped" };
        assert_eq!(stage.aws.deployment(&id)["status"], status);
        stage.aws.set_scenario("shop", "web", Scenario::Succeeds);
        let output = stage.rollback(&["--output", "json", "--no-wait"]);
        assert_eq!(output.code, 0, "{}", everything(&output));
        let plan = &last(&output)["rollback_plan"];
        let images = format!("{} -> {}", plan["images"][0]["from"], plan["images"][0]["to"]).replace('"', "");
        assert_eq!(images, expect, "{}", output.stderr);
        let (serves, shown) = if expect.starts_with("app:2") { (&id, true) } else { (&ids[1], false) };
        assert_eq!(plan["from"]["deployment"], serves.as_str(), "{plan}");
        assert_eq!(output.stderr.contains(&format!("  {status}")), shown, "{}", output.stderr);
        botocore::check(&stage.aws.all_calls());
    };
    std::thread::scope(|scope| {
        let check = &check;
        scope.spawn(move || check(ALL_AT_ONCE, Some("AfterAllowTraffic"), 20, "app:2 -> app:1"));
        scope.spawn(move || check(ALL_AT_ONCE, Some("BeforeAllowTraffic"), 20, "app:1 -> app:0"));
        scope.spawn(move || check(ALL_AT_ONCE, None, 20, "app:2 -> app:1"));
        scope.spawn(move || check(LINEAR, None, 12, "app:2 -> app:1"));
    });
}

#[test]
fn a_deregistered_revision_is_registered_again_if_asked() {
    let (stage, _) = Stage::history(group(), &["app:1", "app:2"]);
    stage.aws.set_task_definition_status(&arn(1), "INACTIVE");
    let refused = stage.rollback(&[]);
    assert_eq!(refused.code, 2, "{}", refused.stderr);
    assert!(refused.stderr.contains("RBK07") && refused.stderr.contains("--register"), "{}", refused.stderr);
    assert_eq!(stage.aws.deployments().len(), 2);
    let output = stage.rollback(&["--register"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(stage.count("ecs:RegisterTaskDefinition"), 1);
    let sent = stage.last_create()["revision"].to_string();
    assert!(sent.contains(&arn(3)) && !sent.contains(&arn(1)), "{sent}");
    assert!(output.text().contains("(app: app:1)"), "{}", output.text());
    botocore::check(&stage.aws.all_calls());
    // The search goes on before the deployment that it repeats, although the revision is another one.
    let again = stage.rollback(&[]);
    assert_eq!(again.code, 3, "{}", again.stderr);
    assert!(again.stderr.contains("RBK01"), "{}", again.stderr);
}

#[test]
fn an_active_revision_is_never_registered_again() {
    let (stage, _) = Stage::history(group(), &["app:1", "app:2"]);
    assert_eq!(stage.rollback(&["--register", "--no-wait"]).code, 0);
    assert_eq!(stage.count("ecs:RegisterTaskDefinition"), 0);
}

#[test]
fn a_deleted_revision_names_what_else_can_be_done() {
    let (stage, ids) = Stage::history(group(), &["app:0", "app:1", "app:2"]);
    stage.aws.delete_task_definition(&arn(2));
    let output = stage.rollback(&["--register"]);
    assert_eq!(output.code, 3, "{}", output.stderr);
    assert!(output.stderr.contains("RBK08"), "{}", output.stderr);
    assert!(output.stderr.contains(&format!("--to {}", ids[0])), "{}", output.stderr);
    assert_eq!(stage.count("ecs:RegisterTaskDefinition"), 0);
    let further = stage.rollback(&["--to", &ids[0]]);
    assert_eq!(further.code, 0, "{}", further.stderr);
}
