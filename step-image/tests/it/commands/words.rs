//! Command lines and flags in texts.

/// The words of a command line after the name of the program.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) list: Vec<String>,
    /// Whether it is all of the command line: prose names commands by a part of it.
    pub(super) whole: bool,
}

/// The command lines in backquotes.
pub(super) fn prose(text: &str) -> Vec<Words> {
    // A string that continues on the next line of a source.
    let joined = text.replace("\\\n", "\n").split_whitespace().collect::<Vec<_>>().join(" ");
    let quoted = joined.split('`').skip(1).filter_map(|quoted| quoted.strip_prefix("codedeploy-artifact "));
    // Of a command that code puts together, the part in the source.
    let part = |quoted: &str| quoted.split("\", ").next().unwrap_or_default().to_owned();
    quoted.map(|quoted| Words { whole: false, ..words(&part(quoted)) }).collect()
}

/// The command lines in blocks of code, Jenkinsfiles and Groovy strings: at the beginning of a line, or after `exec`.
pub(super) fn scripts(text: &str) -> Vec<Words> {
    let joined = text.replace("\\\n", " ").replace("'''", "");
    let line = |line: &str| {
        let line = line.trim_start();
        let line = line.strip_prefix("$ ").unwrap_or(line);
        let start = line.strip_prefix("codedeploy-artifact ");
        start.or_else(|| line.split_once("exec codedeploy-artifact ").map(|(_, rest)| rest)).map(words)
    };
    joined.lines().filter_map(line).collect()
}

/// The words of a command line in a shell, up to its end. What the shell expands to several words is left out.
fn words(line: &str) -> Words {
    let (mut list, mut word, mut quote, mut whole) = (Vec::new(), None::<String>, None, true);
    let mut depth = 0;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, quote) {
            ('$', None) if characters.peek() == Some(&'(') => (depth, whole) = (depth + 1, false),
            (')', None) if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            (_, Some(open)) if character == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            ('>' | ';' | '&' | '|', None) if !word.as_deref().is_some_and(|word| word.contains('<')) => break,
            (_, None) if character.is_whitespace() => list.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    // A redirection of standard error.
    list.extend(word.filter(|word| word != "2" && !word.is_empty()));
    let before = list.len();
    list.retain(|word| word != "$@" && word != "--");
    whole &= list.len() == before;
    Words { list, whole }
}

/// A text without the command lines in it, and without those of other programs: from the name of the program to the end of
/// the line or of the code.
pub(super) fn without_commands(text: &str) -> String {
    const PROGRAMS: [&str; 9] =
        ["codedeploy-artifact", "aws", "cargo", "curl", "docker", "terraform", "git", "jq", "npm"];
    let begins = |line: &str| {
        let starts = PROGRAMS.iter().flat_map(|program| {
            line.match_indices(program).filter(|(at, _)| {
                let before = line[..*at].chars().next_back().unwrap_or(' ');
                line[at + program.len()..].starts_with(' ') && !before.is_alphanumeric() && !"-_/.".contains(before)
            })
        });
        starts.map(|(at, _)| at).min()
    };
    let mut rest = String::new();
    for line in text.replace("\\\n", " ").lines() {
        for span in line.split('`') {
            rest.extend(["`", &span[..begins(span).unwrap_or(span.len())]]);
        }
        rest.push('\n');
    }
    rest
}

/// The flags that a text names anywhere, in words of their own: `--name`.
pub(super) fn flags(text: &str) -> Vec<&str> {
    let starts = text.match_indices("--").filter(|(at, _)| {
        let before = text[..*at].chars().next_back().unwrap_or(' ');
        !before.is_alphanumeric() && !"-_./$<!".contains(before)
    });
    let flag = |at: usize| {
        let name = text[at + 2..].split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default();
        &text[at..at + 2 + name.trim_end_matches('-').len()]
    };
    starts.map(|(at, _)| flag(at)).filter(|flag| flag.len() > 3).collect()
}

#[test]
fn words_are_those_of_a_shell() {
    let check = |line: &str, expect: &[&str], whole: bool| {
        let words = words(line);
        assert_eq!((words.list.iter().map(String::as_str).collect::<Vec<_>>(), words.whole), (expect.to_vec(), whole));
    };
    check("wait \"$ID\" --timeout 10m > out 2>&1", &["wait", "$ID", "--timeout", "10m"], true);
    check("a 'b c' \"d\"'e' <F|G> | tee", &["a", "b c", "de", "<F|G>"], true);
    check("deploy $(arguments deploy) --register", &["deploy", "--register"], false);
    check("wait \"$@\" -- \"$FOLLOW\"", &["wait", "$FOLLOW"], false);
    assert_eq!(flags("write `--no-such=x`, (--on-abort) or a--b, --\n <!-- x -->"), ["--no-such", "--on-abort"]);
    let text = "a `aws x --y` b\n  docker run \\\n --rm\nc `--zz` and codedeploy-artifact wait --no";
    assert_eq!(flags(&without_commands(text)), ["--zz"]);
}
