//! Colours of a text on a terminal.

use std::io;

use anstream::{AutoStream, ColorChoice};

/// What of a text has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Colours {
    /// Nothing.
    #[default]
    None,
    /// Lines that begin with a mark: `+`, `-`, `~`, `!` and, in a unified diff, `@`.
    Marks,
    /// Severities and codes of findings, and the word `hint`.
    Findings,
}

/// The text with its colours if standard output takes them: it is a terminal, and `NO_COLOR`, `CLICOLOR` and `TERM` do not
/// say otherwise.
pub(super) fn painted(text: &str, colours: Colours) -> String {
    let none = colours == Colours::None || AutoStream::choice(&io::stdout()) == ColorChoice::Never;
    if none { text.to_owned() } else { coloured(text, colours) }
}

fn coloured(text: &str, colours: Colours) -> String {
    let line = match colours {
        Colours::None => str::to_owned,
        Colours::Marks => marked,
        Colours::Findings => found,
    };
    text.split_inclusive('\n').map(line).collect()
}

fn paint(text: &str, colour: &str) -> String {
    format!("\u{1b}[{colour}m{text}\u{1b}[0m")
}

/// The colours that `git diff` has.
fn marked(line: &str) -> String {
    let colour = match line.trim_start_matches(' ').chars().next() {
        Some('+') => "32",
        Some('-') => "31",
        Some('~') => "33",
        Some('!') => "1;31",
        Some('@') => "36",
        _ => return line.to_owned(),
    };
    let (text, end) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
    format!("{}{end}", paint(text, colour))
}

/// The words of severity with the colours that they have in messages of Cargo.
const SEVERITIES: [(&str, &str); 3] = [("error", "1;31"), ("warning", "1;33"), ("note", "1;32")];

/// A line of `check`: `taskdef.json:8:22: error TD09: …`, `  hint: …`, or `  ACC01  error  …` of the account.
fn found(line: &str) -> String {
    if let Some(rest) = line.strip_prefix("  hint:") {
        return format!("  {}{rest}", paint("hint:", "1;36"));
    }
    let first = |(word, colour): &(&'static str, &'static str)| {
        let at = line.match_indices(word).map(|(at, _)| at).find(|at| is_severity(line, *at, word))?;
        Some((at, *word, *colour))
    };
    let Some((at, word, colour)) = SEVERITIES.iter().filter_map(first).min() else { return line.to_owned() };
    let (before, rest) = line.split_at(at);
    // The code belongs to its severity.
    let is_code = |end: &usize| rest.get(word.len() + 1..*end).is_some_and(|code| !code.contains(' '));
    let end = rest.find(": ").filter(is_code).unwrap_or(word.len());
    let (words, after) = rest.split_at(end);
    format!("{before}{}{after}", paint(words, colour))
}

/// Whether the word at this place is the severity of a finding, with the code behind it or before it.
fn is_severity(line: &str, at: usize, word: &str) -> bool {
    let (before, after) = (line.get(..at).unwrap_or_default(), line.get(at + word.len()..).unwrap_or_default());
    let is_code = |text: &str| {
        text.len() >= 4
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
            && text.ends_with(|last: char| last.is_ascii_digit())
    };
    let code_behind =
        after.strip_prefix(' ').and_then(|rest| rest.split_once(": ")).is_some_and(|(code, _)| is_code(code));
    let code_before = before.strip_prefix("  ").and_then(|rest| rest.strip_suffix("  ")).is_some_and(is_code);
    code_behind && (before.is_empty() || before.ends_with(": ")) || code_before && after.starts_with(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_have_colours_and_other_lines_do_not() {
        let text = "a -> b\n\ncontainer web\n  ~ image: a -> b\n  + cpu: 1\n- c\n! d\n@@ -1 +1 @@";
        let expect = "a -> b\n\ncontainer web\n\u{1b}[33m  ~ image: a -> b\u{1b}[0m\n\u{1b}[32m  + cpu: 1\u{1b}[0m\n\
                      \u{1b}[31m- c\u{1b}[0m\n\u{1b}[1;31m! d\u{1b}[0m\n\u{1b}[36m@@ -1 +1 @@\u{1b}[0m";
        assert_eq!(coloured(text, Colours::Marks), expect);
        assert_eq!(coloured(text, Colours::Findings), text);
        assert_eq!(coloured(text, Colours::None), text);
    }

    #[test]
    fn severities_have_colours_and_the_words_of_messages_do_not() {
        for (line, expect) in [
            ("t.json:8:22: error TD09: cpu must be", "t.json:8:22: <1;31>error TD09<0>: cpu must be"),
            ("shop.zip: note CHK07: no warning TD01: x", "shop.zip: <1;32>note CHK07<0>: no warning TD01: x"),
            ("warning ACC01: an error is left", "<1;33>warning ACC01<0>: an error is left"),
            ("error/note.json: warning TD33: x", "error/note.json: <1;33>warning TD33<0>: x"),
            ("  hint: no error here", "  <1;36>hint:<0> no error here"),
            (
                "  ACC01  error           the service is active",
                "  ACC01  <1;31>error<0>           the service is active",
            ),
            ("  ACC02  passed          the note: is fine", "  ACC02  passed          the note: is fine"),
            ("  ACC03  note            the note: is fine", "  ACC03  <1;32>note<0>            the note: is fine"),
            ("  see:  https://docs.aws.amazon.com/error", "  see:  https://docs.aws.amazon.com/error"),
            ("1 error, 2 warnings in 1 file", "1 error, 2 warnings in 1 file"),
            ("ignored: 1 TD15: an error TD15: on order", "ignored: 1 TD15: an error TD15: on order"),
            ("", ""),
        ] {
            let expect = expect.replace('<', "\u{1b}[").replace('>', "m");
            assert_eq!(coloured(line, Colours::Findings), expect);
            assert_eq!(coloured(&format!("{line}\n"), Colours::Findings), format!("{expect}\n"));
        }
    }
}
