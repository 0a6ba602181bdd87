//! The time of the fake: it starts as the real time, and a test can make it run faster, jump or stop.
//!
//! Everything with a duration (deployments, waits, expiring keys) uses this clock, and so does every time in an answer.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use serde_json::{Number, Value};
use time::OffsetDateTime;

/// Simulated milliseconds since 1970.
pub(super) type Millis = u64;

/// A clock that all its clones share.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Mutex<Reading>>);

/// The simulated time at a real moment, and how fast it goes on from there.
#[derive(Debug)]
struct Reading {
    simulated: Duration,
    at: Instant,
    factor: f64,
}

impl Default for Clock {
    fn default() -> Clock {
        let since_1970 = OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000;
        let simulated = Duration::from_millis(u64::try_from(since_1970).unwrap_or_default());
        Clock(Arc::new(Mutex::new(Reading { simulated, at: Instant::now(), factor: 1.0 })))
    }
}

impl Clock {
    /// The number of simulated seconds per real second from now on; 0 stops the clock.
    pub fn speed(&self, factor: f64) {
        let mut reading = self.settled();
        reading.factor = factor;
    }

    /// Jumps ahead.
    pub fn advance(&self, by: Duration) {
        let mut reading = self.settled();
        reading.simulated += by;
    }

    /// The simulated time, as seconds since 1970.
    pub fn seconds(&self) -> f64 {
        self.settled().simulated.as_secs_f64()
    }

    pub(super) fn now(&self) -> Millis {
        u64::try_from(self.settled().simulated.as_millis()).unwrap_or(u64::MAX)
    }

    /// How long it really takes until so much simulated time has passed.
    pub(super) fn really(&self, simulated: Duration) -> Duration {
        simulated.div_f64(self.settled().factor.max(1.0))
    }

    fn settled(&self) -> MutexGuard<'_, Reading> {
        let mut reading = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let passed = now.duration_since(reading.at).mul_f64(reading.factor);
        reading.simulated += passed;
        reading.at = now;
        reading
    }
}

/// A time as the JSON protocols write it: seconds since 1970 with three decimals.
pub(super) fn timestamp(at: Millis) -> Value {
    let text = format!("{}.{:03}", at / 1000, at % 1000);
    text.parse::<Number>().map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_can_be_stopped_and_moved() {
        let clock = Clock::default();
        clock.speed(0.0);
        let start = clock.now();
        std::thread::sleep(Duration::from_millis(5));
        assert_eq!(clock.now(), start);
        clock.advance(Duration::from_secs(90));
        assert_eq!(clock.now(), start + 90_000);
        clock.speed(100_000.0);
        std::thread::sleep(Duration::from_millis(5));
        assert!(clock.now() >= start + 590_000);
    }

    #[test]
    fn a_timestamp_keeps_its_milliseconds() {
        assert_eq!(timestamp(1_767_225_600_007).to_string(), "1767225600.007");
    }
}
