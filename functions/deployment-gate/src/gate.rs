//! All checks within the time: the requests first, then the alarms.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use codedeploy_aws::Aws;
use codedeploy_aws::cloudwatch::alarm_states;
use codedeploy_core::fault::{Fault, safe};
use codedeploy_core::text::counted;
use tokio::sync::oneshot::Receiver;
use tokio::time::{Instant, sleep, timeout};

use crate::config::Plan;
use crate::faults;
use crate::http::Client;
use crate::probe::{self, Progress};

/// The pause between two looks at the alarms.
const LOOK: Duration = Duration::from_secs(10);
/// The longest reason of an alarm, in characters.
const REASON: usize = 300;

/// What to check, and with what.
pub struct Gate {
    plan: Arc<Plan>,
    client: Option<Client>,
}

impl Gate {
    /// Prepares the checks of a plan.
    ///
    /// # Errors
    /// `GAT04` without root certificates.
    pub fn new(plan: Plan) -> Result<Gate, Fault> {
        let client = plan.target.as_ref().map(Client::new).transpose()?;
        Ok(Gate { plan: Arc::new(plan), client })
    }

    /// What is checked, for the log.
    pub fn summary(&self) -> String {
        let (checks, alarms) = (self.plan.checks.len(), self.plan.alarms.len());
        let at = self.plan.target.as_ref().map(|target| format!(" at {}", target.url())).unwrap_or_default();
        format!("{}{at}, {}", counted(checks, "HTTP check"), counted(alarms, "alarm"))
    }

    /// Runs the checks, for at most `time`.
    ///
    /// # Errors
    /// All that failed, as one fault.
    pub async fn run(&self, aws: &Result<Aws, Fault>, time: Duration) -> Result<(), Fault> {
        let progress = Progress::default();
        let ended = within(time, self.checks(aws, &progress), &progress).await;
        let mut failed = progress.failed();
        failed.extend(ended.err());
        let failed = Fault::all(&failed);
        // The URL once, and not in each of them.
        let at = self.plan.target.as_ref().map(crate::config::Target::url);
        failed.map_or(Ok(()), |fault| Err(at.map_or(fault.clone(), |at| fault.within(at))))
    }

    async fn checks(&self, aws: &Result<Aws, Fault>, progress: &Progress) -> Result<(), Fault> {
        if let Some(client) = &self.client {
            progress.enter("the start of the checks");
            let (client, plan, own) = (client.clone(), Arc::clone(&self.plan), progress.clone());
            end_of(probe::start(move || probe::all(client, plan, own)), progress).await?;
        }
        // Traffic that fails is reason enough, and nobody should wait for alarms then.
        if !progress.failed().is_empty() || self.plan.alarms.is_empty() {
            return Ok(());
        }
        let aws = aws.as_ref().map_err(Clone::clone)?;
        let until = Instant::now() + self.plan.watch;
        progress.enter("the look at the alarms");
        loop {
            self.alarms(aws).await?;
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                tracing::info!("{} checked, none in ALARM", counted(self.plan.alarms.len(), "alarm"));
                return Ok(());
            }
            progress.enter("watch_seconds");
            sleep(LOOK.min(left)).await;
        }
    }

    async fn alarms(&self, aws: &Aws) -> Result<(), Fault> {
        let states = alarm_states(aws, &self.plan.alarms).await?;
        let fired = states.iter().filter(|state| state.fired).map(|state| {
            let reason = state.alarm.reason.as_deref().map(|reason| format!(": {}", safe(reason, REASON)));
            faults::alarm(&state.alarm.name, &reason.unwrap_or_default())
        });
        let mut faults: Vec<Fault> = fired.collect();
        let is_known = |name: &&String| states.iter().any(|state| state.alarm.name == **name);
        let unknown: Vec<String> = self.plan.alarms.iter().filter(|name| !is_known(name)).cloned().collect();
        if !unknown.is_empty() {
            faults.push(faults::no_alarm(&unknown, aws.region().unwrap_or_default()));
        }
        Fault::all(&faults).map_or(Ok(()), Err)
    }
}

/// The end of the work, or that it has not ended in time.
async fn within(
    time: Duration,
    work: impl Future<Output = Result<(), Fault>>,
    progress: &Progress,
) -> Result<(), Fault> {
    let ended = timeout(time, work).await;
    ended.unwrap_or_else(|_| Err(faults::late(time.as_secs_f64(), &progress.stage())))
}

/// Waits for the end of a thread.
async fn end_of(started: io::Result<Receiver<()>>, progress: &Progress) -> Result<(), Fault> {
    let ended = match started {
        Ok(ended) => ended.await.is_ok(),
        Err(_) => false,
    };
    if ended { Ok(()) } else { Err(faults::panicked(&progress.stage())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_fault_with_its_stage() {
        let progress = Progress::default();
        progress.enter("check 2 (GET /)");
        let started = probe::start(|| async { panic!("on purpose") });
        let fault = end_of(started, &progress).await.unwrap_err();
        assert_eq!(fault.to_string(), "GAT15: the function failed during check 2 (GET /)");
        let fault = end_of(Err(io::ErrorKind::OutOfMemory.into()), &progress).await.unwrap_err();
        assert_eq!(fault.code(), "GAT15");
    }

    #[tokio::test]
    async fn work_that_computes_for_ever_does_not_keep_the_report() {
        let progress = Progress::default();
        progress.enter("check 1 (GET /)");
        let end = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let ends = Arc::clone(&end);
        let started = probe::start(move || async move { while !ends.load(std::sync::atomic::Ordering::Relaxed) {} });
        let began = Instant::now();
        let fault = within(Duration::from_millis(300), end_of(started, &progress), &progress).await.unwrap_err();
        end.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        assert_eq!(
            fault.to_string(),
            "GAT14: not finished after 0.3 s, during check 1 (GET /); stopped in time to report"
        );
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_ends() {
        let (sent, mut received) = tokio::sync::mpsc::unbounded_channel();
        let started = probe::start(move || async move {
            while sent.send(()).is_ok() {
                sleep(Duration::from_millis(5)).await;
            }
        });
        received.recv().await.unwrap();
        drop(started);
        // The sender is dropped with the work.
        while timeout(Duration::from_secs(5), received.recv()).await.expect("the end of the thread").is_some() {}
    }
}
