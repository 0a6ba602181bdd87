//! Writes a value into the YAML scalar around its placeholder.

use super::parse::Piece;
use crate::artifact::appspec::escaped;
use crate::document::is_ambiguous;

/// The state of the YAML scanner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Plain,
    Comment,
    /// Between single quotes; the opening one is at this byte of the output.
    Single {
        opened: usize,
        quote_before: bool,
    },
    /// Between double quotes.
    Double {
        escaped: bool,
    },
    /// Between single quotes that are written as double ones.
    Doubled {
        quote_before: bool,
    },
    /// After `|` or `>`, up to the end of the line.
    Header {
        folded: bool,
    },
    /// At the indentation of a line of a block scalar.
    BlockStart {
        folded: bool,
        indent: Option<usize>,
        spaces: usize,
    },
    /// In such a line.
    Block {
        folded: bool,
        indent: usize,
    },
}

/// The scanner of YAML.
#[derive(Debug)]
pub(super) struct Yaml {
    state: State,
    /// Whether a scalar can begin here.
    at_start: bool,
    /// The last character, a line break at the beginning.
    last: char,
    /// Nested `[` and `{`.
    flow: usize,
    /// Blanks at the beginning of the line.
    indent: usize,
    /// Whether the line has only blanks so far.
    indenting: bool,
}

impl Default for Yaml {
    fn default() -> Self {
        Yaml { state: State::Plain, at_start: true, last: '\n', flow: 0, indent: 0, indenting: true }
    }
}

impl Yaml {
    /// Copies a character of the template.
    pub(super) fn pass(&mut self, character: char, text: &mut String) {
        if let State::BlockStart { folded, indent, spaces } = self.state {
            match character {
                ' ' => self.state = State::BlockStart { folded, indent, spaces: spaces + 1 },
                '\n' => self.state = State::BlockStart { folded, indent, spaces: 0 },
                _ => self.begin_line(folded, indent, spaces),
            }
        }
        match self.state {
            State::Doubled { quote_before } => {
                match (character, quote_before) {
                    ('\'', false) => self.state = State::Doubled { quote_before: true },
                    ('\'', true) => {
                        text.push('\'');
                        self.state = State::Doubled { quote_before: false };
                    }
                    (_, true) => {
                        text.push('"');
                        self.end_of_quotes();
                        self.pass(character, text);
                    }
                    (_, false) => text.push_str(&escaped(&character.to_string())),
                }
                return;
            }
            State::Single { opened, quote_before } => match (character, quote_before) {
                ('\'', _) => self.state = State::Single { opened, quote_before: !quote_before },
                (_, true) => {
                    self.end_of_quotes();
                    self.plain(character, text.len());
                }
                (_, false) => {}
            },
            State::Double { escaped: true } => self.state = State::Double { escaped: false },
            State::Double { escaped: false } => match character {
                '\\' => self.state = State::Double { escaped: true },
                '"' => self.end_of_quotes(),
                _ => {}
            },
            State::Comment if character == '\n' => self.state = State::Plain,
            State::Header { folded } if character == '\n' => {
                self.state = State::BlockStart { folded, indent: None, spaces: 0 };
            }
            State::Block { folded, indent } if character == '\n' => {
                self.state = State::BlockStart { folded, indent: Some(indent), spaces: 0 };
            }
            State::Comment | State::Header { .. } | State::Block { .. } | State::BlockStart { .. } => {}
            State::Plain => self.plain(character, text.len()),
        }
        match character {
            '\n' => (self.indent, self.indenting) = (0, true),
            ' ' if self.indenting => self.indent += 1,
            _ => self.indenting = false,
        }
        if character == '\n' {
            self.at_start = true;
        }
        self.last = character;
        text.push(character);
    }

    /// Closes a quote that only the next character would close.
    pub(super) fn finish(&self, text: &mut String) {
        if self.state == (State::Doubled { quote_before: true }) {
            text.push('"');
        }
    }

    fn end_of_quotes(&mut self) {
        (self.state, self.at_start, self.last) = (State::Plain, false, '"');
    }

    /// A character outside of quotes; `at` is its byte in the output.
    fn plain(&mut self, character: char, at: usize) {
        let start = self.at_start;
        match character {
            '"' if start => self.state = State::Double { escaped: false },
            '\'' if start => self.state = State::Single { opened: at, quote_before: false },
            '#' if self.last.is_whitespace() => self.state = State::Comment,
            '|' | '>' if start && self.flow == 0 => self.state = State::Header { folded: character == '>' },
            '[' | '{' if start => self.flow += 1,
            ']' | '}' if self.flow > 0 => (self.flow, self.at_start) = (self.flow - 1, false),
            ',' if self.flow > 0 => self.at_start = true,
            ' ' if matches!(self.last, ':' | '-' | '?') => self.at_start = true,
            ':' if self.flow > 0 && self.last == '"' => self.at_start = true,
            ' ' | '\n' => {}
            _ => self.at_start = false,
        }
    }

    /// The first character of a line in or after a block scalar.
    fn begin_line(&mut self, folded: bool, indent: Option<usize>, spaces: usize) {
        let wanted = indent.unwrap_or(spaces);
        self.state = if spaces >= wanted && (indent.is_some() || spaces > 0) {
            State::Block { folded, indent: wanted }
        } else {
            State::Plain
        };
        self.at_start = true;
    }

    /// Writes a value; `next` are the pieces that follow it. False if it is written unescaped and is more than a word.
    pub(super) fn put(&mut self, value: &str, next: &[Piece<'_>], text: &mut String) -> bool {
        if let State::BlockStart { folded, indent, spaces } = self.state {
            self.begin_line(folded, indent, spaces);
        }
        let mut fits = true;
        match self.state {
            State::Double { .. } | State::Doubled { .. } => text.push_str(&escaped(value)),
            State::Single { opened, .. } if value.chars().any(needs_escape) => {
                // Single quotes have no escapes, so the scalar gets double quotes.
                let single = text.split_off(opened);
                let content = single.strip_prefix('\'').unwrap_or_default().replace("''", "'");
                text.push('"');
                text.push_str(&escaped(&content));
                text.push_str(&escaped(value));
                self.state = State::Doubled { quote_before: false };
            }
            State::Single { .. } => text.push_str(&value.replace('\'', "''")),
            State::Comment | State::Header { .. } => {
                text.extend(value.chars().map(|character| if needs_escape(character) { ' ' } else { character }));
            }
            State::Block { folded, indent } => {
                let line_break = format!("{}{}", if folded { "\n\n" } else { "\n" }, " ".repeat(indent));
                text.push_str(&value.replace('\n', &line_break));
                fits = !value.contains('\n') || !value.contains('\r');
            }
            State::Plain | State::BlockStart { .. } => {
                fits = is_word(value, self.flow > 0);
                if !fits && self.at_start && self.ends_scalar(next) {
                    text.push('"');
                    text.push_str(&escaped(value));
                    text.push('"');
                    fits = true;
                } else {
                    text.push_str(value);
                }
            }
        }
        (self.at_start, self.indenting, self.last) = (false, false, 'x');
        fits
    }

    /// Whether nothing of the scalar follows.
    fn ends_scalar(&self, next: &[Piece<'_>]) -> bool {
        let (text, more) = match next {
            [] => return true,
            [Piece::Text(text), more @ ..] => (*text, more),
            _ => return false,
        };
        let rest = text.trim_start_matches([' ', '\t']);
        let after_blank = rest.len() < text.len();
        (rest.is_empty() && more.is_empty())
            || rest.starts_with(['\n', '\r'])
            || (after_blank && rest.starts_with('#'))
            || rest.strip_prefix(':').is_some_and(|rest| rest.starts_with([' ', '\n', '\r']))
            || (self.flow > 0 && rest.starts_with([',', ']', '}']))
    }
}

/// Line breaks of any YAML version, and characters that YAML cannot contain unescaped.
fn needs_escape(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// Whether a value is one plain scalar of YAML without quotes.
fn is_word(value: &str, flow: bool) -> bool {
    let mut characters = value.chars();
    let begins = match (characters.next(), characters.next()) {
        (None, _) => true,
        (Some('-' | '?' | ':'), second) => second.is_some_and(|second| !second.is_whitespace()),
        (Some(first), _) => !",[]{}#&*!|>'\"%@`".contains(first),
    };
    begins
        && value.trim() == value
        && !is_ambiguous(value)
        && !value.chars().any(needs_escape)
        && !value.ends_with(':')
        && [": ", " #", "---", "..."].iter().all(|part| !value.contains(part))
        && (!flow || !value.contains([',', '[', ']', '{', '}']))
}
