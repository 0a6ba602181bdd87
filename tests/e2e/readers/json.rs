//! Random JSON documents with odd numbers, escapes, names given twice, and what some readers let pass.

use super::Random;

const NUMBERS: [&str; 26] = [
    "0",
    "-0",
    "-0.0",
    "1",
    "80",
    "1.50",
    "1e3",
    "1E+3",
    "1e-3",
    "1.0e5",
    "1e400",
    "-1e-400",
    "012",
    "+1",
    ".5",
    "5.",
    "1_0",
    "0x1F",
    "NaN",
    "Infinity",
    "-Infinity",
    "18446744073709551616",
    "-9223372036854775809",
    "99999999999999999999999999",
    "0.1234567890123456789012345678901",
    "1e",
];

const TEXTS: [&str; 30] = [
    "a",
    "b",
    " ",
    "\\n",
    "\\\"",
    "\\\\",
    "\\/",
    "\\b",
    "\\u0041",
    "\\u00e9",
    "\\u0000",
    "\\ud83d\\ude00",
    "\\ud83d",
    "\\ude00",
    "\\x41",
    "\\'",
    "é",
    "😀",
    "\u{2028}",
    "\u{85}",
    "\u{7f}",
    "\t",
    "\n",
    "\u{1}",
    "\\u12",
    "$serde_json::private::Number",
    "\\u0024s",
    "//",
    "#",
    "\u{feff}",
];

/// The document with this number.
pub(super) fn document(seed: u64) -> String {
    let mut maker = Maker(Random::new(seed));
    let begin = maker.pick(&["", "", "", "", "\u{feff}", " ", "\n", "// c\n"]);
    let end = maker.pick(&["", "", "", "", "\n", " ", ",", "// c", "\0"]);
    format!("{begin}{}{end}", maker.value(0))
}

struct Maker(Random);

impl Maker {
    fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.0.below(from.len())]
    }

    /// Mostly one that every reader takes.
    fn odd(&mut self, usual: &'static str, odd: &[&'static str]) -> &'static str {
        if self.0.below(40) == 0 { self.pick(odd) } else { usual }
    }

    fn value(&mut self, depth: usize) -> String {
        match self.0.below(if depth > 5 { 4 } else { 9 }) {
            0 => self.pick(&["true", "false", "null", "null", "true", "True", "nil"]).to_owned(),
            1 if self.0.below(3) == 0 => self.pick(&NUMBERS).to_owned(),
            1 | 2 => self.pick(&NUMBERS[..12]).to_owned(),
            3 => self.text(),
            4 | 5 => {
                let items: Vec<String> = (0..self.0.below(5)).map(|_| self.value(depth + 1)).collect();
                let comma = self.odd(", ", &[",", ",,", " ", ";"]);
                format!("[{}{}]", items.join(comma), self.odd("", &[",", " "]))
            }
            _ => {
                let members: Vec<String> = (0..self.0.below(5)).map(|_| self.member(depth + 1)).collect();
                format!("{{{}{}}}", members.join(", "), self.odd("", &[",", "/* c */"]))
            }
        }
    }

    fn member(&mut self, depth: usize) -> String {
        let name = match self.0.below(8) {
            0 => self.text(),
            1 => "\"a\"".to_owned(),
            2 => "\"\\u0061\"".to_owned(),
            _ => format!("\"n{}\"", self.0.below(1_000)),
        };
        let colon = self.odd(": ", &[":", "=", " :\n", ""]);
        format!("{name}{colon}{}", self.value(depth))
    }

    fn text(&mut self) -> String {
        let usual = self.0.below(3) > 0;
        let parts = if usual { &TEXTS[..12] } else { &TEXTS[..] };
        let text: String = (0..self.0.below(5)).map(|_| self.pick(parts)).collect();
        let quote = self.odd("\"", &["'", ""]);
        format!("{quote}{text}{quote}")
    }
}
