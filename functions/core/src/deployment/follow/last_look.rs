//! The last poll of a wait that has timed out. The deployment may have ended while this process was suspended.

use std::time::Duration;

use crate::deployment::schedule::millis;

/// A poll that takes longer was suspended together with the process, for example by Ctrl-Z or a closed laptop. Calls
/// time out earlier than that.
const SUSPENDED: Duration = Duration::from_mins(1);

/// How long the last poll is retried. A network needs some seconds after a suspension.
const LAST_LOOK: Duration = Duration::from_secs(30);

/// The pause between two attempts.
const AGAIN: Duration = Duration::from_secs(3);

/// When to poll again before a time-out is reported.
///
/// Only a poll that began after the time-out, and was not suspended, counts as the last one. The result of an earlier
/// poll may be hours old.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LastLook {
    until_ms: Option<u64>,
}

impl LastLook {
    /// When to poll once more; `None` if the poll that began at `began_ms` was the last one. `settled` is whether AWS
    /// answered it and nothing more is expected.
    pub fn again(&mut self, due_ms: u64, began_ms: u64, settled: bool, now_ms: u64) -> Option<u64> {
        let fresh = began_ms >= due_ms && now_ms.saturating_sub(began_ms) <= millis(SUSPENDED);
        if fresh && (settled || self.until_ms.is_none()) { None } else { self.more(now_ms) }
    }

    /// When to poll once more after an answered last poll, because the answer shows that more is expected; `None` once
    /// that has taken too long.
    pub fn more(&mut self, now_ms: u64) -> Option<u64> {
        let until_ms = *self.until_ms.get_or_insert(now_ms.saturating_add(millis(LAST_LOOK)));
        (now_ms < until_ms).then(|| now_ms.saturating_add(millis(AGAIN)))
    }
}
