//! Whether a connection that earlier jobs used may still be open.

use std::sync::{Mutex, PoisonError};

use codedeploy_aws::config::POOL_IDLE;
use tokio::time::Instant;

/// When a connection was used last.
#[derive(Debug, Default)]
pub struct LastUse(Mutex<Option<Instant>>);

impl LastUse {
    /// Whether the connection has been closed by now, so that a new one is needed.
    pub fn is_over(&self) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        is_over(last, Instant::now())
    }

    /// Records a use.
    pub fn note(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

fn is_over(last: Option<Instant>, now: Instant) -> bool {
    last.is_none_or(|last| now.duration_since(last) >= POOL_IDLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_counts_as_open_until_it_was_idle_for_too_long() {
        let last = LastUse::default();
        assert!(last.is_over(), "there was none yet");
        last.note();
        assert!(!last.is_over());
        let then = Instant::now();
        assert!(!is_over(Some(then), then + POOL_IDLE / 2));
        assert!(is_over(Some(then), then + POOL_IDLE));
    }
}
