//! What the findings of a run mean for it: the errors of the account, and with `strict` also warnings and rules that were not
//! checked.

use super::outcome::Outcome;
use crate::fault::Kind;
use crate::fault::finding::{CheckError, Finding, Severity};
use crate::text::{LINE, safe};

/// The findings of the files and of the account, the worst first, if the run may go on.
///
/// # Errors
/// All errors; if `strict`, all errors and warnings.
pub fn judge(files: Vec<Finding>, outcomes: &[Outcome], strict: bool) -> Result<Vec<Finding>, CheckError> {
    let mut findings = files;
    findings.extend(outcomes.iter().flat_map(|outcome| outcome.findings.iter().cloned()));
    findings.extend(outcomes.iter().flat_map(|outcome| unchecked(outcome, strict)));
    // Stable: in the order of the rules, where they are equally bad.
    findings.sort_by_key(|finding| finding.severity);
    let worst_allowed = if strict { Severity::Note } else { Severity::Warning };
    if findings.first().is_some_and(|worst| worst.severity < worst_allowed) {
        return Err(CheckError { findings: findings.into_iter().filter(|it| it.severity < worst_allowed).collect() });
    }
    Ok(findings)
}

/// What a rule could not check, as notes; as warnings, if `strict`, unless there is nothing yet to check.
pub fn unchecked(outcome: &Outcome, strict: bool) -> impl Iterator<Item = Finding> {
    let title = outcome.rule.title;
    outcome.not_checked.iter().map(move |why| {
        let (kind, hint) = match &why.needs {
            Some(action) => (
                Kind::Denied,
                format!("allow {action} to the role that reads, or add {} to `ignore`", outcome.rule.code),
            ),
            None => (
                Kind::Unavailable,
                format!("run it again when the reason is gone, or add {} to `ignore`", outcome.rule.code),
            ),
        };
        Finding {
            code: outcome.rule.code,
            severity: if strict && !why.later { Severity::Warning } else { Severity::Note },
            kind,
            place: None,
            message: format!("not checked: {} ({title})", safe(&why.to_string(), LINE)),
            hint,
        }
    })
}
