//! The last line of a comparison.

use super::label::{Label, Section};
use super::{Change, Diff, Kind, State};
use crate::artifact::walk::Step;
use crate::fault::shown;
use crate::text::{counted, first};

/// The most things that are named.
const MOST: usize = 8;

/// `3 changes: web image, 1 environment variable, cpu`
pub(super) fn summary(diff: &Diff) -> String {
    let mut line = match diff.changes.len() {
        0 => "no changes".to_owned(),
        count => format!("{}: {}", counted(count, "change"), named(&things(&diff.changes))),
    };
    if let Some(three_way) = &diff.three_way {
        let count = |state: State| three_way.members.iter().filter(|member| member.state == state).count();
        let (undone, conflicts) = (count(State::Undone), count(State::Conflict));
        if undone > 0 {
            line.extend(["; undoes ", &counted(undone, "change"), " of ", &shown(&three_way.theirs.name)]);
        }
        if conflicts > 0 {
            line.extend(["; ", &counted(conflicts, "conflict"), " with ", &shown(&three_way.theirs.name)]);
        }
    }
    line
}

/// A thing that changes, and how often.
type Thing = (String, Option<usize>);

fn things(changes: &[Change]) -> Vec<Thing> {
    let mut things: Vec<Thing> = Vec::new();
    for change in changes {
        let (name, counts) = thing(change);
        match things.iter_mut().find(|(other, _)| *other == name) {
            Some((_, count)) => *count = count.map(|count| count + 1),
            None => things.push((name, counts.then_some(1))),
        }
    }
    things
}

/// What a change is of, and whether it is counted rather than named.
fn thing(change: &Change) -> (String, bool) {
    let label = Label::of(change.at.steps());
    match (label.section, label.variable()) {
        (_, Some((_, false))) => ("environment variable".to_owned(), true),
        (_, Some((_, true))) => ("secret".to_owned(), true),
        (Section::Tags, _) => ("tag".to_owned(), true),
        (Section::Container(name), _) => match label.member() {
            Some(member) => (format!("{} {}", shown(name), shown(member)), false),
            None if change.kind == Kind::Added => (format!("new container {}", shown(name)), false),
            None => (format!("container {} removed", shown(name)), false),
        },
        (Section::AppSpec, _) => (format!("AppSpec {}", shown(property(label))), false),
        (Section::Task, _) => (shown(label.member().unwrap_or_default()), false),
    }
}

/// The members of an AppSpec that only hold others.
const AROUND: [&str; 3] = ["LoadBalancerInfo", "NetworkConfiguration", "AwsvpcConfiguration"];

fn property(label: Label<'_>) -> &str {
    let mut members = label.rest.iter().filter_map(|step| match step {
        Step::Member(name) => Some(name.as_str()),
        Step::Entry(..) => None,
    });
    members.find(|name| !AROUND.contains(name)).or(label.member()).unwrap_or_default()
}

fn named(things: &[Thing]) -> String {
    let name = |(name, count): &Thing| count.map_or_else(|| name.clone(), |count| counted(count, name));
    first(&things.iter().map(name).collect::<Vec<_>>(), MOST)
}
