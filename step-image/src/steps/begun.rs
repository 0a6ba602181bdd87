//! What a run has started in AWS: recorded by the command, read by an abort.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use clap::ValueEnum;
use codedeploy_aws::config::Aws;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use super::suspension::Suspension;
use crate::terminal::output::Output;
use crate::terminal::print;

/// What an abort does to the deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum OnAbort {
    /// Stop the deployment, and let CodeDeploy redeploy the last good revision.
    StopAndRollback,
    /// Stops it; its automatic rollback decides what follows.
    Stop,
    /// Leaves it alone.
    #[default]
    Leave,
}

impl OnAbort {
    fn on_ctrl_c(self) -> &'static str {
        match self {
            OnAbort::StopAndRollback => "Ctrl-C stops the deployment and rolls it back (see --on-abort)",
            OnAbort::Stop => "Ctrl-C stops the deployment; its automatic rollback, if any, follows (see --on-abort)",
            OnAbort::Leave => "Ctrl-C ends this command and leaves the deployment in progress (see --on-abort)",
        }
    }
}

/// The progress of the command, as an abort needs it.
#[derive(Debug, Clone, Default)]
pub(crate) enum Stage {
    /// This run has created no deployment.
    #[default]
    Before,
    /// This ID was given, and no later stage has been reached.
    Named(String),
    /// `CreateDeployment` was sent, so there may be one.
    Creating {
        /// Finds the deployment of this token.
        look: Box<Look>,
        /// For stopping it.
        stop: Aws,
    },
    /// There is a deployment.
    Made {
        /// Its id.
        id: String,
        /// For stopping it.
        stop: Aws,
    },
    /// It has failed and is being rolled back: only the rollback could be stopped.
    RollingBack {
        /// Its id.
        id: String,
        /// The rollback deployment.
        rollback: String,
    },
    /// The deployment has ended.
    Over {
        /// Its id.
        id: String,
    },
}

impl Stage {
    /// The deployment, as far as its ID is known.
    pub(super) fn id(&self) -> Option<&str> {
        match self {
            Stage::Before | Stage::Creating { .. } => None,
            Stage::Named(id) | Stage::Made { id, .. } | Stage::RollingBack { id, .. } | Stage::Over { id } => Some(id),
        }
    }
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

/// What a run has begun at AWS. A handle; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Begun {
    shared: Arc<Shared>,
    io: Handle,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

/// A copy of all of it.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub(super) stage: Stage,
    /// `None` in a verb without `--on-abort`, which creates and follows no deployment.
    pub(super) policy: Option<OnAbort>,
    pub(super) output: Output,
    /// Whether the command is done and its result is being printed.
    pub(super) finished: bool,
    /// Auto scaling that may be suspended by this run.
    pub(super) suspension: Option<Suspension>,
    changes: Vec<Change>,
    aborted: bool,
}

/// A change at AWS other than the creation of a deployment.
#[derive(Debug, Clone)]
struct Change {
    /// The call and its object: `PutObject s3://bucket/key`.
    call: String,
    answer: Answer,
}

#[derive(Debug, Clone)]
enum Answer {
    Awaited,
    /// What is true now, as a sentence.
    Done(String),
    Failed,
}

impl Begun {
    pub(super) fn new(io: Handle) -> Begun {
        Begun { shared: Arc::default(), io }
    }

    /// Sets the policy of `--on-abort` and shows it on a terminal. Before this call, an abort leaves everything as it
    /// is.
    pub(crate) fn on_abort(&self, policy: OnAbort) {
        self.lock().policy = Some(policy);
        print::on_terminal(policy.on_ctrl_c());
    }

    /// The form of the result.
    pub(crate) fn prints(&self, output: Output) {
        self.lock().output = output;
    }

    pub(crate) fn stage(&self) -> Stage {
        self.lock().stage.clone()
    }

    /// Records the stage. After a signal nothing may be created any more, so this stops the thread.
    pub(crate) fn set(&self, stage: Stage) {
        let creates = matches!(stage, Stage::Creating { .. });
        self.record(creates, |state| state.stage = stage);
    }

    /// Sends a request that changes something at AWS; after a signal it is not sent, and the future never resolves.
    ///
    /// `call` is the action and its object, `done` a sentence that is true once it has succeeded. An abort prints them.
    pub(crate) fn change<T, E>(
        &self,
        call: String,
        done: String,
        request: impl Future<Output = Result<T, E>>,
    ) -> impl Future<Output = Result<T, E>> {
        // Requests are large.
        let request = Box::pin(request);
        async move {
            self.record(true, |state| state.answer(&call, Answer::Awaited));
            let answer = request.await;
            let known = if answer.is_ok() { Answer::Done(done) } else { Answer::Failed };
            self.record(false, |state| state.answer(&call, known));
            answer
        }
    }

    /// Records auto scaling that is about to be suspended; `None` once it is restored.
    pub(crate) fn suspends(&self, suspension: Option<Suspension>) {
        self.record(false, |state| state.suspension = suspension);
    }

    pub(crate) fn suspension(&self) -> Option<Suspension> {
        self.lock().suspension.clone()
    }

    /// Records that the command is done and its result will be printed. After a signal, this stops the thread.
    pub(crate) fn finish(&self) {
        self.record(true, |state| state.finished = true);
    }

    /// Runs a future until it is done or a signal ends it: at the next point without an outstanding call that AWS may
    /// have started. Does not return after a signal.
    pub(crate) fn block_on<T>(&self, work: impl Future<Output = T>) -> T {
        self.io.block_on(async {
            tokio::select! {
                biased;
                () = self.until(|state| state.aborted && !state.is_awaited()) => std::future::pending().await,
                done = work => done,
            }
        })
    }

    /// For what an abort itself does.
    pub(super) fn io(&self) -> &Handle {
        &self.io
    }

    /// From now on the work begins nothing.
    pub(super) fn abort(&self) {
        self.record(false, |state| state.aborted = true);
    }

    pub(super) fn state(&self) -> State {
        self.lock().clone()
    }

    /// Resolves when no answer is outstanding.
    pub(super) async fn answered(&self) {
        self.until(|state| !state.is_awaited()).await;
    }

    /// Replaces the stage if `CreateDeployment` is still unanswered.
    pub(super) fn found(&self, id: String, stop: Aws) {
        self.record(false, |state| {
            if matches!(state.stage, Stage::Creating { .. }) {
                state.stage = Stage::Made { id, stop };
            }
        });
    }

    async fn until(&self, reached: impl Fn(&State) -> bool) {
        loop {
            let changed = self.shared.changed.notified();
            if reached(&self.lock()) {
                return;
            }
            changed.await;
        }
    }

    fn record(&self, begins: bool, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        if begins && state.aborted {
            drop(state);
            loop {
                // The process ends in a moment.
                std::thread::park();
            }
        }
        change(&mut state);
        drop(state);
        self.shared.changed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether a request to AWS is unanswered.
    pub(super) fn is_awaited(&self) -> bool {
        let awaited = |change: &Change| matches!(change.answer, Answer::Awaited);
        matches!(self.stage, Stage::Creating { .. }) || self.changes.iter().any(awaited)
    }

    /// The changes as one sentence, if there are any.
    pub(super) fn changes(&self) -> Option<String> {
        let said = self.changes.iter().map(|Change { call, answer }| match answer {
            Answer::Awaited => format!("{call} was requested, and AWS has not answered"),
            Answer::Done(done) => done.clone(),
            Answer::Failed => format!("{call} failed"),
        });
        Some(said.collect::<Vec<_>>().join("; ")).filter(|said| !said.is_empty())
    }

    fn answer(&mut self, call: &str, answer: Answer) {
        match self.changes.iter_mut().find(|change| change.call == call) {
            Some(change) => change.answer = answer,
            None => self.changes.push(Change { call: call.to_owned(), answer }),
        }
    }
}
