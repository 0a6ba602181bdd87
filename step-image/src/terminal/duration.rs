//! `--timeout`.

use std::time::Duration;

/// The longest one: a week. CodeDeploy shifts traffic for at most 120 hours and keeps the blue task set for at most 48.
const LONGEST: Duration = Duration::from_hours(168);

/// `90s`, `45m` or `2h`. A number without a unit is refused: `5` could be minutes or seconds.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let number = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (number, unit) = text.split_at(number.len());
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    if digits && unit.is_empty() && number.len() < 10 {
        return Err(format!("a unit is required: {number}s, {number}m or {number}h"));
    }
    let seconds = match unit {
        "s" => Some(1),
        "m" => Some(60),
        "h" => Some(3600),
        _ => None,
    };
    let length = number.parse::<u64>().ok().zip(seconds).and_then(|(number, seconds)| number.checked_mul(seconds));
    match length.map(Duration::from_secs) {
        Some(length) if digits && !length.is_zero() && length <= LONGEST => Ok(length),
        _ => Err("expected a number and a unit, such as 90s, 45m or 2h; at most 168h".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn lengths_have_a_unit() {
        let seconds = |text| parse(text).ok().map(|length| length.as_secs());
        for (text, expect) in [("90s", 90), ("45m", 2700), ("2h", 7200), ("48h", 172_800)] {
            assert_eq!(seconds(text), Some(expect), "{text}");
        }
        assert_eq!(parse("5"), Err("a unit is required: 5s, 5m or 5h".to_owned()));
        for text in
            ["", "0", "45", "0s", "m", "5M", "5min", "-5m", "+5m", "5 m", "5d", "169h", "1.5h", "99999999999999999999h"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
