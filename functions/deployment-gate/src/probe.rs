//! The requests of all checks, in a thread of its own: whatever happens there, the function can still report in time.

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use codedeploy_core::fault::Fault;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::config::{Check, Plan};
use crate::http::{Client, Connection};
use crate::verdict::Tally;

/// What the thread does now, and what it has found so far.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    stage: String,
    failed: Vec<Fault>,
}

impl Progress {
    /// Notes what begins.
    pub fn enter(&self, stage: impl Into<String>) {
        self.lock().stage = stage.into();
    }

    /// What has begun last.
    pub fn stage(&self) -> String {
        self.lock().stage.clone()
    }

    /// The checks that failed so far.
    pub fn failed(&self) -> Vec<Fault> {
        self.lock().failed.clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Starts work in a thread of its own, whose end the receiver gets; an error if it panics. If the receiver is dropped, the
/// thread ends.
///
/// # Errors
/// If the system gives no thread.
pub fn start<F: Future<Output = ()>>(work: impl FnOnce() -> F + Send + 'static) -> io::Result<oneshot::Receiver<()>> {
    let (mut end, ended) = oneshot::channel();
    // The handle is dropped: a thread that does not end must not keep the function from its next invocation.
    std::thread::Builder::new().name("probe".to_owned()).spawn(move || {
        let built = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(2).build();
        let Ok(runtime) = built else { return };
        let finished = runtime.block_on(async {
            tokio::select! {
                () = work() => true,
                () = end.closed() => false,
            }
        });
        // A look-up of a name may hang for longer than its caller waits.
        runtime.shutdown_background();
        if finished {
            let _ = end.send(());
        }
    })?;
    Ok(ended)
}

/// Sends all requests of a plan. What failed is in `progress`.
pub async fn all(client: Client, plan: Arc<Plan>, progress: Progress) {
    if !plan.delay.is_zero() {
        progress.enter("delay_seconds");
        tokio::time::sleep(plan.delay).await;
    }
    for (number, check) in (1..).zip(&plan.checks) {
        progress.enter(format!("check {number} ({})", check.name()));
        match of_check(&client, check).await.verdict(check) {
            Ok(passed) => tracing::info!("{passed}"),
            Err(fault) => progress.lock().failed.push(fault),
        }
    }
}

/// What the senders of a check share.
struct Shared {
    client: Client,
    check: Check,
    sent: AtomicU32,
    tally: Mutex<Tally>,
}

/// Sends the requests of a check, as many at once as it says. Each sender has a connection of its own.
async fn of_check(client: &Client, check: &Check) -> Tally {
    let (client, check) = (client.clone(), check.clone());
    let shared = Arc::new(Shared { client, check, sent: AtomicU32::new(0), tally: Mutex::default() });
    let mut senders = JoinSet::new();
    for _ in 0..shared.check.concurrency {
        let shared = Arc::clone(&shared);
        senders.spawn(async move {
            let Shared { client, check, sent, tally } = &*shared;
            let mut connection = Connection::default();
            loop {
                let number = sent.fetch_add(1, Ordering::Relaxed);
                if number >= check.warm_up + check.requests {
                    break;
                }
                let answer = client.send(&mut connection, check).await;
                if number >= check.warm_up {
                    tally.lock().unwrap_or_else(PoisonError::into_inner).add(check, answer);
                }
            }
        });
    }
    while let Some(ended) = senders.join_next().await {
        if let Err(error) = ended
            && error.is_panic()
        {
            // As if it had happened here: the thread ends without a word, and its caller reports that.
            std::panic::resume_unwind(error.into_panic());
        }
    }
    shared.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
