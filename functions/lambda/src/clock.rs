//! The time of an invocation: the function's deadline, divided between the work and the report.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A result is delivered at least this long before the function's deadline.
const MARGIN: Duration = Duration::from_secs(2);
/// The maximum time reserved for the report: two attempts, a pause and the margin.
const MOST_FOR_REPORT: Duration = Duration::from_secs(10);
/// The last moment at which a report is tried again.
const LAST_TRY: Duration = Duration::from_secs(1);

/// The deadline of one invocation, in the runtime's own monotonic time.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    started: tokio::time::Instant,
    deadline: tokio::time::Instant,
    work: Duration,
    now_ms: u64,
}

impl Clock {
    /// Starts the clock of an invocation whose deadline, in milliseconds since 1970, Lambda gave.
    pub fn start(deadline_ms: u64) -> Clock {
        let now_ms = now_ms();
        let remaining = Duration::from_millis(deadline_ms.saturating_sub(now_ms));
        let started = tokio::time::Instant::now();
        Clock { started, deadline: started + remaining, work: work_time(remaining), now_ms }
    }

    /// How long the work may take.
    pub fn work(&self) -> Duration {
        self.work
    }

    /// When the check of the account must be over, so that there is time to upload: after three fifths of the work.
    pub fn checked(&self) -> tokio::time::Instant {
        self.started + self.work * 3 / 5
    }

    /// When the invocation began, in milliseconds since 1970.
    pub fn started_ms(&self) -> u64 {
        self.now_ms
    }

    /// How long the report may still be tried.
    pub fn report(&self) -> Duration {
        self.deadline.saturating_duration_since(tokio::time::Instant::now()).saturating_sub(LAST_TRY)
    }
}

/// Two fifths of the time are reserved for the report: at least what it needs before the margin, at most
/// [`MOST_FOR_REPORT`], and never all of the time.
fn work_time(remaining: Duration) -> Duration {
    let least = MARGIN + Duration::from_millis(500);
    let kept = (remaining * 2 / 5).clamp(least, MOST_FOR_REPORT).min(remaining * 5 / 6);
    remaining.saturating_sub(kept)
}

/// Half to all of a pause, so that functions that were throttled together do not retry together.
pub fn jittered(pause: Duration) -> Duration {
    let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 0_u8);
    let half = pause / 2;
    half + half * u32::try_from(random % 1_000).unwrap_or_default() / 1_000
}

#[expect(clippy::disallowed_methods, reason = "Lambda gives its deadline as wall-clock time")]
fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_gets_its_time_first() {
        for (remaining, work) in [
            (900_000, 890_000),
            (60_000, 50_000),
            (30_000, 20_000),
            (10_000, 6_000),
            (5_000, 2_500),
            (3_000, 500),
            (0, 0),
        ] {
            assert_eq!(work_time(Duration::from_millis(remaining)), Duration::from_millis(work), "{remaining} ms");
        }
    }

    #[tokio::test]
    async fn a_check_of_the_account_leaves_time_to_upload() {
        let clock = Clock::start(now_ms() + 30_000);
        let left = clock.checked().duration_since(tokio::time::Instant::now());
        assert!((11..=12).contains(&left.as_secs()), "{left:?}");
    }

    #[tokio::test]
    async fn a_deadline_in_the_past_leaves_no_time() {
        let clock = Clock::start(1);
        assert_eq!((clock.work(), clock.report()), (Duration::ZERO, Duration::ZERO));
    }
}
