//! The last look of a wait that is over: what came of the deployment may have been missed while this process did not run.

use std::time::Duration;

use crate::deployment::schedule::millis;

/// A poll that takes longer has been suspended with its process, as by Ctrl-Z or the lid of a laptop: calls end before.
const SUSPENDED: Duration = Duration::from_mins(1);

/// How long a last look is tried for. A network that wakes up needs some seconds.
const LAST_LOOK: Duration = Duration::from_secs(30);

/// Between two tries.
const AGAIN: Duration = Duration::from_secs(3);

/// When a wait that is over is asked again before its end is told.
///
/// Only a poll that began when the time was over, and that was not suspended, is the last look. What an older one brought,
/// an answer or none, may be hours old by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LastLook {
    until_ms: Option<u64>,
}

impl LastLook {
    /// When to poll once more; `None` once the poll that began at `began_ms` was the last look. `settled` says whether AWS
    /// answered it, and nothing more is about to follow.
    pub fn again(&mut self, due_ms: u64, began_ms: u64, settled: bool, now_ms: u64) -> Option<u64> {
        let fresh = began_ms >= due_ms && now_ms.saturating_sub(began_ms) <= millis(SUSPENDED);
        if fresh && (settled || self.until_ms.is_none()) { None } else { self.more(now_ms) }
    }

    /// When to poll once more although the last look was answered, because it shows that more is about to follow; `None`
    /// once that has taken too long.
    pub fn more(&mut self, now_ms: u64) -> Option<u64> {
        let until_ms = *self.until_ms.get_or_insert(now_ms.saturating_add(millis(LAST_LOOK)));
        (now_ms < until_ms).then(|| now_ms.saturating_add(millis(AGAIN)))
    }
}
