//! The last look of a wait that is over: what came of the deployment may have been missed while this process did not run.

use std::time::Duration;

use super::doubt::Doubt;
use super::state::Follow;
use crate::deployment::schedule::millis;

/// A poll that takes longer has been suspended with its process, as by Ctrl-Z or the lid of a laptop: calls end before.
const SUSPENDED: Duration = Duration::from_mins(1);

/// How long a last look is tried for. A network that wakes up needs some seconds.
const LAST_LOOK: Duration = Duration::from_secs(30);

/// Between two tries.
const AGAIN: Duration = Duration::from_secs(3);

impl Follow {
    /// Whether the wait, which is over, is asked again before its end is told; plans the poll then.
    ///
    /// Only a poll that began when the time was over, and that was not suspended, is the last look. What an older one
    /// brought, an answer or none, may be hours old by now.
    pub(super) fn looks_again(&mut self, due_ms: u64, now_ms: u64) -> bool {
        let began_ms = self.began_ms.unwrap_or_default();
        let suspended = now_ms.saturating_sub(began_ms) > millis(SUSPENDED);
        if began_ms >= due_ms && !suspended && self.last_look_ms.is_none() {
            return false;
        }
        let answered = self.missed == 0 && self.doubt == Doubt::default() && began_ms >= due_ms && !suspended;
        let until_ms = *self.last_look_ms.get_or_insert(now_ms.saturating_add(millis(LAST_LOOK)));
        if answered || now_ms >= until_ms {
            return false;
        }
        self.poll_at_ms = Some(now_ms.saturating_add(millis(AGAIN)));
        true
    }
}
