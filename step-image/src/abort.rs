//! Aborted builds: SIGTERM and SIGINT.
//!
//! Jenkins' `docker.inside` leaves about one second between SIGTERM and SIGKILL, so the policy of the user comes first and
//! everything else is dropped. The last line of standard error is the deployment id, for whoever goes on.

use std::cell::RefCell;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use aws_calls::codedeploy::stop_deployment;
use aws_calls::config::{Aws, Timeouts};
use clap::builder::EnumValueParser;
use clap::{Arg, ArgMatches, ValueEnum};
use codedeploy_artifact::error::{Error, shown};
use serde_json::json;
use tokio::signal::unix::{Signal as Source, SignalKind, signal};
use tokio::time::{Instant, sleep, timeout_at};

use crate::files::FileError;
use crate::{exit, print};

/// What an abort does to the deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OnAbort {
    /// Stops it and has CodeDeploy deploy the last good revision again.
    StopAndRollback,
    /// Stops it; what follows is what its automatic rollback is set up for.
    Stop,
    /// Leaves it alone.
    Leave,
}

/// How far the work is, as far as an abort needs to know. The work writes it, the abort reads it.
#[derive(Debug, Default)]
pub(crate) enum Stage {
    /// This run has made no deployment.
    #[default]
    Before,
    /// This id was given, and nothing was asked yet.
    Named(String),
    /// `CreateDeployment` is on its way, so there may be one.
    Creating {
        /// Finds the deployment of this token.
        look: Box<Look>,
        /// For stopping it.
        stop: Aws,
    },
    /// There is one.
    Made {
        /// Its id.
        id: String,
        /// For stopping it.
        stop: Aws,
    },
    /// It has ended badly and is being rolled back: there is nothing to stop but the rescue.
    RollingBack {
        /// Its id.
        id: String,
        /// The rollback deployment.
        rollback: String,
    },
    /// It has ended.
    Over {
        /// Its id.
        id: String,
    },
}

/// How a deployment whose answer has not come can be found.
#[derive(Debug, Clone)]
pub(crate) struct Look {
    pub(crate) read: Aws,
    pub(crate) application: String,
    pub(crate) group: String,
    pub(crate) token: String,
    /// Deployments with the same token that were there before.
    pub(crate) known: Vec<String>,
}

/// `--on-abort`.
pub(crate) fn flag(default: OnAbort) -> Arg {
    Arg::new("on-abort")
        .long("on-abort")
        .value_name("POLICY")
        .value_parser(EnumValueParser::<OnAbort>::new())
        .hide_possible_values(true)
        .default_value(default.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned()))
        .help("On SIGTERM or SIGINT: stop-and-rollback, stop or leave")
}

/// The value of `--on-abort`.
pub(crate) fn policy(flags: &ArgMatches) -> OnAbort {
    flags.get_one("on-abort").copied().unwrap_or(OnAbort::Leave)
}

/// Does the work until it is done or a signal comes. After a signal the policy has one second; a second one ends it.
pub(crate) async fn guarded(
    policy: OnAbort,
    stage: &RefCell<Stage>,
    work: impl Future<Output = Result<print::Result, Error>>,
) -> Result<print::Result, Error> {
    let mut signals = Signals::listen()?;
    let mut work = pin!(work);
    let received = tokio::select! {
        biased;
        received = signals.next() => received,
        done = &mut work => return done,
    };
    let end = Instant::now() + ALL;
    let policy_done = async {
        // An answer that comes at once is the surest way to the id.
        if matches!(*stage.borrow(), Stage::Creating { .. }) {
            let answered = async {
                while matches!(*stage.borrow(), Stage::Creating { .. }) {
                    sleep(Duration::from_millis(5)).await;
                }
            };
            let worked = async {
                // Work that ends without an id leaves the search to go on.
                let _ = (&mut work).await;
                std::future::pending::<()>().await;
            };
            tokio::select! {
                biased;
                () = answered => {}
                () = worked => {}
                () = found(stage) => {}
                () = sleep(ANSWER) => {}
            }
        }
        match timeout_at(end, act(policy, stage)).await {
            Ok(outcome) => outcome,
            Err(_) => out_of_time(&stage.borrow()),
        }
    };
    let outcome = tokio::select! {
        outcome = policy_done => outcome,
        _ = signals.next() => Outcome { said: "the second signal leaves at once".to_owned(), id: id_of(&stage.borrow()) },
    };
    Ok(result(received, &outcome))
}

/// How long a deployment whose answer is on its way is waited and looked for: what is left is for `StopDeployment`.
const ANSWER: Duration = Duration::from_millis(600);
/// Between two looks for it.
const LOOK_AGAIN: Duration = Duration::from_millis(100);
/// How long the one `StopDeployment` may take.
const STOP: Duration = Duration::from_millis(800);
/// How long all of it may take.
const ALL: Duration = Duration::from_millis(900);

const NOTHING_MADE: &str = "this run has made no deployment";

/// What came of an abort.
struct Outcome {
    said: String,
    id: Option<String>,
}

/// Ends when the deployment that is being made is listed.
async fn found(stage: &RefCell<Stage>) {
    loop {
        let (mut look, stop) = match &*stage.borrow() {
            Stage::Creating { look, stop } => (look.clone(), stop.clone()),
            _ => return,
        };
        look.read = look.read.with_timeouts(Timeouts { attempt: ANSWER, operation: ANSWER });
        if let Ok(Some(id)) = crate::deploy::find(&look).await {
            // The answer of `CreateDeployment` may have come meanwhile, and is as good.
            if matches!(*stage.borrow(), Stage::Creating { .. }) {
                *stage.borrow_mut() = Stage::Made { id, stop };
            }
            return;
        }
        sleep(LOOK_AGAIN).await;
    }
}

async fn act(policy: OnAbort, stage: &RefCell<Stage>) -> Outcome {
    let (id, stop) = match &*stage.borrow() {
        Stage::Before => return Outcome { said: NOTHING_MADE.to_owned(), id: None },
        Stage::Named(id) => {
            let name = shown(id);
            let next = if policy == OnAbort::Leave {
                "follow it with `codedeploy-artifact wait"
            } else {
                "stop it with `codedeploy-artifact stop"
            };
            let said = format!("nothing was asked of deployment {name} yet; {next} {name}`");
            return Outcome { said, id: Some(id.clone()) };
        }
        Stage::Made { id, stop } => (id.clone(), stop.clone()),
        Stage::Creating { look, .. } => return Outcome { said: unknown(look), id: None },
        Stage::RollingBack { id, rollback } => {
            let said = format!("deployment {} has failed; its rollback {} goes on", shown(id), shown(rollback));
            return Outcome { said, id: Some(id.clone()) };
        }
        Stage::Over { id } => {
            return Outcome { said: format!("deployment {} has ended", shown(id)), id: Some(id.clone()) };
        }
    };
    let name = shown(&id);
    let rollback = match policy {
        OnAbort::Leave => {
            let said = format!("deployment {name} goes on; follow it with `codedeploy-artifact wait {name}`");
            return Outcome { said, id: Some(id) };
        }
        OnAbort::Stop => None,
        OnAbort::StopAndRollback => Some(true),
    };
    let stop = stop.with_timeouts(Timeouts { attempt: STOP, operation: STOP });
    let said = match stop_deployment(&stop, &id, rollback).await {
        Ok(aws_calls::codedeploy::Stopped::AlreadyFinished) => format!("deployment {name} had already ended"),
        Ok(_) if rollback == Some(true) => format!("deployment {name} is being stopped and rolled back"),
        Ok(_) => format!("deployment {name} is being stopped"),
        Err(error) => format!(
            "deployment {name} could not be stopped: {}\nhint: stop it with `codedeploy-artifact stop {name}`",
            Error::from(error)
        ),
    };
    Outcome { said, id: Some(id) }
}

fn unknown(look: &Look) -> String {
    format!(
        "CreateDeployment was on its way, and its answer did not come: look for {} in deployment group {}/{}, and stop \
         that deployment",
        look.token,
        shown(&look.application),
        shown(&look.group)
    )
}

fn out_of_time(stage: &Stage) -> Outcome {
    match stage {
        Stage::Creating { look, .. } => Outcome { said: unknown(look), id: None },
        Stage::Before => Outcome { said: NOTHING_MADE.to_owned(), id: None },
        Stage::Named(id) | Stage::Made { id, .. } | Stage::RollingBack { id, .. } | Stage::Over { id } => {
            let name = shown(id);
            let said = format!(
                "AWS did not answer within one second; whether deployment {name} is being stopped is not known\n\
                 hint: look with `codedeploy-artifact status {name}`"
            );
            Outcome { said, id: Some(id.clone()) }
        }
    }
}

fn id_of(stage: &Stage) -> Option<String> {
    match stage {
        Stage::Before | Stage::Creating { .. } => None,
        Stage::Named(id) | Stage::Made { id, .. } | Stage::RollingBack { id, .. } | Stage::Over { id } => {
            Some(id.clone())
        }
    }
}

fn result(received: Received, outcome: &Outcome) -> print::Result {
    if print::columns().is_some() {
        print::draw("");
    }
    print::talk(&format!("{}: {}", received.name(), outcome.said));
    if let Some(id) = &outcome.id {
        print::talk(&shown(id));
    }
    print::Result {
        json: json!({
            "aborted": received.name(),
            "exit_code": received.exit(),
            "outcome": outcome.said,
            "deployment": outcome.id.as_ref().map(|id| json!({ "id": id })),
        }),
        line: true,
        exit: received.exit(),
        ..print::Result::default()
    }
}

#[derive(Debug, Clone, Copy)]
enum Received {
    Terminate,
    Interrupt,
}

impl Received {
    fn name(self) -> &'static str {
        match self {
            Received::Terminate => "SIGTERM",
            Received::Interrupt => "SIGINT",
        }
    }

    fn exit(self) -> u8 {
        match self {
            Received::Terminate => exit::TERMINATED,
            Received::Interrupt => exit::INTERRUPTED,
        }
    }
}

struct Signals {
    terminate: Source,
    interrupt: Source,
}

impl Signals {
    fn listen() -> Result<Signals, FileError> {
        let on = |kind| signal(kind).map_err(FileError::Runtime);
        Ok(Signals { terminate: on(SignalKind::terminate())?, interrupt: on(SignalKind::interrupt())? })
    }

    async fn next(&mut self) -> Received {
        tokio::select! {
            _ = self.terminate.recv() => Received::Terminate,
            _ = self.interrupt.recv() => Received::Interrupt,
        }
    }
}
