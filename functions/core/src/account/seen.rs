//! The input of a rule.

use super::facts::Facts;
use super::needs::{Needs, Subject};

/// The files, what they refer to, and what AWS answered about it.
pub(super) struct Seen<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) needs: &'a Needs,
    pub(super) facts: &'a Facts,
}

impl Seen<'_> {
    pub(super) fn appspec_file(&self) -> &str {
        self.subject.appspec.map_or("the AppSpec", |(_, file)| file)
    }

    pub(super) fn task_file(&self) -> &str {
        self.subject.task_definition.map_or("the task definition", |(_, file)| file)
    }
}
