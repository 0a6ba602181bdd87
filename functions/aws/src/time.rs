//! Times between AWS and this product.

use std::time::SystemTime;

use aws_smithy_types::DateTime;

#[expect(clippy::disallowed_methods, reason = "the end of a session is a time of the real world")]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}

/// Milliseconds since 1970, rounded: AWS sends seconds as a double, which is slightly less than 1700000000.123.
pub(crate) fn millis(time: Option<&DateTime>) -> Option<u64> {
    time.and_then(|time| ((time.as_nanos() + 500_000) / 1_000_000).try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_milliseconds() {
        assert_eq!(millis(Some(&DateTime::from_secs_f64(1_700_000_000.123))), Some(1_700_000_000_123));
        assert_eq!(millis(Some(&DateTime::from_secs(-1))), None);
        assert_eq!(millis(None), None);
    }
}
