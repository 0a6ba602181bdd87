//! Durations, for people and for programs.

use std::time::Duration;

/// `45 s`, `3 min 20 s`, `60 min`, `1 h 52 min`, `48 h`. Rounded down: to seconds below 10 min, to minutes above.
pub fn span(length: Duration) -> String {
    let seconds = length.as_secs();
    let (hours, minutes) = (seconds / 3600, seconds / 60);
    match (minutes, seconds % 60) {
        (0, _) => format!("{seconds} s"),
        (1..10, rest) if rest > 0 => format!("{minutes} min {rest} s"),
        (1..=60, _) => format!("{minutes} min"),
        _ if minutes.is_multiple_of(60) => format!("{hours} h"),
        _ => format!("{hours} h {} min", minutes % 60),
    }
}

/// A length of time in milliseconds.
pub fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}
