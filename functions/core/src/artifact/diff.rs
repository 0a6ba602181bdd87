//! What a deployment would change: an artifact against the revision that runs, or against another artifact.
//!
//! Both sides are compared in the form in which ECS would see no difference (see [`TaskDefinition::equivalent`]), so
//! defaults and the order of variables are not changes. Environment values are hidden unless requested: for a hidden
//! value, only the fact that it differs is shown.

mod appspec;
mod hide;
mod label;
mod summary;
mod text;
mod three_way;
mod unified;

use std::collections::BTreeSet;
use std::fmt;

use serde_json::{Map, Value, json};

use crate::artifact::appspec::{AppSpec, TASK_DEFINITION_PLACEHOLDER};
use crate::artifact::image::placeholder_in;
use crate::artifact::task_definition::{TaskDefinition, equivalence};
use crate::artifact::walk::{At, Pair, walk};
use crate::fault::shown;
use hide::hide;
use label::Label;

pub(crate) use hide::hidden_values;
pub use hide::{HIDDEN, Values};
pub use three_way::{Member, Other, State, ThreeWay};
pub use unified::unified;

/// One of the two that are compared.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// What the user calls it: `prod/shop (shop-web:7)`, `shop.zip`.
    pub name: String,
    /// Its task definition.
    pub task_definition: Option<TaskDefinition>,
    /// Its AppSpec, or the properties of a service in that form; see
    /// [`Service::deployed`](crate::artifact::service::Service::deployed).
    pub appspec: Option<AppSpec>,
}

/// What kind of change it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Only the new side has it.
    Added,
    /// Only the old side has it.
    Removed,
    /// Both have it, with other values.
    Changed,
}

impl Kind {
    /// `added`, `removed` or `changed`.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Changed => "changed",
        }
    }

    fn mark(self) -> char {
        match self {
            Kind::Added => '+',
            Kind::Removed => '-',
            Kind::Changed => '~',
        }
    }

    fn of(pair: &Pair<'_>) -> Kind {
        match (pair.before, pair.after) {
            (None, _) => Kind::Added,
            (_, None) => Kind::Removed,
            _ => Kind::Changed,
        }
    }
}

/// One change.
#[derive(Clone, PartialEq)]
pub struct Change {
    at: At,
    /// Added, removed or changed.
    pub kind: Kind,
    /// The old value, with [`HIDDEN`] for what is hidden; `None` if there was none.
    pub before: Option<Value>,
    /// The new value, with [`HIDDEN`] for what is hidden; `None` if there is none.
    pub after: Option<Value>,
    /// Whether a value, or a part of it, is hidden.
    pub hidden: bool,
}

impl fmt::Debug for Change {
    /// Without the values, which may be shown environment values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Change({} {})", self.path(), self.kind.name())
    }
}

impl Change {
    /// Where it is, such as `containerDefinitions[web].environment[STAGE].value` or
    /// `AppSpec.LoadBalancerInfo.ContainerPort`. Names of variables are part of it, values never are.
    pub fn path(&self) -> String {
        self.at.path()
    }

    fn of(pair: &Pair<'_>, values: Values) -> Change {
        let (place, mut hidden) = (pair.at.place(), false);
        let default = default(&place);
        // The map around it is on both sides, so that the side without it has the default.
        let pair =
            Pair { before: pair.before.or(default.as_ref()), after: pair.after.or(default.as_ref()), ..pair.clone() };
        let mut hide = |value: Option<&Value>| value.map(|value| hide(&place, value, values, &mut hidden));
        let (before, after) = (hide(pair.before), hide(pair.after));
        Change { kind: Kind::of(&pair), at: pair.at, before, after, hidden }
    }

    fn to_json(&self) -> Value {
        json!({
            "path": self.path(), "kind": self.kind.name(), "before": self.before, "after": self.after, "hidden": self.hidden,
        })
    }
}

/// Everything that differs.
#[derive(Debug, Clone)]
pub struct Diff {
    /// Name of the old side.
    pub before: String,
    /// Name of the new side.
    pub after: String,
    /// What the new side would change, in the order in which it is shown.
    pub changes: Vec<Change>,
    /// What is no change and worth knowing: placeholders, and what could not be compared. One sentence each.
    pub notes: Vec<String>,
    /// Who changed what since a common revision, if requested.
    pub three_way: Option<ThreeWay>,
}

/// Compares two sides.
pub fn diff(before: &Side, after: &Side, values: Values) -> Diff {
    let (old, new) = trees(before, after);
    let filled = Filled::by(after);
    let (mut changes, mut notes) = (Vec::new(), uncompared(before, after));
    for pair in walk(&old, &new, key).iter().filter(|pair| pair.differs()) {
        match filled.at_deployment(pair) {
            Some(note) => notes.push(note),
            None => changes.push(Change::of(pair, values)),
        }
    }
    if after.appspec.as_ref().is_some_and(|appspec| appspec.task_definition == TASK_DEFINITION_PLACEHOLDER) {
        notes.push(format!("AppSpec TaskDefinition {TASK_DEFINITION_PLACEHOLDER} is filled in at deployment"));
    }
    changes.sort_by_key(|change| Label::of(change.at.steps()).rank());
    Diff { before: before.name.clone(), after: after.name.clone(), changes, notes, three_way: None }
}

impl Diff {
    /// Whether there is anything to look at: a change, or what the deployment would undo.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.three_way.as_ref().is_none_or(|three_way| !three_way.is_alarming())
    }

    /// One line, such as `3 changes: web image, 1 environment variable, cpu`.
    pub fn summary(&self) -> String {
        summary::summary(self)
    }

    /// For people: sections of lines that begin with `~`, `+`, `-` or `!`, and the summary as the last line.
    pub fn text(&self) -> String {
        text::text(self)
    }

    /// For programs.
    pub fn to_json(&self) -> Value {
        json!({
            "before": self.before,
            "after": self.after,
            "changes": self.changes.iter().map(Change::to_json).collect::<Vec<_>>(),
            "notes": self.notes,
            "three_way": self.three_way.as_ref().map(ThreeWay::to_json),
            "summary": self.summary(),
        })
    }
}

/// The member of a tree that holds the properties of the AppSpec. Members of a task definition begin with a small letter.
const APPSPEC: &str = "AppSpec";

/// Both sides as trees of what both of them have.
fn trees(before: &Side, after: &Side) -> (Map<String, Value>, Map<String, Value>) {
    let sides = (&before.task_definition, &after.task_definition);
    let (mut old, mut new) = match sides {
        (Some(before), Some(after)) => (before.canonical(), after.canonical()),
        _ => Default::default(),
    };
    if let (Some(before), Some(after)) = (&before.appspec, &after.appspec) {
        // With task definitions on both sides, their names say nothing.
        let named = !matches!(sides, (Some(_), Some(_)));
        for (tree, spec) in [(&mut old, before), (&mut new, after)] {
            tree.insert(APPSPEC.to_owned(), Value::Object(appspec::tree(spec, named)));
        }
    }
    (old, new)
}

/// The member that names the entries of the list at `place`.
fn key(place: &str) -> Option<&'static str> {
    in_appspec(place).map_or_else(|| equivalence::key(place), appspec::key)
}

/// The value that a member has if it is absent.
fn default(place: &str) -> Option<Value> {
    in_appspec(place).map_or_else(|| equivalence::default(place), appspec::default)
}

/// The place in the AppSpec of a place in a tree.
fn in_appspec(place: &str) -> Option<&str> {
    place.strip_prefix(APPSPEC)?.strip_prefix('.')
}

/// What could not be compared, because only one side has it.
fn uncompared(before: &Side, after: &Side) -> Vec<String> {
    let without = |what: &str, before_has: bool, after_has: bool| {
        let name = match (before_has, after_has) {
            (true, false) => &after.name,
            (false, true) => &before.name,
            _ => return None,
        };
        Some(format!("the {what} was not compared: {} has none", shown(name)))
    };
    let task_definition = without("task definition", before.task_definition.is_some(), after.task_definition.is_some());
    let appspec = without("AppSpec", before.appspec.is_some(), after.appspec.is_some());
    task_definition.into_iter().chain(appspec).collect()
}

/// The placeholders that a deployment fills in.
struct Filled<'a>(BTreeSet<&'a str>);

impl<'a> Filled<'a> {
    fn by(side: &'a Side) -> Filled<'a> {
        let containers = side.task_definition.iter().flat_map(TaskDefinition::containers);
        Filled(containers.filter_map(|container| placeholder_in(container.image())).collect())
    }

    /// The note for a value of the new side that stands only until the deployment: `CodeDeployToECS` replaces a placeholder
    /// wherever it is in the file.
    fn at_deployment(&self, pair: &Pair<'_>) -> Option<String> {
        let (before, after) = (pair.before?, pair.after?.as_str()?);
        let name = placeholder_in(after).filter(|name| self.0.contains(name))?;
        let also_before = before.as_str().is_some_and(|before| placeholder_in(before).is_some());
        let note = || format!("{} <{}> is filled in at deployment", Label::of(pair.at.steps()), shown(name));
        (!also_before).then(note)
    }
}

#[cfg(test)]
mod tests;
