//! Random YAML documents full of scalars and line breaks that readers understand differently.

use std::fmt::Write as _;

use super::Random;

/// Documents that were read differently once, or are close to them.
pub(super) const FOUND: [&str; 21] = [
    "# reviewed\u{2028}Hooks: [{BeforeInstall: \"evil\"}]",
    "a: b # c\u{2029}d: e",
    "a: |\n  b\n\u{2028}c: d",
    "a: >1-\n  b\n  \u{85}- c",
    "k4500: >1-\n    \t\n     \r\u{85}- \n",
    "a: \"b \u{2028} c\"",
    "- <<\n",
    "a: [<<, {}]",
    "Y: n\n",
    "a: 012",
    "a: 1_0",
    "a: 2024-01-01",
    "- ._\n- +__\n",
    "-_1\r\n",
    "a:\t\"b c\"#c\n",
    "- >\n  \n    \u{e9}\n",
    "\u{feff}a: 1.10\n",
    "{a, b: [c,]}",
    "a: b\n  c\n\n  d",
    "a: \"b\n\n  c\\\n  d\"",
    "a: 'b\n\n  ''c'",
];

/// Scalars without quotes.
const PLAIN: [&str; 76] = [
    "no",
    "No",
    "NO",
    "yes",
    "on",
    "off",
    "y",
    "n",
    "Y",
    "N",
    "true",
    "True",
    "TRUE",
    "false",
    "null",
    "Null",
    "~",
    "=",
    "<<",
    "-",
    "--",
    "---",
    "...",
    "?",
    ":",
    "012",
    "08",
    "0",
    "00",
    "-0",
    "-1",
    "+1",
    "1_0",
    "1_000.5",
    "_1",
    "1_",
    "0x1F",
    "0X1f",
    "0o14",
    "0b1",
    "1e3",
    "1E3",
    "1.e3",
    "1.0e+5",
    ".5",
    "5.",
    "-.5",
    ".",
    "..",
    "1.10",
    "1.4.0",
    ".inf",
    "-.INF",
    ".NaN",
    ".nan",
    "1:20",
    "1:20:30",
    "190:20:30.15",
    "12:30",
    "1:60",
    "2024-01-01",
    "2024-1-2",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43",
    "2024-01-01T00:00",
    "99999999999999999999",
    "0.1234567890123456789",
    "nginx:1",
    "a b",
    "a: b",
    "a #b",
    "a#b",
    "arn:aws:ecs:eu-west-1:1:x/y:7",
    "é",
    "😀",
    "!x",
];

/// Pieces of scalars without quotes: what numbers and dates are made of.
const PIECES: [&str; 28] = [
    "0", "1", "7", "9", "60", "59", "2024", "01", "-", "+", ".", "_", ":", "e", "E", "e+", "x", "0x", "0o", "0b", "T",
    "Z", " ", "inf", "nan", "a", "F", "\u{a0}",
];

/// Pieces of texts in quotes, blocks and comments.
const TEXTS: [&str; 30] = [
    "a", "b c", " ", "  ", "\n", "\n\n", "\t", "#", " # c", ": ", "- ", "\\n", "\\\"", "\\\\", "\\x41", "\\u2028",
    "\\N", "\\_", "''", "é", "😀", "\u{85}", "\u{2028}", "\u{2029}", "\u{feff}", "\u{a0}", "\r", "\r\n", "!t", "{}",
];

/// The document with this number.
pub(super) fn document(seed: u64) -> String {
    let mut maker = Maker { random: Random::new(seed), text: String::new(), anchors: 0 };
    match maker.random.below(12) {
        0 => maker.text.push_str("---\n"),
        1 => maker.text.push_str("--- # start\n"),
        2 => maker.comment(),
        3 => maker.text.push('\u{feff}'),
        _ => {}
    }
    maker.block(0, 0);
    if maker.random.below(12) == 0 {
        maker.text.push_str("...\n");
    }
    maker.text
}

struct Maker {
    random: Random,
    text: String,
    anchors: usize,
}

impl Maker {
    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.random.below(from.len())]
    }

    fn comment(&mut self) {
        let text = self.pieces(&TEXTS, 4).replace(['\n', '\r'], " ");
        let _ = writeln!(self.text, "# {text}");
    }

    fn pieces(&mut self, from: &[&'static str], most: usize) -> String {
        (0..=self.random.below(most)).map(|_| self.pick(from)).collect()
    }

    fn indent(&mut self, spaces: usize) {
        self.text.extend(std::iter::repeat_n(' ', spaces));
    }

    /// A map, a list or a scalar whose lines are indented by this many spaces.
    fn block(&mut self, spaces: usize, depth: usize) {
        let items = 1 + self.random.below(4);
        match self.random.below(if depth > 3 { 2 } else { 10 }) {
            0 | 1 => {
                self.indent(spaces);
                self.scalar(spaces);
                self.text.push('\n');
            }
            2..=6 => {
                for _ in 0..items {
                    self.indent(spaces);
                    self.key();
                    self.text.push(':');
                    self.below(spaces, depth);
                }
            }
            _ => {
                for _ in 0..items {
                    self.indent(spaces);
                    self.text.push('-');
                    self.below(spaces, depth);
                }
            }
        }
    }

    /// What follows a key or a dash, with the end of its line.
    fn below(&mut self, spaces: usize, depth: usize) {
        match self.random.below(12) {
            0 => self.text.push('\n'),
            1 => {
                self.text.push_str(" # c\n");
                self.block(spaces + 2, depth + 1);
            }
            2 | 3 => {
                self.text.push('\n');
                if self.random.below(6) == 0 {
                    self.comment();
                }
                let more = 1 + self.random.below(3);
                self.block(spaces + more, depth + 1);
            }
            4 | 5 => {
                self.text.push(' ');
                self.flow(depth);
                self.text.push('\n');
            }
            6 => {
                let style = self.pick(&["|", ">", "|-", ">-", "|+", ">+", "|2", ">1-"]);
                let _ = writeln!(self.text, " {style}");
                for _ in 0..=self.random.below(3) {
                    self.indent(spaces + 2);
                    let text = self.pieces(&TEXTS, 4).replace('\n', "\n   ");
                    let _ = writeln!(self.text, "{text}");
                }
            }
            7 if self.anchors > 0 => {
                let anchor = self.random.below(self.anchors);
                let _ = writeln!(self.text, " *a{anchor}");
            }
            8 => {
                let _ = write!(self.text, " &a{} ", self.anchors);
                self.anchors += 1;
                self.scalar(spaces + 1);
                self.text.push('\n');
            }
            _ => {
                let space = self.pick(&[" ", " ", " ", "  ", "\t", ""]);
                self.text.push_str(space);
                self.scalar(spaces + 1);
                let end = self.pick(&["\n", "\n", "\n", " # c\n", " \n", "\r\n", "\t\n", "#c\n"]);
                self.text.push_str(end);
            }
        }
    }

    fn flow(&mut self, depth: usize) {
        let items = self.random.below(4);
        match self.random.below(if depth > 4 { 1 } else { 4 }) {
            0 | 1 => self.scalar(8),
            2 => {
                self.text.push('[');
                for _ in 0..items {
                    self.flow(depth + 1);
                    let comma = self.pick(&[", ", ",", ",\n        ", " , "]);
                    self.text.push_str(comma);
                }
                self.text.push(']');
            }
            _ => {
                self.text.push('{');
                for _ in 0..items {
                    self.key();
                    let colon = self.pick(&[": ", ": ", ":", ":\n         "]);
                    self.text.push_str(colon);
                    self.flow(depth + 1);
                    self.text.push_str(", ");
                }
                self.text.push('}');
            }
        }
    }

    /// Mostly one of its own, so that most documents have no key twice.
    fn key(&mut self) {
        match self.random.below(8) {
            0 => self.scalar(8),
            1 => {
                let key = format!("\"k{}\"", self.random.below(10_000));
                self.text.push_str(&key);
            }
            _ => {
                let key = format!("k{}", self.random.below(10_000));
                self.text.push_str(&key);
            }
        }
    }

    fn scalar(&mut self, spaces: usize) {
        let lines = |text: String| text.replace('\n', &format!("\n{}", " ".repeat(spaces + 1)));
        let text = match self.random.below(10) {
            0..=2 => self.pick(&PLAIN).to_owned(),
            3 | 4 => self.pieces(&PIECES, 5),
            5 | 6 => format!("w{}", self.random.below(100)),
            7 => format!("\"{}\"", lines(self.pieces(&TEXTS, 5))),
            8 => format!("'{}'", lines(self.pieces(&TEXTS, 5)).replace('\'', "''")),
            _ => format!("w{}", lines(self.pieces(&["\n", " x", "y", ":", "z\u{2028}", " -"], 4))),
        };
        self.text.push_str(&text);
    }
}
