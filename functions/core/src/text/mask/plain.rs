//! Text as a reader sees it: without control characters, and each place of it in the original.

use std::ops::Range;

use crate::text::is_unsafe;

/// A text without some of its characters.
#[derive(Debug, Default)]
pub(super) struct Plain {
    pub(super) text: String,
    /// For each byte of it, the character in the original that it belongs to.
    places: Vec<Range<usize>>,
}

impl Plain {
    /// Without characters that are not printed, line breaks among them.
    pub(super) fn of(original: &str) -> Plain {
        Plain::kept(original, |_| 0, |character| !is_unsafe(character))
    }

    /// The same without the sequences of terminals, such as colours.
    pub(super) fn without_sequences(original: &str) -> Plain {
        Plain::kept(original, sequence, |character| !is_unsafe(character))
    }

    /// One line for each line: without sequences and characters that are not printed, but with line breaks and tabs.
    pub(super) fn in_lines(original: &str) -> Plain {
        Plain::kept(original, sequence, |character| !is_unsafe(character) || matches!(character, '\n' | '\t'))
    }

    fn kept(original: &str, sequence: fn(&str) -> usize, keep: impl Fn(char) -> bool) -> Plain {
        let mut plain = Plain::default();
        let mut at = 0;
        while let Some(rest) = original.get(at..).filter(|rest| !rest.is_empty()) {
            let skipped = sequence(rest);
            let Some(character) = rest.chars().next().filter(|_| skipped == 0) else {
                at += skipped.max(1);
                continue;
            };
            let end = at + character.len_utf8();
            if keep(character) {
                plain.text.push(character);
                plain.places.resize(plain.text.len(), at..end);
            }
            at = end;
        }
        plain
    }

    /// The place in the original of a range of bytes of [`Plain::text`].
    pub(super) fn place(&self, range: Range<usize>) -> Range<usize> {
        let of = |at: usize| self.places.get(at).cloned().unwrap_or_default();
        if range.is_empty() { 0..0 } else { of(range.start).start..of(range.end - 1).end }
    }
}

/// The length of the sequence that a text begins with, or 0.
/// [ECMA-48](https://ecma-international.org/publications-and-standards/standards/ecma-48/)
fn sequence(text: &str) -> usize {
    let bytes = text.as_bytes();
    let run = |from: usize, set: std::ops::RangeInclusive<u8>| {
        let rest = bytes.get(from..).unwrap_or_default();
        from + rest.iter().take_while(|byte| set.contains(byte)).count()
    };
    let closed = |at: usize, end: std::ops::RangeInclusive<u8>| bytes.get(at).is_some_and(|byte| end.contains(byte));
    let control = |from: usize| {
        let at = run(run(from, 0x30..=0x3f), 0x20..=0x2f);
        if closed(at, 0x40..=0x7e) { at + 1 } else { 0 }
    };
    match bytes {
        // The second one is U+009B.
        [0x1b, b'[', ..] | [0xc2, 0x9b, ..] => control(2),
        // A title or a link, up to BEL or ESC \.
        [0x1b, b']' | b'P' | b'X' | b'^' | b'_', ..] => {
            let line = text.lines().next().unwrap_or_default();
            let ends = [line.find('\u{7}').map(|at| at + 1), line.find("\u{1b}\\").map(|at| at + 2)];
            ends.into_iter().flatten().min().unwrap_or(0)
        }
        [0x1b, ..] => {
            let at = run(1, 0x20..=0x2f);
            if at > 1 && closed(at, 0x30..=0x7e) { at + 1 } else { 0 }
        }
        _ => 0,
    }
}
