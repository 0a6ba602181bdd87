//! Searches the deployments of a group for the one to redeploy.

use codedeploy_aws::codedeploy::{DeploymentFilter, batch_get_deployments, get_deployment, list_deployments};
use codedeploy_aws::config::Aws;
use codedeploy_aws::error::Why;
use codedeploy_core::deployment::{Deployment, DeploymentStatus, Group, Serving};
use codedeploy_core::fault::Fault;

use super::choice::{Choice, Side, candidates, named};
use super::content::Reader;
use super::faults::{no_earlier, nothing_served};
use crate::steps::look::look;
use crate::terminal::clock::Clock;
use crate::terminal::print;

/// How many successful deployments are looked through.
const LOOKED_THROUGH: usize = 100;

/// The number if the first ones listed are not the newest: CodeDeploy does not document an order.
const LOOKED_THROUGH_UNORDERED: usize = 1_000;

/// Deployments that are described in one call. The first few are nearly always enough.
const AT_ONCE: usize = 25;

/// The deployment that `--to` names, or the newest one that runs something else than the serving version. `deployed_by`
/// is the deployment that created the serving task set.
pub(super) async fn choose(
    reader: &Reader<'_>,
    read: &Aws,
    group: &Group,
    to: Option<&str>,
    deployed_by: Option<String>,
) -> Result<Choice, Fault> {
    let unsuccessful = unsuccessful(read, group, deployed_by).await?;
    let (application, name) = (group.application.as_str(), group.name.as_str());
    if let Some(to) = to {
        let to = named(get_deployment(read, to).await?, application, name)?;
        let newest = match (unsuccessful, &group.last_successful) {
            (None, Some(id)) => Some(get_deployment(read, id).await?),
            (unsuccessful, _) => unsuccessful,
        };
        let serving = match &newest {
            Some(newest) => Some(serving(reader, newest).await),
            None => None,
        };
        let content = Some(reader.content(&to).await?);
        return Ok(Choice { serving, to: Side { deployment: to, content }, older: Vec::new() });
    }
    let mut ids = succeeded(read, group, LOOKED_THROUGH).await?;
    let newest = group.last_successful.as_ref();
    if newest.is_some_and(|newest| !ids.contains(newest)) {
        ids = succeeded(read, group, LOOKED_THROUGH_UNORDERED).await?;
    }
    let mut rest = ids.chunks(AT_ONCE);
    let listed = rest.next().unwrap_or_default();
    let mut seen = batch_get_deployments(read, listed).await?;
    let in_order = seen.iter().map(|one| &one.id).eq(listed);
    if !in_order || newest.is_some_and(|newest| listed.first() != Some(newest)) {
        for ids in rest.by_ref() {
            seen.extend(batch_get_deployments(read, ids).await?);
        }
        seen.sort_by_key(|deployment| std::cmp::Reverse(deployment.created_ms));
    }
    seen.splice(0..0, unsuccessful);
    let mut serves: Option<Side> = None;
    let mut compared: Vec<String> = Vec::new();
    loop {
        let candidates = candidates(&seen);
        for (at, candidate) in candidates.iter().enumerate() {
            if compared.contains(&candidate.id) {
                continue;
            }
            if let (None, Some(newest)) = (&serves, seen.first()) {
                serves = Some(serving(reader, newest).await);
            }
            let content = Some(reader.content(candidate).await?);
            let to = Side { deployment: (*candidate).clone(), content };
            let older = candidates.iter().skip(at + 1).map(|older| older.id.clone()).collect();
            let choice = Choice { serving: serves.clone(), to, older };
            if !choice.changes_nothing() {
                return Ok(choice);
            }
            compared.push(candidate.id.clone());
        }
        let Some(ids) = rest.next() else { break };
        seen.extend(batch_get_deployments(read, ids).await?);
    }
    Err(match seen.iter().filter(|one| one.status == DeploymentStatus::Succeeded).count() {
        0 => nothing_served(application, name),
        looked_at => no_earlier(application, name, looked_at),
    })
}

/// A deployment that failed or was stopped but whose version gets all or some of the traffic, because it was not rolled
/// back. All deployments that succeeded are before it.
async fn unsuccessful(read: &Aws, group: &Group, deployed_by: Option<String>) -> Result<Option<Deployment>, Fault> {
    if let Some(id) = deployed_by.filter(|id| group.last_successful.as_ref() != Some(id)) {
        match get_deployment(read, &id).await {
            Ok(deployment) if deployment.status != DeploymentStatus::Succeeded => return Ok(Some(deployment)),
            Ok(_) => {}
            // It may belong to another group, or CodeDeploy may have deleted it.
            Err(error) if matches!(error.why(), Why::DeploymentMissing | Why::Denied { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let Some(id) = group.last_attempted.as_ref().filter(|id| group.last_successful.as_ref() != Some(id)) else {
        return Ok(None);
    };
    let followed = look(read, id, Clock::start().now_ms()).await?;
    let serves = matches!(followed.serving(), Serving::New | Serving::RolledBackTo | Serving::Both { .. });
    Ok(serves.then_some(followed.deployment).filter(|it| it.status != DeploymentStatus::Succeeded))
}

/// The deployment that serves. Its revision need not be readable, because it is replaced.
async fn serving(reader: &Reader<'_>, deployment: &Deployment) -> Side {
    let content = match reader.content(deployment).await {
        Ok(content) => Some(content),
        Err(error) => {
            print::message(&format!("note: what serves now cannot be read, so it is not compared: {error}"));
            None
        }
    };
    Side { deployment: deployment.clone(), content }
}

/// Ids of deployments of the group that succeeded.
async fn succeeded(read: &Aws, group: &Group, limit: usize) -> Result<Vec<String>, Fault> {
    let filter = DeploymentFilter {
        application: &group.application,
        group: &group.name,
        statuses: &[DeploymentStatus::Succeeded],
        created_after_ms: None,
        limit,
    };
    Ok(list_deployments(read, &filter).await?)
}
