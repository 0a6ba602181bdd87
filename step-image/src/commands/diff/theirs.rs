//! The revision that another principal registered, and the one that it is based on.

use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::describe_task_definition;
use codedeploy_aws::error::Why;
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::fault::{Fault, shown};

use crate::steps::running::described;

/// The maximum number of revisions that are described: DescribeTaskDefinition is throttled.
const MOST: u64 = 25;

/// What was found.
pub(super) enum Found {
    Revision {
        /// The revision that theirs was made from.
        base: Box<TaskDefinition>,
        theirs: Box<TaskDefinition>,
    },
    /// Why there is nothing to compare.
    Nothing(String),
}

/// Finds their revision: the one with that name, or else the newest ACTIVE one that was not registered by the principal
/// of the running revision. If one principal registered all of them, a revision newer than the running one is theirs.
///
/// It is based on the running revision if it is newer. Otherwise a deployment followed it, and it is based on the last
/// revision before it that a deployment registered.
pub(super) async fn find(read: &Aws, running: &TaskDefinition, named: Option<&str>) -> Result<Found, Fault> {
    let family = running.family();
    let theirs = match named {
        Some(name) => described(read, name).await?,
        None => match newest_of_others(read, running).await? {
            Some(theirs) => theirs,
            None => return Ok(Found::Nothing(nobody_else(family))),
        },
    };
    let (Some(number), Some(now)) = (number(&theirs), number(running)) else {
        return Ok(revision(running.clone(), theirs));
    };
    if theirs.family() != family || number > now {
        return Ok(revision(running.clone(), theirs));
    }
    if number == now {
        return Ok(Found::Nothing(format!("{} runs; nobody registered anything since", shown(&theirs.name()))));
    }
    for before in (number.saturating_sub(MOST).max(1)..number).rev() {
        match existing(read, family, before).await? {
            Some(base) if !is_of_another(&base, running) => return Ok(revision(base, theirs)),
            _ => {}
        }
    }
    Ok(Found::Nothing(format!(
        "{} was not compared: no revision of the deployments from before it was found",
        shown(&theirs.name())
    )))
}

fn revision(base: TaskDefinition, theirs: TaskDefinition) -> Found {
    Found::Revision { base: Box::new(base), theirs: Box::new(theirs) }
}

fn nobody_else(family: &str) -> String {
    format!(
        "no revision of {} was found that another principal registered; name one with --theirs if there is one",
        shown(family)
    )
}

async fn newest_of_others(read: &Aws, running: &TaskDefinition) -> Result<Option<TaskDefinition>, Fault> {
    let newest = match describe_task_definition(read, running.family()).await {
        Ok(answer) => TaskDefinition::described(&answer, running.family())?,
        Err(error) if matches!(error.why(), Why::TaskDefinitionMissing) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let Some(last) = number(&newest) else { return Ok(None) };
    if is_of_another(&newest, running) {
        return Ok(Some(newest));
    }
    for before in (last.saturating_sub(MOST).max(1)..last).rev() {
        let older = existing(read, running.family(), before).await?;
        if let Some(theirs) = older.filter(|older| older.inactive().is_none() && is_of_another(older, running)) {
            return Ok(Some(theirs));
        }
    }
    Ok(Some(newest).filter(|newest| number(newest) > number(running)))
}

/// A revision, unless it was deleted.
async fn existing(read: &Aws, family: &str, number: u64) -> Result<Option<TaskDefinition>, Fault> {
    let name = format!("{family}:{number}");
    match describe_task_definition(read, &name).await {
        Ok(answer) => TaskDefinition::described(&answer, &name).map(Some),
        Err(error) if matches!(error.why(), Why::TaskDefinitionMissing) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn number(task_definition: &TaskDefinition) -> Option<u64> {
    task_definition.revision()?.parse().ok()
}

/// Whether two revisions were registered by different principals, as far as ECS reports them.
fn is_of_another(one: &TaskDefinition, other: &TaskDefinition) -> bool {
    match (one.registered_by(), other.registered_by()) {
        (Some(one), Some(other)) => principal(one) != principal(other),
        _ => false,
    }
}

/// The role of a session, without the name of the session: `arn:aws:sts::ACCOUNT:assumed-role/ROLE`. Users as they are.
fn principal(arn: &str) -> &str {
    match arn.split_once(":assumed-role/").and_then(|(_, rest)| rest.rsplit_once('/')) {
        Some((_, session)) => arn.strip_suffix(session).unwrap_or(arn),
        None => arn,
    }
}

#[cfg(test)]
mod tests {
    use super::principal;

    #[test]
    fn sessions_of_one_role_are_one_principal() {
        let of = |session: &str| principal(session).to_owned();
        let role = "arn:aws:sts::111111111111:assumed-role";
        assert_eq!(of(&format!("{role}/deploy/1606")), of(&format!("{role}/deploy/1607")));
        assert_ne!(of(&format!("{role}/deploy/1606")), of(&format!("{role}/terraform/1606")));
        let user = "arn:aws:iam::111111111111:user/ci";
        assert_eq!(of(user), user);
    }
}
