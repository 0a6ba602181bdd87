//! The time of a wait.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

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

    /// For tests, `CODEDEPLOY_ARTIFACT_TIME_SCALE` makes time pass so many times as fast. `300@1700000000000` starts at that
    /// time, in milliseconds since 1970, like the clock of a fake AWS that has run for a while.
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

/// Whole milliseconds.
pub(crate) fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

/// A random number, so that builds that started together do not poll together.
pub(crate) fn chance() -> u32 {
    // Every hasher of the standard library begins with keys of its own.
    let [a, b, c, d, ..] = RandomState::new().build_hasher().finish().to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

/// `2026-11-23T06:46:22Z`, of milliseconds since 1970.
pub(crate) fn date(ms: u64) -> String {
    let (days, seconds) = (ms / 86_400_000, ms / 1000 % 86_400);
    let (year, month, day) = civil(days);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Year, month and day of a number of days since 1970, in years that begin in March so that the leap day is the last.
fn civil(days: u64) -> (u64, u64, u64) {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, expect) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_709_251_199, "2024-02-29T23:59:59Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(date(seconds * 1000), expect);
        }
    }
}
