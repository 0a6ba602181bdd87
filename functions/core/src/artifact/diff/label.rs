//! What a place is called in a text.

use std::fmt;

use crate::artifact::walk::{Step, path};
use crate::fault::shown;

use super::APPSPEC;

/// The part of the two files that a place belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section<'a> {
    Container(&'a str),
    Task,
    Tags,
    AppSpec,
}

impl fmt::Display for Section<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Section::Container(name) => write!(f, "container {}", shown(name)),
            Section::Task => f.write_str("task definition"),
            Section::Tags => f.write_str("tags"),
            Section::AppSpec => f.write_str("AppSpec"),
        }
    }
}

/// What a place is called: its section, and the rest of its path.
#[derive(Debug, Clone, Copy)]
pub(super) struct Label<'a> {
    pub(super) section: Section<'a>,
    /// Empty for a whole container.
    pub(super) rest: &'a [Step],
}

impl<'a> Label<'a> {
    pub(super) fn of(steps: &'a [Step]) -> Label<'a> {
        let (section, rest) = match steps {
            [Step::Member(list), Step::Entry(name, _), rest @ ..] if list == "containerDefinitions" => {
                (Section::Container(name), rest)
            }
            [Step::Member(list), rest @ ..] if list == "tags" && !rest.is_empty() => (Section::Tags, rest),
            [Step::Member(member), rest @ ..] if member == APPSPEC => (Section::AppSpec, rest),
            rest => (Section::Task, rest),
        };
        Label { section, rest }
    }

    /// Order in a text: containers by name, the image first; then the task definition, its tags and the AppSpec.
    pub(super) fn rank(self) -> (u8, String, bool) {
        let (section, name) = match self.section {
            Section::Container(name) => (0, name.to_owned()),
            Section::Task => (1, String::new()),
            Section::Tags => (2, String::new()),
            Section::AppSpec => (3, String::new()),
        };
        (section, name, self.member() != Some("image"))
    }

    /// The first member below the section.
    pub(super) fn member(self) -> Option<&'a str> {
        match self.rest.first()? {
            Step::Member(name) | Step::Entry(name, _) => Some(name),
        }
    }

    /// The name of the variable or secret, or of a part of one, and whether it is a secret.
    pub(super) fn variable(self) -> Option<(&'a str, bool)> {
        match (self.section, self.rest) {
            (Section::Container(_), [Step::Member(list), Step::Entry(name, _), ..]) => match list.as_str() {
                "environment" => Some((name, false)),
                "secrets" => Some((name, true)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Without the section: `image`, `environment STAGE`, `secret TOKEN`, `logConfiguration.logDriver`.
    pub(super) fn name(self) -> String {
        let value = match self.variable() {
            Some((_, false)) => "value",
            Some((_, true)) => "valueFrom",
            None => "",
        };
        match (self.variable(), self.rest) {
            (Some((name, secret)), [_, _]) => variable(name, secret),
            (Some((name, secret)), [_, _, Step::Member(member)]) if member == value => variable(name, secret),
            (None, [Step::Entry(name, _)]) => shown(name),
            (None, [Step::Entry(name, _), Step::Member(member)])
                if self.section == Section::Tags && member == "value" =>
            {
                shown(name)
            }
            (_, rest) => shown(&path(rest)),
        }
    }
}

fn variable(name: &str, secret: bool) -> String {
    let kind = if secret { "secret" } else { "environment" };
    format!("{kind} {}", shown(name))
}

/// With the section: `container web image`, `cpu`, `AppSpec PlatformVersion`.
impl fmt::Display for Label<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.section {
            Section::Task => f.write_str(&self.name()),
            _ if self.rest.is_empty() => write!(f, "{}", self.section),
            section => write!(f, "{section} {}", self.name()),
        }
    }
}
