//! Every status against every state of a rollback.

use std::fmt::Write as _;

use expect_test::expect;

use super::super::*;

fn statuses() -> Vec<DeploymentStatus> {
    let known = DeploymentStatus::KNOWN.iter().map(|name| DeploymentStatus::from_name(name));
    known.chain([DeploymentStatus::from_name("Resting")]).collect()
}

#[test]
fn names_survive_the_way_there_and_back() {
    for status in statuses() {
        assert_eq!(DeploymentStatus::from_name(status.name()), status);
    }
    assert_eq!(DeploymentStatus::from_name("Resting"), DeploymentStatus::Other("Resting".to_owned()));
    assert_eq!(DeploymentStatus::from_name("a\nb").to_string(), r"a\nb");
}

#[test]
fn every_status_and_rollback_combination() {
    let of_rollback = statuses();
    let mut rollbacks = vec![("expected", Rollback::Expected), ("none", Rollback::None)];
    rollbacks.extend(of_rollback.iter().map(|status| (status.name(), Rollback::Seen { id: "d-2", status })));
    let mut table = String::new();
    for (status, code) in statuses().into_iter().map(|status| (status, None)).chain([
        (DeploymentStatus::Stopped, Some("ALARM_ACTIVE")),
        (DeploymentStatus::Stopped, Some("MANUAL_STOP")),
        (DeploymentStatus::Failed, Some("ALARM_ACTIVE")),
    ]) {
        let mut deployment = Deployment::new("d-1", status.clone());
        deployment.error = code.map(|code: &str| ErrorInfo { code: code.to_owned(), message: String::new() });
        let codes: Vec<String> = rollbacks
            .iter()
            .map(|(name, rollback)| {
                let code = decide(&deployment, rollback).map(|verdict| verdict.exit_code());
                format!("{name} {}", code.map_or_else(|| "-".to_owned(), |code| code.to_string()))
            })
            .collect();
        let _ = writeln!(table, "{status} {}: {}", code.unwrap_or("-"), codes.join(", "));
    }
    expect![[r#"
        Created -: expected -, none -, Created -, Queued -, InProgress -, Baking -, Succeeded -, Failed -, Stopped -, Ready -, Resting -
        Queued -: expected -, none -, Created -, Queued -, InProgress -, Baking -, Succeeded -, Failed -, Stopped -, Ready -, Resting -
        InProgress -: expected -, none -, Created -, Queued -, InProgress -, Baking -, Succeeded -, Failed -, Stopped -, Ready -, Resting -
        Baking -: expected -, none -, Created -, Queued -, InProgress -, Baking -, Succeeded -, Failed -, Stopped -, Ready -, Resting -
        Succeeded -: expected 0, none 0, Created 0, Queued 0, InProgress 0, Baking 0, Succeeded 0, Failed 0, Stopped 0, Ready 0, Resting 0
        Failed -: expected -, none 11, Created -, Queued -, InProgress -, Baking -, Succeeded 10, Failed 11, Stopped 11, Ready -, Resting -
        Stopped -: expected -, none 12, Created -, Queued -, InProgress -, Baking -, Succeeded 12, Failed 11, Stopped 11, Ready -, Resting -
        Ready -: expected -, none -, Created -, Queued -, InProgress -, Baking -, Succeeded -, Failed -, Stopped -, Ready -, Resting -
        Resting -: expected -, none -, Created -, Queued -, InProgress -, Baking -, Succeeded -, Failed -, Stopped -, Ready -, Resting -
        Stopped ALARM_ACTIVE: expected -, none 11, Created -, Queued -, InProgress -, Baking -, Succeeded 10, Failed 11, Stopped 11, Ready -, Resting -
        Stopped MANUAL_STOP: expected -, none 12, Created -, Queued -, InProgress -, Baking -, Succeeded 12, Failed 11, Stopped 11, Ready -, Resting -
        Failed ALARM_ACTIVE: expected -, none 11, Created -, Queued -, InProgress -, Baking -, Succeeded 10, Failed 11, Stopped 11, Ready -, Resting -
    "#]].assert_eq(&table);
}

#[test]
fn every_verdict_has_its_exit_code_name_and_sentence() {
    let id = || "d-2".to_owned();
    let verdicts = [
        Verdict::Succeeded,
        Verdict::ReachedPoint(Until::Ready),
        Verdict::ReachedPoint(Until::TrafficShifted),
        Verdict::FailedAndRolledBack { rollback: id() },
        Verdict::FailedNotRolledBack(NotRolledBack::NoRollback),
        Verdict::FailedNotRolledBack(NotRolledBack::Failed { rollback: id() }),
        Verdict::FailedNotRolledBack(NotRolledBack::Stopped { rollback: id() }),
        Verdict::RollbackUndone { restored_by: id(), serving: Some("d-0".to_owned()), on_request: false },
        Verdict::RollbackUndone { restored_by: id(), serving: None, on_request: false },
        Verdict::RollbackUndone { restored_by: id(), serving: Some("d-0".to_owned()), on_request: true },
        Verdict::Stopped { rollback: None },
        Verdict::Stopped { rollback: Some(id()) },
        Verdict::TimedOut(Pending::Deployment),
        Verdict::TimedOut(Pending::RollbackUnknown),
        Verdict::TimedOut(Pending::Rollback { rollback: id() }),
    ];
    let lines: Vec<String> = verdicts
        .iter()
        .map(|verdict| {
            let rollback = verdict.rollback().unwrap_or("-");
            format!("{:>2} {:<26} {rollback:<3} {verdict}", verdict.exit_code(), verdict.name())
        })
        .collect();
    expect![[r#"
         0 succeeded                  -   succeeded
         0 ready                      -   reached ready
         0 traffic-shifted            -   reached traffic-shifted
        10 failed-and-rolled-back     d-2 failed; rollback d-2 succeeded: the previous version serves
        11 failed-and-not-rolled-back -   failed and was not rolled back
        11 failed-and-not-rolled-back d-2 did not succeed, and its rollback d-2 failed
        11 failed-and-not-rolled-back d-2 did not succeed, and its rollback d-2 was stopped
        11 rollback-failed            d-2 was a rollback and failed; deployment d-0 still serves (CodeDeploy restored it with d-2)
        11 rollback-failed            d-2 was a rollback and failed; the version that it was to replace still serves (CodeDeploy restored it with d-2)
        12 stopped                    d-2 was a rollback and was stopped; deployment d-0 still serves (CodeDeploy restored it with d-2)
        12 stopped                    -   stopped, not rolled back
        12 stopped                    d-2 stopped; rollback d-2 succeeded: the previous version serves
        13 timed-out                  -   timed out; the deployment is still in progress
        13 timed-out                  -   timed out; it did not succeed, and no rollback has been seen yet
        13 timed-out                  d-2 timed out; it did not succeed, and its rollback d-2 is still in progress
    "#]]
    .assert_eq(&(lines.join("\n") + "\n"));
}
