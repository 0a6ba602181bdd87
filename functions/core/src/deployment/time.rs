//! Times as programs read them.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// `2026-11-23T06:46:22Z`, or with a fraction of a second, of milliseconds since 1970; `None` after the year 9999.
pub fn rfc3339(ms: u64) -> Option<String> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(ms) * 1_000_000).ok()?.format(&Rfc3339).ok()
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (ms, expect) in [
            (0, Some("1970-01-01T00:00:00Z")),
            (951_782_400_000, Some("2000-02-29T00:00:00Z")),
            (1_700_000_000_500, Some("2023-11-14T22:13:20.5Z")),
            (4_107_542_400_000, Some("2100-03-01T00:00:00Z")),
            (253_402_300_799_999, Some("9999-12-31T23:59:59.999Z")),
            (253_402_300_800_000, None),
            (u64::MAX, None),
        ] {
            assert_eq!(rfc3339(ms).as_deref(), expect, "{ms}");
        }
    }
}
