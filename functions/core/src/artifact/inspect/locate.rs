//! The line and column of a member that a finding names by its path.

use serde_json::Value;

use crate::artifact::{appspec, task_definition};
use crate::document::{Document, Step};
use crate::fault::finding::Finding;
use crate::text::place::Place;

/// Adds the places of the findings of one file, which is an AppSpec or a task definition.
pub(super) fn locate(findings: &mut [Finding], file: &str, text: &str, is_appspec: bool) {
    let mut open = findings.iter_mut().filter_map(|finding| finding.place.as_mut());
    let mut open = open.by_ref().filter(|at| at.file == file && at.place.is_none() && !at.path.is_empty()).peekable();
    if open.peek().is_none() {
        return;
    }
    let read = if is_appspec { appspec::document(text).ok() } else { task_definition::document(text).ok() };
    let Some(document) = read else { return };
    for at in open {
        at.place = place(&document, &at.path, is_appspec);
    }
}

/// The place of a path such as `containerDefinitions[0].image`, or of the last step of it that exists.
fn place(document: &Document, path: &str, any_case: bool) -> Option<Place> {
    let (mut value, mut rest, mut steps) = (&document.value, path, Vec::new());
    // A whole answer of `describe-task-definition`; its tags are beside the task definition.
    if let Some(wrapped) = value.get("taskDefinition").filter(|it| it.is_object() && !path.starts_with("tags")) {
        value = wrapped;
        steps.push(Step::Key("taskDefinition".to_owned()));
    }
    while !rest.is_empty() {
        let (step, child, after) = match value {
            Value::Object(map) => {
                let rest = rest.strip_prefix('.').unwrap_or(rest);
                // Names may have dots in them, so the longest one that fits is meant.
                let fits = |key: &str| {
                    let same = rest
                        .get(..key.len())
                        .is_some_and(|start| start == key || any_case && start.eq_ignore_ascii_case(key));
                    same && matches!(rest.as_bytes().get(key.len()), None | Some(b'.' | b'['))
                };
                let Some((key, child)) = map.iter().filter(|(key, _)| fits(key)).max_by_key(|(key, _)| key.len())
                else {
                    break;
                };
                (Step::Key(key.clone()), child, rest.get(key.len()..).unwrap_or_default())
            }
            Value::Array(items) => {
                let Some((number, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) else { break };
                let Ok(number) = number.parse::<usize>() else { break };
                // Findings count without the nulls, which are left out.
                let mut kept = items.iter().enumerate().filter(|(_, item)| any_case || !item.is_null());
                let Some((index, child)) = kept.nth(number) else { break };
                (Step::Item(index), child, after)
            }
            _ => break,
        };
        steps.push(step);
        (value, rest) = (child, after);
    }
    document.place(&steps)
}
