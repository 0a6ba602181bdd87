//! How long a call may take.

use std::time::Duration;

use aws_config::timeout::TimeoutConfig;

/// Time to open a connection. The same for every call: the connection pool is keyed by it.
const CONNECT: Duration = Duration::from_secs(3);

/// How long one call may take. The SDK's default is without a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// One attempt: connecting, sending and the whole answer (of a download: its headers).
    pub attempt: Duration,
    /// All attempts and the pauses between them, and of a download the body too.
    pub operation: Duration,
}

impl Timeouts {
    /// Time limits for a call of at most `total`: an attempt gets two fifths of it, which leaves time for a second one
    /// and a pause.
    pub fn within(total: Duration) -> Self {
        Timeouts { attempt: total * 2 / 5, operation: total }
    }

    pub(super) fn config(self) -> TimeoutConfig {
        TimeoutConfig::builder()
            .connect_timeout(CONNECT)
            .operation_attempt_timeout(self.attempt)
            .operation_timeout(self.operation)
            .build()
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Timeouts { attempt: Duration::from_secs(10), operation: Duration::from_secs(30) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_fits_twice_into_its_operation() {
        let timeouts = Timeouts::within(Duration::from_secs(10));
        assert_eq!((timeouts.attempt.as_secs(), timeouts.operation.as_secs()), (4, 10));
    }
}
