//! What the readers refuse, and where.

use std::fmt;

use crate::fault::shown;
pub use crate::text::place::Place;

/// Why a document was refused. The caller adds the file name and the error code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct DocumentError {
    /// What is wrong.
    pub kind: DocumentErrorKind,
    /// Where, if known.
    pub place: Option<Place>,
}

impl DocumentError {
    /// The message with a file name, such as `taskdef.json line 12 column 3: trailing comma`.
    pub fn within(&self, file: &str) -> String {
        format!("{}: {}", self.place_in(file), self.kind)
    }

    /// The place with a file name, such as `taskdef.json line 12 column 3`.
    pub fn place_in(&self, file: &str) -> String {
        match self.place {
            Some(Place { line, column }) => format!("{} line {line} column {column}", shown(file)),
            None => shown(file),
        }
    }
}

/// Such as `line 12 column 3: trailing comma`.
impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Place { line, column }) = self.place {
            write!(f, "line {line} column {column}: ")?;
        }
        self.kind.fmt(f)
    }
}

/// What is wrong with a document. `Display` is the message without the place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentErrorKind {
    /// The text is longer than allowed, both in bytes.
    TooLarge {
        /// Length of the text.
        bytes: usize,
        /// The maximum length.
        limit: usize,
    },
    /// The file is UTF-16.
    Utf16,
    /// The file is neither UTF-8 nor UTF-16.
    Utf8 {
        /// The position of the first wrong byte, counted from 0.
        offset: usize,
    },
    /// The message of the parser.
    Syntax(String),
    /// JSON: a comma before `]` or `}`.
    TrailingComma,
    /// JSON: `//`, `/*` or `#`.
    Comment,
    /// YAML: a tab where indentation belongs.
    Tab,
    /// The same key twice in one map.
    Duplicate {
        /// The key.
        key: String,
        /// Line of the first one, if known.
        first: Option<usize>,
    },
    /// YAML: a second document.
    Documents,
    /// YAML: a tag such as `!Sub`.
    Tag(String),
    /// YAML: a line that begins with `%`.
    Directive,
    /// YAML: the key `<<`.
    MergeKey,
    /// YAML: a key that is a number, a boolean, null, a list or a map.
    KeyNotText,
    /// YAML: an unquoted scalar that is text for one reader and a number, a boolean or a date for another.
    Ambiguous,
    /// YAML: a character that is a line break in YAML 1.1 but not in YAML 1.2.
    LineBreak(char),
    /// YAML: a value or key that two parsers, of YAML 1.1 and of YAML 1.2, read differently.
    Differs,
    /// Nested deeper than this many levels.
    Depth(usize),
    /// More values and keys than this.
    Nodes(usize),
    /// More bytes of scalars than this.
    ScalarBytes(usize),
    /// JSON: a key that the JSON parser reserves for itself.
    ReservedKey,
}

impl DocumentErrorKind {
    pub(super) fn at(self, place: Place) -> DocumentError {
        DocumentError { kind: self, place: Some(place) }
    }

    pub(super) fn nowhere(self) -> DocumentError {
        DocumentError { kind: self, place: None }
    }

    /// One next step, as an imperative sentence without a full stop.
    pub fn hint(&self) -> String {
        match self {
            DocumentErrorKind::TooLarge { .. } => "make the file smaller",
            DocumentErrorKind::Nodes(_) => "make the file smaller; every use of a YAML alias counts in full",
            DocumentErrorKind::Utf16 | DocumentErrorKind::Utf8 { .. } => "save the file as UTF-8",
            DocumentErrorKind::Syntax(_) => "check quotes, commas, brackets and indentation at this position",
            DocumentErrorKind::TrailingComma => "remove the comma",
            DocumentErrorKind::Comment => "remove the comment; JSON does not allow comments",
            DocumentErrorKind::Tab => "indent with spaces",
            DocumentErrorKind::Duplicate { .. } => "remove one of them",
            DocumentErrorKind::Documents => "keep one document, and remove the others and the --- lines",
            DocumentErrorKind::Tag(_) => "write the value itself; this is not a CloudFormation template",
            DocumentErrorKind::Directive => "remove the line that begins with %",
            DocumentErrorKind::MergeKey => "write out the merged keys",
            DocumentErrorKind::KeyNotText => "put the key in quotes",
            DocumentErrorKind::Ambiguous => "put the value in quotes if it is text; write a number without zeros in front, underscores or an exponent",
            DocumentErrorKind::LineBreak(_) => "remove the character, or write it as an escape in double quotes",
            DocumentErrorKind::Differs => "write it on one line, with text in double quotes",
            DocumentErrorKind::Depth(_) => "nest lists and maps less deeply",
            DocumentErrorKind::ScalarBytes(_) => "write out the values instead of using anchors and aliases",
            DocumentErrorKind::ReservedKey => "rename the key",
        }
        .to_owned()
    }
}

impl fmt::Display for DocumentErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DocumentErrorKind::TooLarge { bytes, limit } => write!(f, "file has {bytes} bytes; the limit is {limit}"),
            DocumentErrorKind::Utf16 => f.write_str("UTF-16 text, UTF-8 expected"),
            DocumentErrorKind::Utf8 { offset } => write!(f, "not UTF-8 text (byte {offset})"),
            DocumentErrorKind::Syntax(message) => f.write_str(&shown(message)),
            DocumentErrorKind::TrailingComma => f.write_str("trailing comma"),
            DocumentErrorKind::Comment => f.write_str("comment"),
            DocumentErrorKind::Tab => f.write_str("tab used for indentation"),
            DocumentErrorKind::Duplicate { key, first } => {
                write!(f, "key \"{}\" is given twice", shown(key))?;
                first.map_or(Ok(()), |line| write!(f, " (first at line {line})"))
            }
            DocumentErrorKind::Documents => f.write_str("more than one YAML document"),
            DocumentErrorKind::Tag(tag) => write!(f, "YAML tags ({}) are not supported", shown(tag)),
            DocumentErrorKind::Directive => f.write_str("YAML directives (%) are not supported"),
            DocumentErrorKind::MergeKey => f.write_str("YAML merge keys (<<) are not supported"),
            DocumentErrorKind::KeyNotText => f.write_str("a key must be text"),
            DocumentErrorKind::Ambiguous => {
                f.write_str("YAML 1.1 and YAML 1.2 read this value without quotes differently")
            }
            DocumentErrorKind::LineBreak(c) => {
                write!(f, "U+{:04X} is a line break in YAML 1.1 and not in YAML 1.2", u32::from(*c))
            }
            DocumentErrorKind::Differs => f.write_str("YAML 1.1 and YAML 1.2 read this differently"),
            DocumentErrorKind::Depth(limit) => write!(f, "nested deeper than {limit} levels"),
            DocumentErrorKind::Nodes(limit) => write!(f, "more than {limit} values and keys"),
            DocumentErrorKind::ScalarBytes(limit) => {
                write!(f, "expands to more than {limit} bytes (anchors and aliases)")
            }
            DocumentErrorKind::ReservedKey => f.write_str("a key begins with $serde_json::private"),
        }
    }
}
