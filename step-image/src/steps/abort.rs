//! Handles SIGTERM, SIGINT and SIGHUP, in every command and at any time.
//!
//! Jenkins' `docker.inside` leaves about one second between SIGTERM and SIGKILL, so the user's `--on-abort` is done
//! first and everything else is dropped. The last line of standard error is the deployment ID, for `wait`, or what was
//! started in AWS without one.

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use codedeploy_aws::codedeploy::{Stopped, stop_deployment};
use codedeploy_aws::config::Timeouts;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use serde_json::json;
use tokio::runtime::Builder;
use tokio::sync::oneshot::{self, Receiver, error::RecvError};
use tokio::time::{sleep, timeout};

use super::begun::{Begun, Look, OnAbort, Stage, State};
use super::signals::{Received, Signals};
use super::suspension::Suspension;
use super::{files, survey};
use crate::terminal::{exit, print};

faults! {
    /// The faults of starting.
    pub(crate) const FORMS;

    /// The operating system has no room for another task.
    fn cannot_start(error: &io::Error) =>
        "CLI06" Unavailable "cannot start: {error}", "free some memory or file handles and try again";
}

/// Runs a command until it is done or a signal arrives: SIGTERM, SIGINT, or SIGHUP unless it is ignored as under
/// `nohup`. After a signal the policy has one second; a second signal ends it.
///
/// The command runs on its own thread, so that nothing that it waits for delays a signal: a pipe without a writer, a
/// disk, a terminal, a name server. Answers of AWS are received on another thread, which the command and the handling
/// of the signal share.
pub(crate) fn guarded(work: impl FnOnce(&Begun) -> ExitCode + Send + 'static) -> Result<ExitCode, Fault> {
    let runtime = || Builder::new_current_thread().enable_all().build().map_err(|error| cannot_start(&error));
    let (watch, io) = (runtime()?, runtime()?);
    let mut signals = {
        let _entered = watch.enter();
        Signals::listen().map_err(|error| cannot_start(&error))?
    };
    let begun = Begun::new(io.handle().clone());
    spawn(move || io.block_on(std::future::pending::<()>()))?;
    let done = spawn({
        let begun = begun.clone();
        move || work(&begun)
    })?;
    watch.block_on(async {
        let received = tokio::select! {
            biased;
            // A thread that has ended without a result has said why.
            done = done => return Ok(done.unwrap_or(ExitCode::from(exit::BUG))),
            received = signals.next() => received,
        };
        begun.abort();
        let suspended = begun.suspension();
        let policy = spawn({
            let begun = begun.clone();
            move || begun.io().block_on(outcome(&begun))
        });
        let outcome = tokio::select! {
            outcome = timeout(ALL, async { policy?.await.map_err(no_result) }) => {
                outcome.unwrap_or_else(|_| Ok(out_of_time(&begun.state())))
            }
            () = signals.impatient() => Ok(impatient(&begun.state())),
        };
        let outcome = outcome.unwrap_or_else(|_: Fault| out_of_time(&begun.state()));
        let state = begun.state();
        let outcome = match (suspended, &state.suspension) {
            (Some(it), None) => format!("{outcome}\n{} was restored", it.name()),
            (_, Some(it)) => {
                format!("{outcome}\nwarning: {} may still be suspended\nhint: run `{}`", it.name(), it.command())
            }
            (None, None) => outcome,
        };
        let ends = [spawn(files::abandon), spawn(move || tell(received, &outcome, &state))];
        let ends = ends.into_iter().flatten();
        // A disk or a terminal that does not respond must not keep the process running.
        let _ = timeout(LAST_WORDS, async {
            for end in ends {
                let _ = end.await;
            }
        })
        .await;
        Ok(ExitCode::from(received.exit()))
    })
}

/// Runs something on a thread of its own; the receiver gets its result.
fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<Receiver<T>, Fault> {
    let (done, result) = oneshot::channel();
    let work = move || drop(done.send(work()));
    std::thread::Builder::new().stack_size(STACK).spawn(work).map_err(|error| cannot_start(&error))?;
    Ok(result)
}

fn no_result(_: RecvError) -> Fault {
    cannot_start(&io::ErrorKind::Other.into())
}

/// As the main thread has it.
const STACK: usize = 8 * 1024 * 1024;
/// How long to wait for the answer with a deployment's ID; the rest of the time is for `StopDeployment`.
const ANSWER: Duration = Duration::from_millis(600);
/// Between two looks for it.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// How long the one `StopDeployment` may take.
const STOP: Duration = Duration::from_millis(800);
/// How long all of it may take.
const ALL: Duration = Duration::from_millis(850);
/// How long the message and the removal of temporary files may take.
const LAST_WORDS: Duration = Duration::from_millis(100);

const NOTHING: &str = "nothing was started in AWS";

/// Waits for outstanding answers, which may have an ID, then applies `--on-abort` and returns the result.
async fn outcome(begun: &Begun) -> String {
    if begun.state().is_awaited() {
        tokio::select! {
            () = begun.answered() => {}
            () = found(begun) => {}
            () = sleep(ANSWER) => {}
        }
    }
    let state = begun.state();
    tokio::join!(act(&state), restore(begun, state.suspension.as_ref())).0
}

/// Restores auto scaling, whatever becomes of the deployment: no one else will.
async fn restore(begun: &Begun, suspension: Option<&Suspension>) {
    let Some(suspension) = suspension else { return };
    if suspension.within(Timeouts { attempt: STOP, operation: STOP }).end().await.is_ok() {
        begun.suspends(None);
    }
}

/// Resolves when the deployment that is being created is listed.
async fn found(begun: &Begun) {
    let Stage::Creating { look, stop } = begun.stage() else { return std::future::pending().await };
    let mut look = *look;
    look.read = look.read.with_timeouts(Timeouts { attempt: ANSWER, operation: ANSWER });
    loop {
        if let Ok(Some(id)) = survey::find(&look).await {
            return begun.found(id, stop);
        }
        sleep(LOOK_AGAIN).await;
    }
}

async fn act(state: &State) -> String {
    if state.finished {
        return finished(state);
    }
    let (id, stop) = match &state.stage {
        Stage::Before => return before(state),
        Stage::Named(id) => return named(id, state),
        Stage::Made { id, stop } => (id, stop),
        Stage::Creating { look, .. } => return unknown(look),
        Stage::RollingBack { id, rollback } => {
            return format!("deployment {} has failed; its rollback {} continues", shown(id), shown(rollback));
        }
        Stage::Over { id } => return format!("deployment {} has ended", shown(id)),
    };
    let name = shown(id);
    let rollback = match state.policy.unwrap_or_default() {
        OnAbort::Leave => {
            let changes = state.changes().map(|changes| changes + "; ").unwrap_or_default();
            return format!("{changes}deployment {name} continues; follow it with `codedeploy-artifact wait {name}`");
        }
        OnAbort::Stop => None,
        OnAbort::StopAndRollback => Some(true),
    };
    let stop = stop.with_timeouts(Timeouts { attempt: STOP, operation: STOP });
    match stop_deployment(&stop, id, rollback).await {
        Ok(Stopped::AlreadyFinished) => format!("deployment {name} had already ended"),
        Ok(_) if rollback == Some(true) => format!("deployment {name} is being stopped and rolled back"),
        Ok(_) => format!("deployment {name} is being stopped"),
        Err(error) => format!(
            "deployment {name} could not be stopped: {}\nhint: stop it with `codedeploy-artifact stop {name}`",
            Fault::from(error)
        ),
    }
}

/// For a run without a deployment.
fn before(state: &State) -> String {
    match state.changes() {
        Some(changes) if state.policy.is_some() => format!("{changes}; no deployment was created"),
        changes => changes.unwrap_or_else(|| NOTHING.to_owned()),
    }
}

/// For a deployment whose id was given.
fn named(id: &str, state: &State) -> String {
    let name = shown(id);
    match (state.changes(), state.policy.unwrap_or_default()) {
        (Some(changes), _) => format!("{changes}; follow it with `codedeploy-artifact wait {name}`"),
        (None, OnAbort::Leave) => {
            format!("{NOTHING}; follow deployment {name} with `codedeploy-artifact wait {name}`")
        }
        (None, OnAbort::Stop | OnAbort::StopAndRollback) => {
            format!("{NOTHING}; stop deployment {name} with `codedeploy-artifact stop {name}`")
        }
    }
}

/// For a run whose result is being printed.
fn finished(state: &State) -> String {
    let of = |id: &str| format!("its deployment is {}", shown(id));
    format!("the command had finished, but its output may be incomplete; {}", begun_or(state, of))
}

/// What was started in AWS, or else the deployment that the command was about.
fn begun_or(state: &State, of: impl Fn(&str) -> String) -> String {
    state.changes().or_else(|| state.stage.id().map(of)).unwrap_or_else(|| NOTHING.to_owned())
}

fn unknown(look: &Look) -> String {
    format!(
        "CreateDeployment was sent, but not answered: look for {} in deployment group {}/{}, and stop that deployment",
        look.token,
        shown(&look.application),
        shown(&look.group)
    )
}

fn out_of_time(state: &State) -> String {
    match (&state.stage, state.stage.id().map(shown)) {
        (Stage::Creating { look, .. }, _) => unknown(look),
        (_, None) => before(state),
        (_, Some(name)) => format!(
            "AWS did not answer within one second; whether deployment {name} is being stopped is not known\n\
             hint: check with `codedeploy-artifact status {name}`"
        ),
    }
}

fn impatient(state: &State) -> String {
    let begun = match &state.stage {
        Stage::Creating { look, .. } => unknown(look),
        _ => begun_or(state, |id| format!("see `codedeploy-artifact status {}`", shown(id))),
    };
    format!("the second signal ended this command immediately; {begun}")
}

/// Prints the outcome, and the ID of the deployment as the last line.
fn tell(received: Received, outcome: &str, state: &State) {
    let id = state.stage.id();
    print::message(&format!("{}: {}", received.name(), outcome));
    if let Some(id) = id {
        print::message(&shown(id));
    }
    // Nothing is printed after the last line.
    std::mem::forget(io::stderr().lock());
    let result = print::Result {
        json: json!({
            "aborted": received.name(),
            "exit_code": received.exit(),
            "outcome": outcome,
            "deployment": id.map(|id| json!({ "id": id })),
        }),
        line: true,
        exit: received.exit(),
        ..print::Result::default()
    };
    // If a result is already being printed, no other one is.
    if !state.finished {
        print::result(&result, state.output);
    }
}
