//! The next step for a known message of AWS.

use super::CauseKind;
use super::sentences::{Step, known, logged};

/// The next step of the first known part that a text has.
pub(super) fn step_for(text: &str) -> Option<Step> {
    find(text).map(|(_, step)| step)
}

/// The kind of the cause and the next step of the first known part that a text has.
pub(super) fn find(text: &str) -> Option<(CauseKind, Step)> {
    first(known(), text)
}

/// The same for a line of a log.
pub(super) fn find_in_log(line: &str) -> Option<(CauseKind, Step)> {
    first(logged(), line)
}

fn first(mut known: impl Iterator<Item = (&'static str, CauseKind, Step)>, text: &str) -> Option<(CauseKind, Step)> {
    let text = text.to_lowercase();
    known.find(|(part, ..)| has(&text, part)).map(|(_, kind, step)| (kind, step))
}

/// Whether a text has the parts between `*` in this order, each as whole words: names may hold any word of ours, joined
/// by what names are made of.
fn has(text: &str, pattern: &str) -> bool {
    let mut rest = Some(text);
    pattern.split('*').map(str::trim).all(|part| {
        rest = rest.and_then(|text| {
            text.match_indices(part).find_map(|(at, _)| {
                let after = text.get(at + part.len()..)?;
                let before = text.get(..at)?.chars().next_back();
                (!before.is_some_and(of_a_name) && !after.chars().next().is_some_and(of_a_name)).then_some(after)
            })
        });
        rest.is_some()
    })
}

fn of_a_name(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_' | '/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_as_whole_words_in_order() {
        for (text, pattern, expected) in [
            ("the security group 'sg-1' does not exist", "security group * does not exist", true),
            ("does not exist: security group", "security group * does not exist", false),
            ("service my-service not found-out", "service not found", false),
            ("container exec format error-test", "exec format error", false),
            ("taskdefinition is inactive.", "taskdefinition is inactive", true),
            ("(taskdefinition is inactive)", "taskdefinition is inactive", true),
            ("xtaskdefinition is inactive", "taskdefinition is inactive", false),
            ("x-outofmemory and outofmemory", "outofmemory", true),
            ("", "outofmemory", false),
        ] {
            assert_eq!(has(text, pattern), expected, "{text}: {pattern}");
        }
    }

    /// A general part in front of a special one would hide the special one.
    #[test]
    fn every_part_is_reached() {
        for (part, _, expected) in known() {
            let text = format!("Some words {} more", part.replace('*', "of x").to_uppercase());
            assert_eq!(step_for(&text), Some(expected), "{part}");
            if let Step::Say(step) = expected {
                assert!(!step.ends_with('.') && !step.contains('\n'), "{part}");
            }
        }
    }
}
