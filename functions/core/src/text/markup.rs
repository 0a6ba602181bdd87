//! Foreign text in XML and HTML.

use super::{LINE, is_unsafe, safe};

/// One line of a limited length, for an attribute or a cell.
pub(crate) fn attribute(foreign: &str) -> String {
    element(&safe(foreign, LINE))
}

/// Text between tags of XML or HTML, or in an attribute. What XML 1.0 cannot hold even escaped, or readers must not see, is written as Rust writes it.
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
