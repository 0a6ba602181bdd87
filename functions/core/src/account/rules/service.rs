//! The ECS service.

use crate::account::outcome::Outcome;
use crate::account::seen::Seen;
use crate::fault::finding::findings;

findings! {
    /// What can be wrong with the service.
    pub(super) const FORMS;

    fn missing(; what) =>
        "ACC01" Error NotFound "{what}",
        "name the service that runs with `service`, in its Region and account, or create it";
    fn not_codedeploy(; what, hint) => "ACC01" Error Configuration "{what}", "{hint}";
}

pub(super) fn check(seen: &Seen<'_>, outcome: &mut Outcome) {
    let Some(service) = outcome.of(&seen.facts.service, |what| missing(what)) else { return };
    if let Err(fault) = service.check_deployable() {
        outcome.found(not_codedeploy(fault.message(), fault.hint()));
    }
}
