//! Makes untrusted text safe for terminals, logs, reports and JSON. Only this module decides which characters are safe.

pub(crate) mod markup;
pub mod mask;
pub mod place;
pub mod suggest;

use std::fmt::Write as _;

use serde_json::Value;

/// The maximum length of an untrusted message in one line, in characters. Messages of AWS are shorter.
pub const LINE: usize = 600;

/// The maximum length of untrusted text in a message, in characters.
const SHOWN_CHARACTERS: usize = 80;

/// The longest file name that is shown in full at the end of a shortened path, in characters.
const NAME_CHARACTERS: usize = 72;

/// Makes untrusted text safe to repeat in a message: control characters escaped, cut at 80 characters. Paths, addresses
/// in S3 and ARNs are cut in the middle, so that the name at their end stays.
///
/// A name with an escape sequence or a line break must not be able to forge a line of a build log.
pub fn shown(text: &str) -> String {
    if text.chars().nth(SHOWN_CHARACTERS).is_none() {
        return escaped(text);
    }
    let (head, tail) = ends(text);
    format!("{}…{}", escaped(head), escaped(tail))
}

/// Like [`shown`], trimmed and with room for a sentence or an ARN: cut at `most` characters.
pub fn safe(text: &str, most: usize) -> String {
    let text = text.trim();
    match text.char_indices().nth(most).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("{}…", escaped(start)),
        None => escaped(text),
    }
}

/// Untrusted names on one line: at most ten, however long the list is, or `none`.
pub fn list<T: ToString>(items: &[T]) -> String {
    if items.is_empty() { "none".to_owned() } else { first(items, 10) }
}

/// The first `most` of some untrusted names on one line, and how many more there are.
pub fn first<T: ToString>(items: &[T], most: usize) -> String {
    let mut names: Vec<String> = items.iter().take(most).map(|item| shown(&item.to_string())).collect();
    if items.len() > most {
        names.push(format!("{} more", items.len() - most));
    }
    names.join(", ")
}

/// One word of a POSIX shell: on one line, in single quotes if the shell requires them.
pub fn word(text: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || "_./:=,@%+-…".contains(character);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

/// A number of things: `1 change`, `2 changes`.
pub fn counted(count: usize, thing: &str) -> String {
    format!("{count} {thing}{}", if count == 1 { "" } else { "s" })
}

/// Untrusted text on one line, not shortened.
pub fn line(text: &str) -> String {
    escaped(text)
}

/// Our own lines with untrusted text in them: everything but line breaks and tabs is escaped.
pub fn lines(text: &str) -> String {
    replaced(text, |character, out| out.extend(character.escape_default()))
}

/// A JSON value on one line, to be read by programs and shown on terminals alike.
pub fn json_line(value: &Value) -> String {
    in_json(&value.to_string())
}

/// A JSON value on several lines, like [`json_line`].
pub fn json_document(value: &Value) -> String {
    in_json(&format!("{value:#}"))
}

/// The text of a JSON file (or of a YAML file with its foreign text in double quotation marks) with `\uXXXX` for every
/// character that is not safe to print. It means the same as before.
pub fn in_json(text: &str) -> String {
    replaced(text, |character, out| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    })
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_unsafe(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

fn replaced(text: &str, replace: impl Fn(char, &mut String)) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let ends_line = character == '\n' || (character == '\r' && characters.peek() == Some(&'\n'));
        if is_unsafe(character) && !ends_line && character != '\t' {
            replace(character, &mut replaced);
        } else {
            replaced.push(character);
        }
    }
    replaced
}

/// The shortened form of a text: its beginning and, if it is a path, its last name.
fn ends(text: &str) -> (&str, &str) {
    let name = text.trim_end_matches(['/', '\\']).rfind(['/', '\\']).and_then(|at| text.get(at..));
    let tail = match name.map(|name| (name, name.chars().count())) {
        None => "",
        Some((name, length)) if length <= NAME_CHARACTERS => name,
        Some(_) => {
            let half = text.char_indices().nth_back(SHOWN_CHARACTERS / 2 - 1);
            half.and_then(|(at, _)| text.get(at..)).unwrap_or_default()
        }
    };
    let head = text.char_indices().nth(SHOWN_CHARACTERS.saturating_sub(tail.chars().count()));
    (head.and_then(|(at, _)| text.get(..at)).unwrap_or_default(), tail)
}

/// Whether a character is more than a printable one for a terminal, a browser or a program that reads lines: controls
/// (C0, C1), line breaks, characters that reorder text ("Trojan Source"), and invisible ones. The joiners of scripts
/// and emoji are kept.
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{fffe}'
                | '\u{ffff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_forge_lines_or_colours() {
        assert_eq!(shown("a\nb\u{1b}[31mc\u{202e}"), r"a\nb\u{1b}[31mc\u{202e}");
        assert_eq!(shown(&"x".repeat(81)), format!("{}…", "x".repeat(80)));
        assert_eq!(shown(&"é".repeat(80)), "é".repeat(80));
    }

    #[test]
    fn the_name_at_the_end_of_a_long_path_stays() {
        let check = |path: &str, start: &str, end: &str| {
            let cut = shown(path);
            assert_eq!(cut, format!("{start}…{end}"));
            assert_eq!(cut.chars().count(), 81, "{cut}");
        };
        let deep = "folder-é/".repeat(30);
        let start = |rest: usize| -> String { deep.chars().take(80 - rest).collect() };
        check(&format!("{deep}taskdef.json"), &start(13), "/taskdef.json");
        check(&format!("{deep}last/"), &start(6), "/last/");
        let windows = deep.replace('/', "\\");
        check(&format!("{windows}taskdef.json"), &start(13).replace('/', "\\"), "\\taskdef.json");
        let long = format!("{}.json", "n".repeat(66));
        check(&format!("{deep}{long}"), &start(72), &format!("/{long}"));
        let too_long = format!("{}.json", "n".repeat(90));
        check(&format!("{deep}{too_long}"), &start(40), &format!("{}.json", "n".repeat(35)));
        let cut = shown(&format!("{deep}taskdef.json"));
        assert_eq!(shown(&cut), cut, "a path that was cut is shown as it is");
        let at_80 = format!("{}/x.json", "f".repeat(73));
        assert_eq!(shown(&at_80), at_80);
        let hidden = format!("{deep}\u{1b}[2J.json");
        assert!(shown(&hidden).ends_with(r"/\u{1b}[2J.json"), "{}", shown(&hidden));
    }

    #[test]
    fn every_unsafe_character_is_escaped_everywhere() {
        let hostile =
            "\0\u{7}\u{1b}\u{7f}\u{85}\u{9b}\u{61c}\u{200f}\u{2028}\u{2029}\u{202e}\u{2066}\u{feff}\u{ffff}\u{e0041}";
        for character in hostile.chars() {
            assert!(is_unsafe(character), "{character:?}");
        }
        for text in [shown(hostile), line(hostile), lines(hostile), in_json(hostile)] {
            assert!(text.is_ascii() && !text.contains(char::is_control), "{text}");
        }
        let value = serde_json::json!({ hostile: [hostile, "a\nb\t\"", "❤️‍🔥 naïve"] });
        for text in [json_line(&value), json_document(&value)] {
            assert!(!text.chars().any(|it| is_unsafe(it) && it != '\n'), "{text}");
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        }
        assert_eq!(json_line(&value).lines().count(), 1);
        assert_eq!(json_line(&"\u{e0041}\u{2028}".into()), r#""\udb40\udc41\u2028""#);
        assert_eq!(lines("a\r\nb\tc\rd"), "a\r\nb\tc\\rd");
        assert_eq!(line("a\r\nb\tc"), r"a\r\nb\tc");
    }

    #[test]
    fn sentences_keep_their_length_and_lose_their_colours() {
        let sentence = "word ".repeat(60);
        assert_eq!(safe(&sentence, LINE), sentence.trim());
        assert_eq!(safe("a\u{1b}[2Jb\n", LINE), r"a\u{1b}[2Jb");
        assert_eq!(safe(&"x".repeat(601), LINE), format!("{}…", "x".repeat(600)));
    }
}
