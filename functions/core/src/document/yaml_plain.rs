//! Plain scalars that YAML 1.1, YAML 1.2 and this reader do not all interpret in the same way.
//!
//! [YAML 1.1 types](https://yaml.org/type/), [YAML 1.2 core schema](https://yaml.org/spec/1.2.2/#103-core-schema)

/// Whether a plain scalar is not text for some reader of YAML 1.1 or 1.2, and differs between readers.
///
/// Numbers as JSON writes them, without an exponent, `true`, `false`, `null` and `~` are the same for all readers.
pub(crate) fn is_ambiguous(text: &str) -> bool {
    !is_the_same_to_all(text) && (is_word(text) || is_number(text) || is_date(text))
}

/// Whether a plain scalar that is not ambiguous is text, and not a number, a boolean or null.
pub(super) fn is_text(text: &str) -> bool {
    !is_the_same_to_all(text)
}

fn is_the_same_to_all(text: &str) -> bool {
    if matches!(text, "true" | "false" | "null" | "~" | "") {
        return true;
    }
    let number = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let no_octal = whole == "0" || !whole.starts_with('0');
    no_octal && is_digits(whole) && fraction.is_none_or(is_digits)
}

/// `y` and `n` are booleans in YAML 1.1. PyYAML reads them as text, ruamel.yaml does not.
fn is_word(text: &str) -> bool {
    const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text == "=" || WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

fn is_number(text: &str) -> bool {
    let number = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = number.to_ascii_lowercase();
    if matches!(lower.as_str(), ".inf" | ".nan") {
        return true;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            return !digits.is_empty() && digits.chars().all(|c| c == '_' || c.is_digit(radix));
        }
    }
    is_decimal(&lower, number.len() < text.len()) || is_of_base_60(number)
}

/// Digits with underscores, at most one point, and an exponent: a number in either of the two versions. ruamel.yaml
/// reads `-_1` as -1, and `._` as a number as well.
fn is_decimal(lower: &str, signed: bool) -> bool {
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (lower, None),
    };
    let starts = mantissa.starts_with(|c: char| c.is_ascii_digit() || c == '.' || signed && c == '_');
    let fits = |c: char| c.is_ascii_digit() || c == '_' || c == '.';
    starts
        && mantissa.contains(|c: char| c.is_ascii_digit() || c == '_')
        && mantissa.chars().all(fits)
        && mantissa.matches('.').count() <= 1
        && exponent.is_none_or(is_digits)
}

/// `1:20:30`, which is 4,830 to YAML 1.1.
fn is_of_base_60(number: &str) -> bool {
    let mut parts = number.split(':');
    let first = parts.next().unwrap_or_default();
    let mut rest = parts.peekable();
    let fits = |part: &str| {
        let part = part.split_once('.').map_or(part, |(part, _)| part);
        is_digits(part) && (part.len() == 1 || part.len() == 2 && part < "60")
    };
    rest.peek().is_some()
        && first.starts_with(|c: char| c.is_ascii_digit())
        && first.chars().all(|c| c.is_ascii_digit() || c == '_')
        && rest.all(fits)
}

/// `2024-01-01`, alone or with a time.
fn is_date(text: &str) -> bool {
    let date = text.split(['T', 't', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split('-').collect();
    match parts.as_slice() {
        [year, month, day] => {
            year.len() == 4
                && [month, day].iter().all(|part| (1..=2).contains(&part.len()))
                && parts.iter().all(|part| is_digits(part))
        }
        _ => false,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::is_ambiguous;

    #[test]
    fn what_all_readers_understand_alike_needs_no_quotes() {
        for text in [
            "",
            "~",
            "null",
            "true",
            "false",
            "0",
            "-1",
            "80",
            "0.0",
            "1.10",
            "-0.5",
            "1.4.0",
            "LATEST",
            "web",
            "no-vpc",
            "nginx:1",
            "8080:80",
            "yes!",
            "2024-01-01-web",
            "v1e3",
            "e5",
            "a_b",
            "_1",
            "_",
            "1.2.3.4",
            "12ab",
            "0xg",
            "-",
            "--",
            ".",
            "arn:aws:ecs:eu-west-1:111111111111:task-definition/web:7",
            "subnet-0123456789abcdef0",
            "10.0.0.0/8",
            "1/2",
        ] {
            assert!(!is_ambiguous(text), "{text}");
        }
    }

    #[test]
    fn what_two_readers_understand_differently_needs_quotes() {
        for text in [
            "no",
            "No",
            "NO",
            "y",
            "N",
            "yes",
            "on",
            "OFF",
            "True",
            "FALSE",
            "Null",
            "=",
            "012",
            "08",
            "0123456789",
            "+1",
            "1_0",
            "1_000.5",
            "-_1",
            "+__",
            "._",
            ".5",
            "1.",
            "1e3",
            "1.0e5",
            "1E-3",
            "0x50",
            "0o14",
            "0b1",
            "-0x1F",
            ".inf",
            "-.INF",
            ".NaN",
            "1:20",
            "190:20:30",
            "1:20.5",
            "2024-01-01",
            "2024-1-2",
            "2001-12-14t21:59:43.10-05:00",
            "2001-12-14 21:59:43",
            "-012",
            "00",
            "-00.5",
        ] {
            assert!(is_ambiguous(text), "{text}");
        }
    }
}
