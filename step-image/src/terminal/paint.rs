//! Colours of lines that begin with a mark: `+`, `-`, `~`, `!` and, in a unified diff, `@`.

use std::io;

use anstream::{AutoStream, ColorChoice};

/// The text with a colour for each line that has a mark, if standard output takes colours: it is a terminal, and `NO_COLOR`,
/// `CLICOLOR` and `TERM` do not say otherwise.
pub(super) fn painted(text: &str) -> String {
    if AutoStream::choice(&io::stdout()) == ColorChoice::Never { text.to_owned() } else { coloured(text) }
}

fn coloured(text: &str) -> String {
    text.split_inclusive('\n').map(line).collect()
}

/// The colours that `git diff` has.
fn line(line: &str) -> String {
    let colour = match line.trim_start_matches(' ').chars().next() {
        Some('+') => "32",
        Some('-') => "31",
        Some('~') => "33",
        Some('!') => "1;31",
        Some('@') => "36",
        _ => return line.to_owned(),
    };
    let (text, end) = line.strip_suffix('\n').map_or((line, ""), |text| (text, "\n"));
    format!("\u{1b}[{colour}m{text}\u{1b}[0m{end}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_have_colours_and_other_lines_do_not() {
        let text = "a -> b\n\ncontainer web\n  ~ image: a -> b\n  + cpu: 1\n- c\n! d\n@@ -1 +1 @@";
        let expect = "a -> b\n\ncontainer web\n\u{1b}[33m  ~ image: a -> b\u{1b}[0m\n\u{1b}[32m  + cpu: 1\u{1b}[0m\n\
                      \u{1b}[31m- c\u{1b}[0m\n\u{1b}[1;31m! d\u{1b}[0m\n\u{1b}[36m@@ -1 +1 @@\u{1b}[0m";
        assert_eq!(coloured(text), expect);
    }
}
