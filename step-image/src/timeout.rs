//! `--timeout`.

use std::time::Duration;

/// The longest one: a week. CodeDeploy shifts traffic for at most 120 hours and keeps the blue task set for at most 48.
const LONGEST: Duration = Duration::from_hours(168);

/// `90s`, `45m` or `2h`; a bare number is minutes.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let (number, unit) = match text.trim_end_matches(|c: char| c.is_ascii_alphabetic()) {
        number if number.len() < text.len() => text.split_at(number.len()),
        number => (number, "m"),
    };
    let seconds = match unit {
        "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3600),
        _ => None,
    };
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    let length = number.parse::<u64>().ok().zip(seconds).and_then(|(number, seconds)| number.checked_mul(seconds));
    match length.map(Duration::from_secs) {
        Some(length) if digits && !length.is_zero() && length <= LONGEST => Ok(length),
        _ => Err("write a length such as 90s, 45m or 2h, at most 168h".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn lengths_have_a_unit_or_are_minutes() {
        let seconds = |text| parse(text).ok().map(|length| length.as_secs());
        for (text, expect) in [("90s", 90), ("45m", 2700), ("45", 2700), ("2h", 7200), ("48h", 172_800)] {
            assert_eq!(seconds(text), Some(expect), "{text}");
        }
        for text in ["", "0", "m", "-5m", "+5m", "5 m", "5d", "169h", "1.5h", "99999999999999999999h"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
