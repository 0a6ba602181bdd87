//! Walks over the tokens of a YAML text to find what the parser hides: tags, directives, tabs, and where keys stand.
//!
//! `yaml_serde` ignores `!!…` tags silently. Whether a `!` begins a tag depends on where scalars and comments begin and
//! end, so this follows the token rules of its scanner (libyaml): the same indentation stack, the same simple keys.

use super::error::{DocumentError, DocumentErrorKind, Place};
use super::yaml_plain::is_ambiguous;

/// What was found.
pub(super) struct Scan {
    /// Place of every key, in the order of the text.
    pub(super) keys: Vec<Place>,
    /// There is at least one `*alias`.
    pub(super) has_aliases: bool,
    /// Where the walk stopped because no token can begin there.
    pub(super) lost: Option<Place>,
}

/// Refuses tags, directives, a second document, explicit keys, tabs in indentation, depth over `depth`, and what YAML 1.1
/// and YAML 1.2 read differently: plain scalars such as `no`, and line breaks that only one of them knows.
pub(super) fn scan(text: &str, depth: usize) -> Result<Scan, DocumentError> {
    let mut scanner = Scanner {
        chars: text.chars().collect(),
        at: 0,
        place: Place { line: 1, column: 1 },
        indents: Vec::new(),
        simple_keys: vec![None],
        key_allowed: true,
        started: false,
        ended: false,
        found: Scan { keys: Vec::new(), has_aliases: false, lost: None },
    };
    while scanner.token()? {
        if scanner.indents.len() + scanner.flow_level() > depth {
            return Err(DocumentErrorKind::Depth(depth).at(scanner.place));
        }
    }
    Ok(scanner.found)
}

struct Scanner {
    chars: Vec<char>,
    at: usize,
    place: Place,
    /// Columns of the open block collections, counted from 1.
    indents: Vec<usize>,
    /// For the block level and each flow level: a token that is a key if a colon follows it on the same line.
    simple_keys: Vec<Option<Place>>,
    key_allowed: bool,
    /// Something of the first document was seen.
    started: bool,
    /// `...` was seen.
    ended: bool,
    found: Scan,
}

impl Scanner {
    /// Passes one token; `false` at the end.
    fn token(&mut self) -> Result<bool, DocumentError> {
        self.skip_space()?;
        let Some(first) = self.peek(0) else { return Ok(false) };
        if self.is_block() {
            self.unroll();
        }
        if self.place.column == 1 && first == '%' {
            return Err(DocumentErrorKind::Directive.at(self.place));
        }
        if self.is_marker("---") {
            if self.started {
                return Err(DocumentErrorKind::Documents.at(self.place));
            }
            self.indents.clear();
            self.forward(3);
            (self.started, self.key_allowed) = (true, false);
            return Ok(true);
        }
        if self.is_marker("...") {
            self.indents.clear();
            self.forward(3);
            (self.ended, self.key_allowed) = (true, false);
            return Ok(true);
        }
        if self.ended {
            return Err(DocumentErrorKind::Documents.at(self.place));
        }
        self.started = true;
        let blank_follows = self.is_blank_or_end(1);
        match first {
            '[' | '{' => {
                self.save_key();
                self.simple_keys.push(None);
                self.key_allowed = true;
                self.forward(1);
            }
            ']' | '}' => {
                if self.flow_level() > 0 {
                    self.simple_keys.pop();
                }
                self.key_allowed = false;
                self.forward(1);
            }
            ',' => {
                self.forget_key();
                self.key_allowed = true;
                self.forward(1);
            }
            '-' if blank_follows => {
                self.roll(self.place.column);
                self.forget_key();
                self.key_allowed = true;
                self.forward(1);
            }
            '?' if blank_follows => return Err(DocumentErrorKind::KeyNotText.at(self.place)),
            ':' if blank_follows || !self.is_block() => self.value(),
            '*' | '&' => {
                self.save_key();
                self.found.has_aliases |= first == '*';
                self.key_allowed = false;
                self.forward(1);
                while self.peek(0).is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')) {
                    self.forward(1);
                }
            }
            '!' => return Err(DocumentErrorKind::Tag(self.tag_text()).at(self.place)),
            '|' | '>' if self.is_block() => self.block_scalar()?,
            '"' | '\'' => {
                self.save_key();
                self.key_allowed = false;
                self.quoted(first)?;
            }
            '|' | '>' | '%' | '@' | '`' | '\t' | '?' if first != '?' || !self.is_block() => return Ok(self.lose()),
            _ => {
                self.save_key();
                self.key_allowed = false;
                self.plain()?;
            }
        }
        Ok(true)
    }

    /// Passes white space, comments and line breaks between tokens.
    fn skip_space(&mut self) -> Result<(), DocumentError> {
        loop {
            match self.peek(0) {
                Some(' ') => self.forward(1),
                Some('\t') if !self.is_block() || !self.key_allowed => self.forward(1),
                Some('\t') => return Err(DocumentErrorKind::Tab.at(self.place)),
                Some('#') => self.skip_line()?,
                Some(c) if is_old_break(c) => return Err(DocumentErrorKind::LineBreak(c).at(self.place)),
                Some(c) if is_break(c) => {
                    self.forward(1);
                    if self.is_block() {
                        self.key_allowed = true;
                    }
                }
                _ => return Ok(()),
            }
        }
    }

    /// A colon: what stood before it on this line is a key.
    fn value(&mut self) {
        let key = self.simple_keys.last_mut().and_then(Option::take).filter(|key| key.line == self.place.line);
        let place = key.unwrap_or(self.place);
        self.found.keys.push(place);
        self.roll(place.column);
        self.key_allowed = key.is_none() && self.is_block();
        self.forward(1);
    }

    fn plain(&mut self) -> Result<(), DocumentError> {
        let (start, place) = (self.at, self.place);
        self.pass_plain()?;
        let text: String = self.chars.get(start..self.at).into_iter().flatten().collect();
        match text.chars().find(|c| is_old_break(*c)) {
            Some(c) => Err(DocumentErrorKind::LineBreak(c).at(place)),
            None if text.trim_end() == "<<" => Err(DocumentErrorKind::MergeKey.at(place)),
            None if is_ambiguous(text.trim_end()) => Err(DocumentErrorKind::Ambiguous.at(place)),
            None => Ok(()),
        }
    }

    fn pass_plain(&mut self) -> Result<(), DocumentError> {
        let least_column = self.indents.last().copied().unwrap_or(0) + 1;
        loop {
            if self.is_marker("---") || self.is_marker("...") || self.peek(0) == Some('#') {
                return Ok(());
            }
            while let Some(c) = self.peek(0)
                && !self.is_blank_or_end(0)
                && !(c == ':' && self.is_blank_or_end(1))
                && (self.is_block() || !matches!(c, ',' | '[' | ']' | '{' | '}'))
            {
                self.key_allowed = false;
                self.forward(1);
            }
            if self.peek(0).is_none() || !self.is_blank_or_end(0) {
                return Ok(());
            }
            while let Some(c) = self.peek(0)
                && self.is_blank_or_end(0)
            {
                if c == '\t' && self.key_allowed && self.place.column < least_column {
                    return Err(DocumentErrorKind::Tab.at(self.place));
                }
                self.key_allowed |= is_break(c);
                self.forward(1);
            }
            if self.is_block() && self.place.column < least_column {
                return Ok(());
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Result<(), DocumentError> {
        self.forward(1);
        while let Some(c) = self.peek(0) {
            // In quotes the other two stay what they are; this one becomes a blank for YAML 1.1.
            if c == '\u{85}' {
                return Err(DocumentErrorKind::LineBreak(c).at(self.place));
            }
            if c == '\\' && quote == '"' || c == quote && quote == '\'' && self.peek(1) == Some(quote) {
                self.forward(2);
            } else {
                self.forward(1);
                if c == quote {
                    break;
                }
            }
        }
        Ok(())
    }

    fn block_scalar(&mut self) -> Result<(), DocumentError> {
        let parent = self.indents.last().copied().unwrap_or(0);
        self.forget_key();
        self.key_allowed = true;
        self.forward(1);
        let mut given = None;
        while let Some(c) = self.peek(0)
            && (c == '+' || c == '-' || c.is_ascii_digit())
        {
            given = given.or(c.to_digit(10));
            self.forward(1);
        }
        self.skip_line()?;
        if self.peek(0).is_some() {
            self.forward(1);
        }
        let given = given.and_then(|digit| usize::try_from(digit).ok());
        // Columns count from 1, so a block that stands at column 3 is indented by two spaces.
        let column = match given {
            Some(spaces) => {
                let column = parent.max(1) + spaces;
                self.skip_indentation(column)?;
                column
            }
            None => self.skip_indentation(usize::MAX)?.max(parent + 1).max(2),
        };
        while self.place.column == column && self.peek(0).is_some() {
            self.skip_line()?;
            if self.peek(0).is_some() {
                self.forward(1);
            }
            self.skip_indentation(column)?;
        }
        Ok(())
    }

    /// Passes empty lines and the spaces up to `column`; returns the largest column it was at.
    fn skip_indentation(&mut self, column: usize) -> Result<usize, DocumentError> {
        let mut largest = 0;
        loop {
            while self.place.column < column && self.peek(0) == Some(' ') {
                self.forward(1);
            }
            largest = largest.max(self.place.column);
            match self.peek(0) {
                Some(c) if is_old_break(c) => return Err(DocumentErrorKind::LineBreak(c).at(self.place)),
                Some(c) if is_break(c) => self.forward(1),
                _ => return Ok(largest),
            }
        }
    }

    /// Passes the rest of the line. What ends it for every reader ends it here.
    fn skip_line(&mut self) -> Result<(), DocumentError> {
        while self.peek(0).is_some_and(|c| !is_break(c)) {
            self.forward(1);
        }
        match self.peek(0) {
            Some(c) if is_old_break(c) => Err(DocumentErrorKind::LineBreak(c).at(self.place)),
            _ => Ok(()),
        }
    }

    fn tag_text(&self) -> String {
        self.chars.iter().skip(self.at).take_while(|c| !c.is_whitespace() && !matches!(c, ',' | ']' | '}')).collect()
    }

    fn lose(&mut self) -> bool {
        self.found.lost = Some(self.place);
        false
    }

    fn save_key(&mut self) {
        if self.key_allowed {
            let place = self.place;
            self.simple_keys.last_mut().into_iter().for_each(|key| *key = Some(place));
        }
    }

    fn forget_key(&mut self) {
        self.simple_keys.last_mut().into_iter().for_each(|key| *key = None);
    }

    fn roll(&mut self, column: usize) {
        if self.is_block() && self.indents.last().is_none_or(|open| *open < column) {
            self.indents.push(column);
        }
    }

    fn unroll(&mut self) {
        while self.indents.last().is_some_and(|open| *open > self.place.column) {
            self.indents.pop();
        }
    }

    fn flow_level(&self) -> usize {
        self.simple_keys.len() - 1
    }

    fn is_block(&self) -> bool {
        self.flow_level() == 0
    }

    fn is_marker(&self, marker: &str) -> bool {
        self.place.column == 1
            && marker.chars().enumerate().all(|(index, c)| self.peek(index) == Some(c))
            && self.is_blank_or_end(3)
    }

    fn is_blank_or_end(&self, ahead: usize) -> bool {
        self.peek(ahead).is_none_or(|c| c == ' ' || c == '\t' || is_break(c))
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn forward(&mut self, count: usize) {
        for _ in 0..count {
            let Some(c) = self.peek(0) else { return };
            self.at += 1;
            if is_break(c) {
                self.at += usize::from(c == '\r' && self.peek(0) == Some('\n'));
                self.place = Place { line: self.place.line + 1, column: 1 };
            } else {
                self.place.column += 1;
            }
        }
    }
}

/// The line breaks of YAML 1.1, which libyaml follows.
fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r') || is_old_break(c)
}

/// Those that are no line breaks for YAML 1.2: what follows one may be a comment for one reader and a key for another.
fn is_old_break(c: char) -> bool {
    matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}')
}
