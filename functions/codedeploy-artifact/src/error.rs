//! What an error of this product can say: a stable code, who has to act, one line and one hint.
//!
//! Each module owns the enum of what can go wrong in it and implements [`Explain`] for it; `?` turns any of them
//! into the one [`Error`] that the Lambda reports and the command line prints.

use std::fmt;

/// Who has to act. Decides the CodePipeline failure type and the exit code of the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Kind {
    /// A defect of this product.
    Bug,
    /// The request is wrong: event, UserParameters, configuration file or flags.
    Configuration,
    /// A file that the request names is wrong: task definition, AppSpec, template or archive.
    Input,
    /// What the request names does not exist (yet): a task definition revision, an S3 object.
    NotFound,
    /// AWS, or an allow-list of this product, refused the caller.
    Denied,
    /// AWS did not answer in time, or answered that it cannot serve now.
    Unavailable,
}

/// What every error says of itself beside its one-line message (`Display`, a lowercase fragment without a full stop).
pub trait Explain: std::error::Error + Send + Sync + 'static {
    /// The stable code that users search for, such as `PAR03`. Codes are never reused.
    fn code(&self) -> &'static str;
    /// Who has to act.
    fn kind(&self) -> Kind;
    /// One next step, as an imperative sentence without a full stop.
    ///
    /// Parameters of the request stand in backquotes, here and in the message: see [`crate::request::with_flags`].
    fn hint(&self) -> String;
}

/// Any error of this product. `Display` is `CODE: message`, its causes included.
pub struct Error(Box<dyn Explain>);

impl Error {
    /// The stable code, such as `PAR03`.
    pub fn code(&self) -> &'static str {
        self.0.code()
    }

    /// Who has to act.
    pub fn kind(&self) -> Kind {
        self.0.kind()
    }

    /// One next step.
    pub fn hint(&self) -> String {
        self.0.hint()
    }

    /// The same error with another hint, where more is known about its cause.
    #[must_use]
    pub fn with_hint(self, hint: String) -> Error {
        Error(Box::new(Hinted { error: self, hint }))
    }

    /// The message without the code, its causes included.
    pub fn message(&self) -> String {
        let mut message = self.0.to_string();
        let mut cause = self.0.source();
        while let Some(error) = cause {
            message.push_str(": ");
            message.push_str(&error.to_string());
            cause = error.source();
        }
        message
    }

    /// The whole report: `CODE: message`, and on the next line `hint: …`.
    pub fn report(&self) -> String {
        format!("{self}\nhint: {}", self.hint())
    }
}

/// An error with another hint.
#[derive(Debug)]
struct Hinted {
    error: Error,
    hint: String,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.message())
    }
}

impl std::error::Error for Hinted {}

impl Explain for Hinted {
    fn code(&self) -> &'static str {
        self.error.code()
    }

    fn kind(&self) -> Kind {
        self.error.kind()
    }

    fn hint(&self) -> String {
        self.hint.clone()
    }
}

impl<E: Explain> From<E> for Error {
    fn from(error: E) -> Self {
        Error(Box::new(error))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.message())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The longest piece of foreign text that a message repeats, in characters.
const SHOWN_CHARACTERS: usize = 80;

/// The longest name of a file that is shown whole at the end of a longer path, in characters.
const NAME_CHARACTERS: usize = 72;

/// Makes foreign text safe to repeat in a message: control characters escaped, cut at 80 characters. Paths, addresses in
/// S3 and ARNs are cut in the middle, so that the name at their end stays.
///
/// A name with an escape sequence or a line break in it must not be able to forge a line of a build log.
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

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_control() || is_direction_override(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// What is shown of a text that is too long: its beginning and, if it is a path, its last name.
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

/// Bidirectional controls reorder the text around them on a terminal ("Trojan Source").
fn is_direction_override(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot read `{0}`")]
    struct Unreadable(&'static str, #[source] std::num::ParseIntError);

    impl Explain for Unreadable {
        fn code(&self) -> &'static str {
            "TST01"
        }
        fn kind(&self) -> Kind {
            Kind::Input
        }
        fn hint(&self) -> String {
            "write a number".to_owned()
        }
    }

    #[test]
    fn a_report_is_code_message_causes_and_hint() {
        let cause = "x".parse::<u8>().unwrap_err();
        let error = Error::from(Unreadable("port", cause));
        assert_eq!(error.report(), "TST01: cannot read `port`: invalid digit found in string\nhint: write a number");
        assert_eq!(format!("{error:?}"), error.to_string());
        assert_eq!(error.to_string(), format!("{}: {}", error.code(), error.message()));
    }

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
}
