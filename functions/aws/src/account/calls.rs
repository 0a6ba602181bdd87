//! Calls side by side: a limited number, a few at a time, each with a time limit.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use codedeploy_core::account::facts::Named;
use codedeploy_core::account::{Fact, NotChecked};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

use crate::config::{Aws, Timeouts};
use crate::error::AwsError;

/// The most questions of one run.
const MOST: usize = 40;

/// How many are asked at the same time.
const AT_ONCE: usize = 8;

/// The longest time for one of them, with all attempts.
const LONGEST: Duration = Duration::from_secs(15);

/// Asks AWS, within the limits.
#[derive(Clone)]
pub(super) struct Calls {
    pub(super) aws: Aws,
    left: Arc<AtomicUsize>,
    turns: Arc<Semaphore>,
    until: Option<Instant>,
}

impl Calls {
    /// `until` is when the last answer must be there, if there is such a time.
    pub(super) fn new(read: &Aws, until: Option<Instant>) -> Calls {
        Calls {
            aws: read.with_timeouts(Timeouts::within(LONGEST)),
            left: Arc::new(AtomicUsize::new(MOST)),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            until,
        }
    }

    /// Asks one question. `missing` is what is said if the answer is `None`.
    pub(super) async fn ask<T>(
        &self,
        question: impl Future<Output = Result<Option<T>, AwsError>>,
        missing: impl FnOnce() -> String,
    ) -> Fact<T> {
        if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err() {
            return Fact::NotChecked(NotChecked::because(format!("more than {MOST} calls to AWS would be needed")));
        }
        let answer = self.in_time(async {
            // It is never closed.
            let _turn = self.turns.acquire().await;
            question.await
        });
        match answer.await {
            Ok(Ok(Some(found))) => Fact::Known(found),
            Ok(Ok(None)) => Fact::Missing(missing()),
            Ok(Err(error)) => Fact::NotChecked(error.not_checked()),
            Err(late) => Fact::NotChecked(late),
        }
    }

    /// The answer, unless the time is over before.
    pub(super) async fn in_time<T>(&self, answer: impl Future<Output = T>) -> Result<T, NotChecked> {
        match self.until {
            None => Ok(answer.await),
            Some(until) => {
                timeout_at(until, answer).await.map_err(|_| NotChecked::because("AWS did not answer in time"))
            }
        }
    }

    /// Asks about each of the names.
    pub(super) async fn each<T, F>(
        &self,
        names: impl IntoIterator<Item = String>,
        question: impl Fn(Aws, String) -> F,
        missing: fn(&str, &str) -> String,
    ) -> Named<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<Option<T>, AwsError>> + Send + 'static,
    {
        let mut asked = JoinSet::new();
        let names: BTreeSet<String> = names.into_iter().collect();
        for name in names {
            let (calls, question) = (self.clone(), question(self.aws.clone(), name.clone()));
            let region = self.aws.region().unwrap_or_default().to_owned();
            asked.spawn(async move {
                let fact = calls.ask(question, || missing(&name, &region)).await;
                (name, fact)
            });
        }
        // A task that panicked is passed on.
        asked.join_all().await.into_iter().collect()
    }
}
