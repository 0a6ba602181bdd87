//! The time of a wait.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use codedeploy_core::deployment::rfc3339;
use codedeploy_core::deployment::schedule::millis;

/// The clock of a wait.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    begun: Instant,
    begun_ms: u64,
    scale: f64,
}

impl Clock {
    /// The clock of this machine.
    #[expect(clippy::disallowed_methods, reason = "waits take place in real time")]
    pub(crate) fn start() -> Clock {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let clock = Clock { begun: Instant::now(), begun_ms: millis(since_1970), scale: 1.0 };
        #[cfg(feature = "simulated-time")]
        let clock = clock.simulated();
        clock
    }

    /// For tests, `CODEDEPLOY_ARTIFACT_TIME_SCALE` makes time pass that many times as fast. `300@1700000000000` starts
    /// at that time, in milliseconds since 1970, like the clock of a fake AWS that has run for a while.
    #[cfg(feature = "simulated-time")]
    #[expect(clippy::disallowed_methods, reason = "tests set the time in the environment")]
    fn simulated(self) -> Clock {
        let setting = std::env::var("CODEDEPLOY_ARTIFACT_TIME_SCALE").unwrap_or_default();
        let (scale, begin) = setting.split_once('@').unwrap_or((&setting, ""));
        Clock {
            begun_ms: begin.parse().unwrap_or(self.begun_ms),
            scale: scale.parse().ok().filter(|scale: &f64| (1.0..=1e6).contains(scale)).unwrap_or(1.0),
            ..self
        }
    }

    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> u64 {
        let passed = self.begun.elapsed().mul_f64(self.scale);
        self.begun_ms.saturating_add(millis(passed))
    }

    /// Sleeps.
    pub(crate) async fn sleep(&self, length: Duration) {
        tokio::time::sleep(length.div_f64(self.scale)).await;
    }

    /// The time after that length, in milliseconds since 1970.
    pub(crate) fn after(&self, length: Duration) -> u64 {
        self.now_ms().saturating_add(millis(length))
    }

    /// The time since then.
    pub(crate) fn since(&self, then_ms: u64) -> Duration {
        Duration::from_millis(self.now_ms().saturating_sub(then_ms))
    }
}

/// A random number, so that builds that started together do not poll together.
pub(crate) fn chance() -> u32 {
    // Every hasher of the standard library starts with random keys.
    let [a, b, c, d, ..] = RandomState::new().build_hasher().finish().to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// `2026-11-23T06:46:22Z`, of milliseconds since 1970.
pub(crate) fn date(ms: u64) -> String {
    rfc3339(ms - ms % 1000).unwrap_or_default()
}

/// `2026-11-23T06:46:22.123Z`, of milliseconds since 1970.
pub(crate) fn date_ms(ms: u64) -> String {
    format!("{}.{:03}Z", date(ms).trim_end_matches('Z'), ms % 1000)
}
