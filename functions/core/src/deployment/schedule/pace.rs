//! How often to poll AWS: more often while something changes, less often if AWS throttles.
//!
//! Peers poll every 2-15 s and are throttled ("Rate exceeded"), which then fails their deployments.

use std::time::Duration;

use super::span::millis;

/// The pause after a change.
pub const FASTEST: Duration = Duration::from_secs(5);

/// The pause while nothing changes.
pub const SLOWEST: Duration = Duration::from_secs(30);

/// The pause while AWS throttles.
pub const THROTTLED: Duration = Duration::from_mins(1);

/// The average number of seconds between polls of a long wait, apart from the first [`BURST`] polls.
const AVERAGE_SECONDS: u64 = 16;

/// Polls that may come faster than the average.
const BURST: u64 = 20;

/// The pause if the average is used up. Above it even after the largest shortening by chance.
const REPAYING: Duration = Duration::from_secs(21);

/// The maximum random change of a pause in either direction, in permille.
const JITTER: u64 = 200;

/// The polling cadence of one wait.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    pause: Duration,
    started_ms: u64,
    polls: u64,
}

impl Pace {
    /// A cadence that starts with short pauses.
    pub fn new(now_ms: u64) -> Pace {
        Pace { pause: FASTEST, started_ms: now_ms, polls: 0 }
    }

    /// Records an answer: short pauses again if something changed, otherwise half as long again, up to [`SLOWEST`].
    pub fn answered(&mut self, changed: bool) {
        self.pause = if changed { FASTEST } else { (self.pause + self.pause / 2).min(SLOWEST) };
    }

    /// Records a throttled or unanswered poll: the pause doubles, up to [`THROTTLED`].
    pub fn throttled(&mut self) {
        self.pause = self.pause.saturating_mul(2).min(THROTTLED);
    }

    /// The pause before the next poll, which is counted. `chance` is a random number from the whole range; it keeps
    /// builds that started together from polling together.
    pub fn pause(&mut self, now_ms: u64, chance: u32) -> Duration {
        self.polls = self.polls.saturating_add(1);
        let elapsed = now_ms.saturating_sub(self.started_ms) / 1000;
        let spent = self.polls.saturating_mul(AVERAGE_SECONDS) > elapsed + BURST * AVERAGE_SECONDS;
        let pause = if spent { self.pause.max(REPAYING) } else { self.pause };
        let permille = 1000 - JITTER + u64::from(chance) % (2 * JITTER + 1);
        Duration::from_millis(millis(pause).saturating_mul(permille) / 1000)
    }
}
