//! Foreign text in XML, HTML and URLs.

use std::fmt::Write as _;

use super::{LINE, is_unsafe, safe};

/// One line of a limited length, for an attribute or a cell.
pub(crate) fn attribute(foreign: &str) -> String {
    element(&safe(foreign, LINE))
}

/// Text between tags of XML or HTML, or in an attribute. What XML 1.0 cannot hold even escaped, or readers must not see, is
/// written as Rust writes it.
pub(crate) fn element(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            '\n' | '\t' => escaped.push(character),
            _ if is_unsafe(character) => escaped.extend(character.escape_unicode()),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// A part of the path of a URL, percent-encoded.
/// [RFC 3986](https://www.rfc-editor.org/rfc/rfc3986#section-2.3)
pub(crate) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
