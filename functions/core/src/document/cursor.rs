//! Walks through a text, with the place of each character.

use std::str::Chars;

use super::error::{DocumentError, DocumentErrorKind, Place};

/// A position in front of a character. It only moves forward.
pub(super) struct Cursor<'t> {
    rest: Chars<'t>,
    index: usize,
    place: Place,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Cursor<'t> {
        Cursor { rest: text.chars(), index: 0, place: Place { line: 1, column: 1 } }
    }

    pub(super) fn place(&self) -> Place {
        self.place
    }

    pub(super) fn is_at(&self, c: char) -> bool {
        self.rest.as_str().starts_with(c)
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.as_str().is_empty()
    }

    /// Passes the next character if its index, in characters, is smaller than `end`.
    pub(super) fn next_before(&mut self, end: usize) -> Option<(char, Place)> {
        if self.index >= end {
            return None;
        }
        let (c, place) = (self.rest.next()?, self.place);
        self.index += 1;
        self.place = match c {
            '\n' => Place { line: place.line + 1, column: 1 },
            '\r' if !self.is_at('\n') => Place { line: place.line + 1, column: 1 },
            _ => Place { column: place.column + 1, ..place },
        };
        Some((c, place))
    }

    /// Passes an anchor and the white space behind it.
    pub(super) fn skip_anchor(&mut self) {
        let text = self.rest.as_str();
        let behind = text.trim_start_matches(|c: char| !c.is_whitespace()).trim_start_matches([' ', '\t', '\n', '\r']);
        while self.rest.as_str().len() > behind.len() {
            self.next_before(usize::MAX);
        }
    }

    /// Passes a scalar that ends in front of `end`, and refuses line breaks that only one version of YAML knows.
    ///
    /// Blanks and a comment after a scalar in quotes are not passed, although `saphyr-parser` counts them as part of it.
    pub(super) fn scalar(&mut self, quote: Option<char>, end: usize) -> Result<(), DocumentError> {
        let mut open = false;
        while let Some((c, place)) = self.next_before(end) {
            // In quotes, the other two are kept; YAML 1.1 folds this one into a space.
            if c == '\u{85}' || is_old_break(c) && !open {
                return Err(DocumentErrorKind::LineBreak(c).at(place));
            }
            if open && c == '\\' && quote == Some('"') {
                self.next_before(end);
            } else if quote == Some(c) {
                open = !open;
                // Two single quotes are an escaped quote.
                if !open && !self.is_at(c) {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// The error for a tag at the cursor, or after an anchor there.
    pub(super) fn tag(&mut self) -> DocumentError {
        while let Some((c, place)) = self.next_before(usize::MAX) {
            if c == '!' {
                let ends = |c: char| c.is_whitespace() || matches!(c, ',' | ']' | '}');
                let rest = self.rest.as_str().split(ends).next().unwrap_or_default();
                return DocumentErrorKind::Tag(format!("!{rest}")).at(place);
            }
        }
        DocumentErrorKind::Tag("!".to_owned()).nowhere()
    }
}

/// Characters that are line breaks in YAML 1.1 but not in YAML 1.2: the text after one may be a comment for one reader
/// and a key for another.
pub(super) fn is_old_break(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}
