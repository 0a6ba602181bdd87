//! Phrases that were rewritten in the texts of the project do not return.

use std::path::{Path, PathBuf};

/// What stumbles, in lower case, and what to write instead.
const PHRASES: &[(&str, &str)] = &[
    ("cannot be given together", "cannot be used together"),
    ("names no file", "is not a path"),
    ("an image has no ", "an image reference must not …"),
    ("userparameters cannot be read", "UserParameters is not valid JSON"),
    ("correct the syntax at this place", "what to check there"),
    ("keep one of the two", "remove one of them"),
    ("goes on since", "in progress for"),
    ("as far as it is known", "if known"),
    ("leads back to itself", "is circular"),
    ("a word that nobody knows", "an unknown word"),
    ("somebody else has to act", "another kind"),
    ("who has to act", "the kind of fault"),
    ("has to look", "must check"),
    ("is no url", "is not a URL"),
    ("are no errors", "warnings and notes"),
    ("its true end", "until it finishes"),
    ("the two doors", "both ways"),
    ("not looked at", "could not check"),
    ("was never free", "was throttled"),
    ("give it a value", "set a value"),
    ("no such codedeploy", "not found"),
    ("nobody can be asked", "without a terminal"),
    ("where nobody", "if nobody"),
    ("as whom", "whose credentials"),
    ("anew", "again"),
    ("is mended", "is fixed"),
    ("calmed down", "returned to OK"),
    ("no answer in time", "timed out"),
    ("report this as a defect", "report this as a bug"),
    ("has learnt", "supports"),
];

/// Files with texts, by their endings and names; the change log keeps its history.
fn has_texts(path: &str) -> bool {
    const ENDINGS: [&str; 9] = [".rs", ".md", ".tf", ".hcl", ".groovy", ".py", ".toml", ".txt", ".yml"];
    let name = path.rsplit('/').next().unwrap_or_default();
    (ENDINGS.iter().any(|ending| name.ends_with(ending)) || name.starts_with("Jenkinsfile") || name == "Dockerfile")
        && !["CHANGELOG.md", "step-image/tests/it/wording.rs"].contains(&path)
        && !path.contains("/fixtures/")
}

/// Each phrase in a text, with the line that it begins in. Line breaks and comment signs within a phrase do not hide it.
fn found(text: &str) -> Vec<(usize, &'static str)> {
    let (mut joined, mut starts) = (String::new(), Vec::new());
    for line in text.lines() {
        starts.push(joined.len());
        let line = line.trim().trim_start_matches(['/', '!', '#', '*', ' ']).trim_end_matches('\\');
        joined.push_str(&line.trim_end().to_lowercase());
        joined.push(' ');
    }
    let line = |at: usize| starts.partition_point(|start| *start <= at);
    let whole = |at: usize, phrase: &str| {
        let outside = |neighbour: Option<char>| !neighbour.is_some_and(char::is_alphanumeric);
        outside(joined[..at].chars().next_back()) && outside(joined[at + phrase.trim_end().len()..].chars().next())
    };
    let hits = PHRASES.iter().flat_map(|(phrase, _)| joined.match_indices(phrase).map(move |(at, _)| (at, *phrase)));
    hits.filter(|(at, phrase)| whole(*at, phrase)).map(|(at, phrase)| (line(at), phrase)).collect()
}

/// The paths of all files below a folder, without build results and downloads.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    const SKIPPED: [&str; 5] = [".git", "target", ".terraform", "node_modules", "__pycache__"];
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let skipped = path.file_name().is_some_and(|name| SKIPPED.iter().any(|skipped| name == *skipped));
        if path.is_dir() && !skipped {
            files(&path, found);
        } else if path.is_file() {
            found.push(path);
        }
    }
}

#[test]
fn no_text_has_a_phrase_that_was_rewritten() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut all_files = Vec::new();
    files(root, &mut all_files);
    let texts = all_files.iter().filter_map(|path| path.strip_prefix(root).unwrap().to_str());
    let texts: Vec<&str> = texts.filter(|path| has_texts(path)).collect();
    assert!(texts.len() > 400, "only {} files with texts were found", texts.len());
    let mut all = Vec::new();
    for path in texts {
        let Ok(text) = std::fs::read_to_string(root.join(path)) else { continue };
        for (line, phrase) in found(&text) {
            let instead = PHRASES.iter().find(|(known, _)| *known == phrase).map_or("", |(_, instead)| instead);
            all.push(format!("{path}:{line}: \"{phrase}\": write \"{instead}\""));
        }
    }
    assert_eq!(all, Vec::<String>::new());
}

#[test]
fn phrases_are_found_across_lines() {
    assert_eq!(found("a\n/// Text that names\n/// no file."), [(2, "names no file")]);
    assert_eq!(found("\"keep one \\\n   of the two\""), [(1, "keep one of the two")]);
    assert_eq!(found("a janew b renewal"), []);
}
