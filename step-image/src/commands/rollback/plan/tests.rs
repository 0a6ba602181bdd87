use codedeploy_core::deployment::{DeploymentStatus, Revision};
use expect_test::{Expect, expect};

use super::super::content::tests::content;
use super::*;

fn side(id: &str, content: Content) -> Side {
    let deployment = Deployment {
        application: "shop".to_owned(),
        group: "web".to_owned(),
        completed_ms: Some(1_700_000_000_000),
        description: Some("build 7\n".to_owned()),
        revision: Some(Revision::AppSpecContent { content: None, sha256: Some(id.to_owned()) }),
        ..Deployment::new(id, DeploymentStatus::Succeeded)
    };
    Side { deployment, content: Some(content) }
}

fn plan(serving: Content, to: Content, alarms: AlarmPlan) -> Result<Plan, Fault> {
    let choice = Choice { serving: Some(side("d-2", serving)), to: side("d-1", to), older: vec!["d-0".to_owned()] };
    Plan::new(choice, "CodeDeployDefault.ECSAllAtOnce".to_owned(), alarms)
}

fn check(serving: Content, to: Content, alarms: AlarmPlan, expect: &Expect) {
    expect.assert_eq(&plan(serving, to, alarms).unwrap().text());
}

fn alarms(fired: &[&str], kept: bool) -> AlarmPlan {
    let fired = fired.iter().map(|name| (*name).to_owned()).collect();
    AlarmPlan { watched: vec!["errors".to_owned(), "p99".to_owned()], fired, kept }
}

#[test]
fn images_alarms_and_config_are_shown() {
    check(
        content(2, "ACTIVE", "repo/app:2", 80),
        content(1, "ACTIVE", "repo/app:1", 80),
        alarms(&["errors"], false),
        &expect![[r#"
            rollback of shop/web
              serves now         d-2  2023-11-14T22:13:20Z  build 7
              goes back to       d-1  2023-11-14T22:13:20Z  build 7
              revision           AppSpec sha256 4ba5e3d68728c32c70578d95db80263f3ebca747a1fcaf1897b32645588598a6
              task definition    arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1
              image of app       repo/app:2 -> repo/app:1
              deployment config  CodeDeployDefault.ECSAllAtOnce
              alarms             turned off for this deployment: errors, p99 (in ALARM: errors)
        "#]],
    );
}

#[test]
fn what_is_not_active_is_registered_again() {
    check(
        content(2, "ACTIVE", "repo/app:2", 80),
        content(1, "INACTIVE", "repo/app:1", 80),
        AlarmPlan::default(),
        &expect![[r#"
            rollback of shop/web
              serves now         d-2  2023-11-14T22:13:20Z  build 7
              goes back to       d-1  2023-11-14T22:13:20Z  build 7
              revision           AppSpec sha256 4ba5e3d68728c32c70578d95db80263f3ebca747a1fcaf1897b32645588598a6
              task definition    arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1 (INACTIVE: will be registered again)
              image of app       repo/app:2 -> repo/app:1
              deployment config  CodeDeployDefault.ECSAllAtOnce
              alarms             none
        "#]],
    );
}

#[test]
fn other_settings_than_the_image_are_named() {
    let mut to = content(1, "ACTIVE", "repo/app:2", 80);
    let other = serde_json::json!({"family": "web", "networkMode": "awsvpc", "containerDefinitions": [
        {"name": "app", "image": "repo/app:2", "memory": 1024, "environment": [{"name": "A", "value": "planted"}]}]});
    let other = codedeploy_core::artifact::task_definition::TaskDefinition::parse(&other.to_string(), "web").unwrap();
    to.task_definition = Described::There(Box::new(other));
    check(
        content(2, "ACTIVE", "repo/app:2", 80),
        to,
        alarms(&["errors"], true),
        &expect![[r#"
        rollback of shop/web
          serves now         d-2  2023-11-14T22:13:20Z  build 7
          goes back to       d-1  2023-11-14T22:13:20Z  build 7
          revision           AppSpec sha256 4ba5e3d68728c32c70578d95db80263f3ebca747a1fcaf1897b32645588598a6
          task definition    arn:aws:ecs:eu-west-1:123456789012:task-definition/web:1
          image of app       repo/app:2 (the same)
          deployment config  CodeDeployDefault.ECSAllAtOnce
          alarms             kept: errors, p99 (in ALARM: errors)
          note: the images are the same; it differs in containerDefinitions[app].environment, containerDefinitions[app].memory
          warning: alarm errors is in ALARM, so CodeDeploy will stop this rollback; omit --keep-alarms
    "#]],
    );
}

#[test]
fn what_cannot_be_read_is_said() {
    let revision = RevisionToDeploy::S3 {
        bucket: "my-bucket".to_owned(),
        key: "web/appspec.yml".to_owned(),
        bundle_type: codedeploy_aws::codedeploy::BundleType::Yaml,
        version: None,
        e_tag: None,
    };
    let to = Content { revision, text: None, spec: None, task_definition: Described::Unknown };
    check(
        content(2, "ACTIVE", "repo/app:2", 80),
        to,
        AlarmPlan::default(),
        &expect![[r#"
        rollback of shop/web
          serves now         d-2  2023-11-14T22:13:20Z  build 7
          goes back to       d-1  2023-11-14T22:13:20Z  build 7
          revision           s3://my-bucket/web/appspec.yml
          task definition    not readable
          deployment config  CodeDeployDefault.ECSAllAtOnce
          alarms             none
          note: the revision names no version of the object: what is there now is deployed
    "#]],
    );
}

#[test]
fn a_deleted_task_definition_names_the_deployment_before() {
    let to = Content { task_definition: Described::Deleted, ..content(1, "ACTIVE", "repo/app:1", 80) };
    let error = plan(content(2, "ACTIVE", "repo/app:2", 80), to, AlarmPlan::default()).unwrap_err();
    assert_eq!((error.code(), error.hint().contains("--to d-0")), ("RBK08", true), "{}", error.report());
}

#[test]
fn the_version_that_serves_is_named_with_its_images() {
    let plan =
        plan(content(2, "ACTIVE", "app:2", 80), content(1, "ACTIVE", "app:1", 80), AlarmPlan::default()).unwrap();
    let check = |verdict: Verdict, expect: &str| {
        let description = Some(plan.description("[token:00]"));
        let deployment = Deployment { description, ..Deployment::new("d-3", DeploymentStatus::Failed) };
        let followed = Followed {
            deployment,
            target: None,
            rollback: None,
            verdict: Some(verdict),
            stopped_by: None,
            history: codedeploy_core::deployment::History::default(),
            waited: std::time::Duration::ZERO,
            evidence: codedeploy_core::deployment::Evidence::default(),
        };
        let mut result = print::Result::default();
        plan.tell_what_serves(&followed, &mut result);
        assert_eq!(result.text, expect);
    };
    check(Verdict::Succeeded, "now serving: deployment d-1 (app: app:1)\n");
    let undone = |on_request: bool| Verdict::RollbackUndone {
        restored_by: "d-4".to_owned(),
        serving: Some("d-2".to_owned()),
        on_request,
    };
    check(undone(false), "the rollback failed; deployment d-2 (app: app:2) still serves\n");
    check(undone(true), "the rollback was stopped; deployment d-2 (app: app:2) still serves\n");
}
