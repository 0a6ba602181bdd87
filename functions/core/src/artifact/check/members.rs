//! Members in the wrong place, which ECS ignores, and values that AWS's model of RegisterTaskDefinition does not allow. Unknown
//! members and texts may be new in ECS, so they are warnings at most.

use serde_json::{Map, Value};

use super::checked::Checked;
use super::ranges::range;
use crate::artifact::task_definition::member::{Member, Type};
use crate::artifact::task_definition::model::{CONTAINER, TASK};
use crate::fault::finding::{Finding, findings};
use crate::fault::shown;
use crate::text::suggest::did_you_mean;

findings! {
    /// Members and texts that ECS does not know.
    pub(super) const FORMS;

    fn of_a_container() =>
        "TD28" Warning Input "is a member of a container, so ECS ignores it here",
        "move it into the container in containerDefinitions";
    fn of_the_task() =>
        "TD28" Warning Input "is a member of the task definition, so ECS ignores it in a container",
        "move it out of containerDefinitions to the top level";
    fn of_a_member(member) =>
        "TD28" Warning Input "is a member of {member}, so ECS ignores it here", "move it into {member}";
    fn misspelt(near) =>
        "TD28" Warning Input "is unknown; did you mean \"{near}\"?",
        "write \"{near}\", or keep it if it is a new member of ECS";
    fn other_spelling(text, known) =>
        "TD29" Error Input "\"{text}\" must be spelled \"{known}\"", "write \"{known}\"";
    fn empty(; texts) => "TD29" Error Input "is empty", "write {texts}, or remove the member";
    fn unknown_text(text; texts) =>
        "TD29" Warning Input "\"{text}\" is not known (known: {texts})", "write one of these, or keep it if it is new in ECS";
    fn out_of_range(number; range) => "TD37" Error Input "{number} must be {range}", "set a number in this range";
    fn too_many(count, most) => "TD37" Error Input "has {count} entries; the maximum is {most}", "remove entries";
    fn too_long(count, most) =>
        "TD37" Error Input "has {count} characters; the maximum is {most}", "shorten it to {most} characters or fewer";
    fn not_allowed(character) => "TD37" Error Input "contains \"{character}\", which is not allowed", "remove this character";
}

pub(super) fn check(checked: &mut Checked<'_>) {
    walk(checked, "", checked.task.members(), TASK);
    for container in checked.containers() {
        walk(checked, &container.path, container.members(), CONTAINER);
    }
}

fn walk(checked: &mut Checked<'_>, path: &str, map: &Map<String, Value>, members: &'static [Member]) {
    for (name, value) in map.iter().filter(|(_, value)| !value.is_null()) {
        let path = if path.is_empty() { shown(name) } else { format!("{path}.{}", shown(name)) };
        match members.iter().find(|member| member.name == name) {
            Some(member) => {
                if let (Some(most), Value::Array(items)) = (member.most, value)
                    && items.len() > most
                {
                    checked.push(path.clone(), too_many(items.len(), most));
                }
                known(checked, &path, value, member.kind);
            }
            None => {
                if let Some(finding) = unknown(name, members) {
                    checked.push(path, finding);
                }
            }
        }
    }
}

/// Looks at the text or the number of a member, or at the members below it. An integer of AWS has 32 bits.
fn known(checked: &mut Checked<'_>, path: &str, value: &Value, kind: Type) {
    match (kind, value) {
        (Type::OneOf(texts), Value::String(text)) => one_of(checked, path, text, texts),
        (Type::SomeOf(texts), Value::Array(items)) => {
            for (index, text) in items.iter().enumerate().filter_map(|(index, item)| Some((index, item.as_str()?))) {
                one_of(checked, &format!("{path}[{index}]"), text, texts);
            }
        }
        (Type::Limited(most, allowed), Value::String(text)) => {
            let (count, wrong) = (text.chars().count(), text.chars().find(|character| !allowed(*character)));
            if count > most {
                checked.push(path, too_long(count, most));
            }
            if let Some(wrong) = wrong {
                checked.push(path, not_allowed(wrong));
            }
        }
        (Type::Between(least, most), Value::Number(number)) => {
            if let Some(number) = number.as_i64().filter(|number| !(least..=most).contains(number)) {
                checked.push(path, out_of_range(number, range(least, most)));
            }
        }
        (Type::Number, Value::Number(number)) => {
            let wide = number.as_i64().is_none_or(|number| i32::try_from(number).is_err());
            let is_told =
                checked.findings.iter().any(|finding| finding.place.as_ref().is_some_and(|at| at.path == path));
            if wide && !is_told && (number.is_i64() || number.is_u64()) {
                checked.push(path, out_of_range(number, range(i32::MIN.into(), i32::MAX.into())));
            }
        }
        (_, Value::Object(map)) if !kind.members().is_empty() => walk(checked, path, map, kind.members()),
        (Type::Structs(members), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                if let Value::Object(map) = item {
                    walk(checked, &format!("{path}[{index}]"), map, members);
                }
            }
        }
        _ => {}
    }
}

/// A text of another spelling is an error: ECS compares letter by letter. Other texts may have been added meanwhile.
fn one_of(checked: &mut Checked<'_>, path: &str, text: &str, texts: &'static [&'static str]) {
    if texts.contains(&text) {
        return;
    }
    let plain = |text: &str| text.replace(['-', '_', ' '], "").to_ascii_lowercase();
    let finding = match texts.iter().find(|known| plain(known) == plain(text)) {
        Some(known) => other_spelling(text, known),
        None if text.trim().is_empty() => empty(texts.join(", ")),
        None => unknown_text(text, texts.join(", ")),
    };
    checked.push(path, finding);
}

/// A member that does not belong here. Where it belongs is said if it is known anywhere.
fn unknown(name: &str, members: &'static [Member]) -> Option<Finding> {
    let has = |members: &[Member]| members.iter().any(|member| member.name == name);
    let is = |place: &[Member]| std::ptr::eq(members, place);
    if !is(CONTAINER) && has(CONTAINER) && (is(TASK) || name != "name") {
        return Some(of_a_container());
    }
    if !is(TASK) && has(TASK) {
        return Some(of_the_task());
    }
    if let Some(below) = members.iter().find(|member| has(member.kind.members())) {
        return Some(of_a_member(below.name));
    }
    let near = did_you_mean(name, members.iter().map(|member| member.name));
    // Short names are near to everything.
    near.filter(|near| near.len() > 4 || near.eq_ignore_ascii_case(name)).map(misspelt)
}
