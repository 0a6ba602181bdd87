//! Three revisions: one that two others were made from, theirs, and ours.

use std::fmt;

use serde_json::{Map, Value, json};

use super::hide::hide;
use super::{Filled, Side, Values};
use crate::artifact::task_definition::{TaskDefinition, equivalence::key};
use crate::artifact::walk::{At, Pair, find, walk};

/// Who changed what since a common revision.
#[derive(Debug, Clone)]
pub struct ThreeWay {
    /// The common revision.
    pub base: Other,
    /// The revision that another principal registered.
    pub theirs: Other,
    /// What differs in either of the two from the common revision.
    pub members: Vec<Member>,
}

/// A revision that is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Other {
    /// `family:revision`.
    pub name: String,
    /// The ARN of the principal that registered it, if ECS reports it.
    pub registered_by: Option<String>,
}

impl Other {
    fn of(task_definition: &TaskDefinition) -> Other {
        Other { name: task_definition.name(), registered_by: task_definition.registered_by().map(str::to_owned) }
    }

    fn to_json(&self) -> Value {
        json!({ "name": self.name, "registered_by": self.registered_by })
    }
}

/// Who changed a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Only they changed it, and our deployment would undo it.
    Undone,
    /// Both changed it, to different values.
    Conflict,
    /// Both changed it, to the same value.
    Both,
    /// Only we changed it.
    Ours,
}

impl State {
    /// `undone`, `conflict`, `both` or `ours`.
    pub fn name(self) -> &'static str {
        match self {
            State::Undone => "undone",
            State::Conflict => "conflict",
            State::Both => "both",
            State::Ours => "ours",
        }
    }
}

/// A member that differs from the common revision.
#[derive(Clone, PartialEq)]
pub struct Member {
    at: At,
    /// Who changed it.
    pub state: State,
    /// Its value in the common revision, hidden parts as in [`Change`](super::Change).
    pub base: Option<Value>,
    /// Their value.
    pub theirs: Option<Value>,
    /// Our value.
    pub ours: Option<Value>,
    /// Whether a value, or a part of it, is hidden.
    pub hidden: bool,
}

impl fmt::Debug for Member {
    /// Without the values, which may be shown environment values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Member({} {})", self.path(), self.state.name())
    }
}

impl Member {
    /// Where it is; see [`Change::path`](super::Change::path).
    pub fn path(&self) -> String {
        self.at.path()
    }

    pub(super) fn at(&self) -> &At {
        &self.at
    }
}

impl ThreeWay {
    /// Compares their changes with ours. A value of ours that the deployment fills in is not a change and undoes
    /// nothing.
    pub fn of(base: &TaskDefinition, theirs: &TaskDefinition, ours: &TaskDefinition, values: Values) -> ThreeWay {
        let trees = Trees { base: base.canonical(), theirs: theirs.canonical(), ours: ours.canonical() };
        let side = Side { task_definition: Some(ours.clone()), ..Side::default() };
        let filled = Filled::by(&side);
        let (by_them, by_us) = (differing(&trees.base, &trees.theirs), differing(&trees.base, &trees.ours));
        let mut members: Vec<Member> = Vec::new();
        for (at, state) in states(&by_them, &by_us, &filled) {
            if !members.iter().any(|member| member.at == at) {
                members.push(trees.member(at, state, values));
            }
        }
        ThreeWay { base: Other::of(base), theirs: Other::of(theirs), members }
    }

    /// Whether our deployment would undo their change, or conflicts with it.
    pub fn is_alarming(&self) -> bool {
        self.members.iter().any(|member| matches!(member.state, State::Undone | State::Conflict))
    }

    pub(super) fn to_json(&self) -> Value {
        let member = |member: &Member| {
            json!({
                "path": member.path(), "state": member.state.name(), "base": member.base, "theirs": member.theirs,
                "ours": member.ours, "hidden": member.hidden,
            })
        };
        json!({
            "base": self.base.to_json(),
            "theirs": self.theirs.to_json(),
            "members": self.members.iter().map(member).collect::<Vec<_>>(),
        })
    }
}

struct Trees {
    base: Map<String, Value>,
    theirs: Map<String, Value>,
    ours: Map<String, Value>,
}

impl Trees {
    fn member(&self, at: At, state: State, values: Values) -> Member {
        let (place, mut hidden) = (at.place(), false);
        let mut value = |tree| find(tree, &at, key).map(|value| hide(&place, value, values, &mut hidden));
        let (base, theirs, ours) = (value(&self.base), value(&self.theirs), value(&self.ours));
        Member { at, state, base, theirs, ours, hidden }
    }
}

fn differing<'v>(base: &'v Map<String, Value>, other: &'v Map<String, Value>) -> Vec<Pair<'v>> {
    walk(base, other, key).into_iter().filter(Pair::differs).collect()
}

/// Where either of the two differs from the base, the conflicts and what is undone first.
fn states(by_them: &[Pair<'_>], by_us: &[Pair<'_>], filled: &Filled<'_>) -> Vec<(At, State)> {
    let mut states = Vec::new();
    for theirs in by_them {
        let Some(ours) = overlapping(by_us, &theirs.at) else {
            states.push((theirs.at.clone(), State::Undone));
            continue;
        };
        if filled.at_deployment(ours).is_some() {
            continue;
        }
        let same = ours.at == theirs.at && ours.after == theirs.after;
        let outer = if ours.at.steps().len() < theirs.at.steps().len() { &ours.at } else { &theirs.at };
        states.push((outer.clone(), if same { State::Both } else { State::Conflict }));
    }
    let alone = by_us.iter().filter(|ours| overlapping(by_them, &ours.at).is_none());
    let alone = alone.filter(|ours| filled.at_deployment(ours).is_none());
    states.extend(alone.map(|ours| (ours.at.clone(), State::Ours)));
    states.sort_by_key(|(_, state)| match state {
        State::Undone => 0,
        State::Conflict => 1,
        State::Both => 2,
        State::Ours => 3,
    });
    states
}

/// The first of some pairs that is at this place, around it or in it. Pairs are in the order of their places, and none is in
/// another, so that what is around a place comes right before it.
fn overlapping<'p, 'v>(pairs: &'p [Pair<'v>], at: &At) -> Option<&'p Pair<'v>> {
    let next = pairs.partition_point(|pair| pair.at < *at);
    let near = [next.checked_sub(1), Some(next)];
    near.into_iter().flatten().filter_map(|index| pairs.get(index)).find(|pair| overlap(&pair.at, at))
}

/// Whether one of the two is the other, or a part of it.
fn overlap(one: &At, other: &At) -> bool {
    let (one, other) = (one.steps(), other.steps());
    one.starts_with(other) || other.starts_with(one)
}
