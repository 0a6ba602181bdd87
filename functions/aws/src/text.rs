//! Texts and times between AWS and this product.

use aws_smithy_types::DateTime;

/// The text within `limit` characters, the last one `…` where it was cut; `None` where there is nothing: AWS refuses
/// empty texts.
pub(crate) fn cut(text: &str, limit: usize) -> Option<String> {
    let text = text.trim();
    match text.char_indices().nth(limit) {
        None => (!text.is_empty()).then(|| text.to_owned()),
        Some(_) => Some(text.chars().take(limit - 1).chain(['…']).collect()),
    }
}

/// The last part of an ARN, or the name itself.
pub(crate) fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// In lower case, two digits a byte.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

/// Milliseconds since 1970, rounded: AWS sends seconds as a double, and 1700000000.123 arrives a little short of it.
pub(crate) fn millis(time: Option<&DateTime>) -> Option<u64> {
    time.and_then(|time| ((time.as_nanos() + 500_000) / 1_000_000).try_into().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut(&"ü".repeat(5_000), 5_000).unwrap(), "ü".repeat(5_000));
        assert_eq!(cut(&"ü".repeat(5_001), 5_000).unwrap(), format!("{}…", "ü".repeat(4_999)));
        assert_eq!(cut("  ", 9), None);
    }

    #[test]
    fn bytes_are_two_digits_each() {
        assert_eq!(hex(&[0, 0x0a, 0xf1, 0xff]), "000af1ff");
    }

    #[test]
    fn times_are_milliseconds() {
        assert_eq!(millis(Some(&DateTime::from_secs_f64(1_700_000_000.123))), Some(1_700_000_000_123));
        assert_eq!(millis(Some(&DateTime::from_secs(-1))), None);
        assert_eq!(millis(None), None);
    }

    #[test]
    fn an_arn_is_called_by_its_last_part() {
        assert_eq!(short("arn:aws:ecs:eu-west-1:1:service/prod/web"), "web");
        assert_eq!(short("web"), "web");
    }
}
