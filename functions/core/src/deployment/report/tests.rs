//! The documents.

use expect_test::expect;

use super::*;
use crate::deployment::why::tests::{failed_hook, unhealthy};
use crate::deployment::{Serving, Verdict};

#[test]
#[expect(clippy::too_many_lines, reason = "one document")]
fn json_of_a_failed_hook() {
    let text = serde_json::to_string_pretty(&json(&failed_hook())).unwrap();
    expect![[r#"
        {
          "verdict": "failed-and-rolled-back",
          "exit_code": 10,
          "waited_seconds": 105,
          "serving": "previous",
          "serving_deployment": "d-2",
          "stopped_on_timeout": false,
          "notes": [],
          "deployment": {
            "id": "d-1",
            "application": "shop",
            "deployment_group": "web",
            "status": "Failed",
            "creator": null,
            "rolls_back": null,
            "description": null,
            "deployment_config": null,
            "created_at": null,
            "started_at": "2023-11-14T22:13:20Z",
            "completed_at": null,
            "lifecycle_events": [
              {
                "name": "BeforeInstall",
                "status": "Succeeded",
                "started_at": "2023-11-14T22:13:20Z",
                "ended_at": "2023-11-14T22:13:20Z",
                "seconds": 0
              },
              {
                "name": "Install",
                "status": "Succeeded",
                "started_at": "2023-11-14T22:13:20Z",
                "ended_at": "2023-11-14T22:13:40Z",
                "seconds": 20
              },
              {
                "name": "AfterInstall",
                "status": "Failed",
                "started_at": "2023-11-14T22:13:40Z",
                "ended_at": "2023-11-14T22:14:10Z",
                "seconds": 30
              },
              {
                "name": "AllowTraffic",
                "status": "Skipped",
                "started_at": null,
                "ended_at": null,
                "seconds": null
              }
            ],
            "task_sets": [
              {
                "id": "ecs-svc/blue",
                "label": "Blue",
                "status": "PRIMARY",
                "desired": 2,
                "pending": 0,
                "running": 2,
                "traffic_weight": 100,
                "target_group": "tg-blue"
              },
              {
                "id": "ecs-svc/green",
                "label": "Green",
                "status": "ACTIVE",
                "desired": 2,
                "pending": 0,
                "running": 2,
                "traffic_weight": 0,
                "target_group": "tg-green"
              }
            ]
          },
          "rollback": {
            "id": "d-2",
            "application": "shop",
            "deployment_group": "web",
            "status": "Succeeded",
            "creator": null,
            "rolls_back": null,
            "description": null,
            "deployment_config": null,
            "created_at": null,
            "started_at": "2023-11-14T22:13:20Z",
            "completed_at": null,
            "lifecycle_events": [
              {
                "name": "Install",
                "status": "Succeeded",
                "started_at": "2023-11-14T22:13:20Z",
                "ended_at": "2023-11-14T22:14:50Z",
                "seconds": 90
              }
            ],
            "task_sets": []
          },
          "why": {
            "causes": [
              {
                "kind": "hook",
                "summary": "hook function failed: web-smoke-test (AfterInstall)",
                "about": "web-smoke-test (AfterInstall)",
                "evidence": [
                  "CodeDeploy: HOOK_EXECUTION_FAILURE: A lifecycle event hook failed"
                ],
                "next_step": "read the log of the hook function web-smoke-test (log group /aws/lambda/web-smoke-test): it reported Failed or ended with an error; within one hour it must call PutLifecycleEventHookExecutionStatus with deploymentId, lifecycleEventHookExecutionId and status Succeeded"
              }
            ],
            "error": {
              "code": "HOOK_EXECUTION_FAILURE",
              "message": "A lifecycle event hook failed"
            },
            "lifecycle_event": {
              "name": "AfterInstall",
              "seconds": 30,
              "function": "web-smoke-test",
              "error_code": "ScriptFailed",
              "message": "The function answered Failed",
              "log_tail": "GET /health\n502 Bad Gateway\n"
            },
            "rollback_message": "Rolled back by d-2",
            "serving": "previous",
            "evidence": {
              "stopped_tasks": [],
              "unhealthy_targets": [],
              "service_events": [],
              "alarms": [],
              "logs": [],
              "images": [],
              "earlier_deployments": [],
              "could_not_check": []
            },
            "next_step": "read the log of the hook function web-smoke-test (log group /aws/lambda/web-smoke-test): it reported Failed or ended with an error; within one hour it must call PutLifecycleEventHookExecutionStatus with deploymentId, lifecycleEventHookExecutionId and status Succeeded"
          }
        }
    "#]].assert_eq(&(text + "\n"));
}

#[test]
fn markdown_of_a_failed_hook() {
    expect![[r#"
        # Deployment d-1 failed; rollback d-2 succeeded: the previous version serves

        | | |
        |---|---|
        | Application | shop |
        | Deployment group | web |
        | Deployment config | - |
        | Waited | 1 min 45 s |
        | Serving now | the previous version |
        | Exit code | 10 |

        ## Why

        ```text
        deployment d-1 failed; rollback d-2 succeeded: the previous version serves; probable cause: hook function failed: web-smoke-test (AfterInstall)
          error: HOOK_EXECUTION_FAILURE: A lifecycle event hook failed
          lifecycle event: AfterInstall failed after 30 s, function web-smoke-test
            ScriptFailed: The function answered Failed
            | GET /health
            | 502 Bad Gateway
          rollback: Rolled back by d-2
          now serving: the previous version
          next: read the log of the hook function web-smoke-test (log group /aws/lambda/web-smoke-test): it reported Failed or ended with an error; within one hour it must call PutLifecycleEventHookExecutionStatus with deploymentId, lifecycleEventHookExecutionId and status Succeeded
        ```

        ## Deployment d-1: Failed

        | Lifecycle event | Status | Took |
        |---|---|---|
        | BeforeInstall | Succeeded | 0 s |
        | Install | Succeeded | 20 s |
        | AfterInstall | Failed | 30 s |
        | AllowTraffic | Skipped | - |

        | Task set | Status | Running | Pending | Traffic | Target group |
        |---|---|---|---|---|---|
        | Blue | PRIMARY | 2 of 2 | 0 | 100% | tg-blue |
        | Green | ACTIVE | 2 of 2 | 0 | 0% | tg-green |

        ## Rollback d-2: Succeeded

        | Lifecycle event | Status | Took |
        |---|---|---|
        | Install | Succeeded | 1 min 30 s |
    "#]].assert_eq(&markdown(&failed_hook()));
}

#[test]
fn junit_of_a_failed_hook() {
    expect![[r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="codedeploy-artifact" tests="6" failures="2" errors="0" skipped="1">
          <testsuite name="d-1" tests="5" failures="2" errors="0" skipped="1">
            <testcase classname="shop.web" name="BeforeInstall" time="0.000"/>
            <testcase classname="shop.web" name="Install" time="20.000"/>
            <testcase classname="shop.web" name="AfterInstall" time="30.000"><failure message="ScriptFailed: The function answered Failed" type="ScriptFailed">deployment d-1 failed; rollback d-2 succeeded: the previous version serves; probable cause: hook function failed: web-smoke-test (AfterInstall)
          error: HOOK_EXECUTION_FAILURE: A lifecycle event hook failed
          lifecycle event: AfterInstall failed after 30 s, function web-smoke-test
            ScriptFailed: The function answered Failed
            | GET /health
            | 502 Bad Gateway
          rollback: Rolled back by d-2
          now serving: the previous version
          next: read the log of the hook function web-smoke-test (log group /aws/lambda/web-smoke-test): it reported Failed or ended with an error; within one hour it must call PutLifecycleEventHookExecutionStatus with deploymentId, lifecycleEventHookExecutionId and status Succeeded</failure></testcase>
            <testcase classname="shop.web" name="AllowTraffic" time="0.000"><skipped message="skipped by CodeDeploy"/></testcase>
            <testcase classname="shop.web" name="Deployment" time="105.000"><failure message="failed; rollback d-2 succeeded: the previous version serves" type="HOOK_EXECUTION_FAILURE">see the failed lifecycle event</failure></testcase>
          </testsuite>
          <testsuite name="rollback d-2" tests="1" failures="0" errors="0" skipped="0">
            <testcase classname="shop.web" name="Install" time="90.000"/>
          </testsuite>
        </testsuites>
    "#]].assert_eq(&junit(&failed_hook()));
}

#[test]
fn a_failure_without_a_failed_event_is_in_the_report() {
    let xml = junit(&unhealthy());
    assert!(xml.contains("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"3\""), "{xml}");
    assert!(xml.contains("name=\"Deployment\" time=\"3605.937\"><failure message="), "{xml}");
}

#[test]
fn a_success_has_no_failure() {
    let mut followed = failed_hook();
    followed.verdict = Some(Verdict::Succeeded);
    followed.deployment.status = crate::deployment::DeploymentStatus::Succeeded;
    followed.rollback = None;
    assert!(!junit(&followed).contains("<failure"));
    assert!(!markdown(&followed).contains("## Why"));
    assert_eq!(json(&followed)["why"], serde_json::Value::Null);
    assert_eq!(followed.serving(), Serving::New);
}

#[test]
fn foreign_text_cannot_break_out() {
    let nasty = "</failure>]]>&\"'<x>|`````[a](javascript:b)\u{0}\u{fffe}\n# h";
    let mut followed = failed_hook();
    followed.deployment.id = nasty.to_owned();
    followed.deployment.application = nasty.to_owned();
    let error = followed.deployment.error.as_mut().unwrap();
    error.message = nasty.to_owned();
    error.code = nasty.to_owned();
    let event = &mut followed.target.as_mut().unwrap().lifecycle_events[2];
    event.name = nasty.to_owned();
    event.diagnostics.as_mut().unwrap().log_tail = Some(format!("{nasty}\n```\n"));

    let xml = junit(&followed);
    assert_eq!(xml.matches("</failure>").count(), 2, "{xml}");
    assert!(!xml.contains("<x>") && !xml.contains('\u{0}') && !xml.contains('\u{fffe}'), "{xml}");
    assert!(!xml.contains("]]>"), "{xml}");
    well_formed(&xml);

    let page = markdown(&followed);
    assert!(!page.contains("\n# h") && !page.contains('\u{0}'), "{page}");
    let fence = page.lines().find(|line| line.ends_with("text") && line.starts_with("```")).unwrap();
    let fence = fence.trim_end_matches("text");
    assert_eq!(page.lines().filter(|line| *line == fence).count(), 1, "the block is closed once: {page}");
    let tables: Vec<&str> = page.lines().filter(|line| line.starts_with("| Application")).collect();
    assert_eq!(tables[0].matches('|').count() - tables[0].matches("\\|").count(), 3, "{tables:?}");
}

/// Checks tags, quotation marks and entities, as far as this writer uses XML.
fn well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let body = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").unwrap();
    for piece in body.split('<').skip(1) {
        let (tag, _) = piece.split_once('>').expect(piece);
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap());
        }
        for entity in piece.split('&').skip(1) {
            let known = ["amp;", "lt;", "gt;", "quot;", "apos;"];
            assert!(known.iter().any(|known| entity.starts_with(known)), "{entity}");
        }
    }
    assert!(open.is_empty(), "{open:?}");
}
