//! Reads the deployment group and the service as facts: a missing one is a finding of a rule and does not end the run.

use codedeploy_aws::account;
use codedeploy_aws::config::Aws;
use codedeploy_core::account::{Fact, NotChecked};
use codedeploy_core::artifact::service::Service;
use codedeploy_core::deployment::Group;
use codedeploy_core::fault::{Fault, Kind};

use crate::steps::group::{Wanted, find};

/// Looks up the group and the service.
///
/// # Errors No credentials, no Region or no network, so that nothing can be checked.
pub(super) async fn look_up(read: &Aws, wanted: &Wanted) -> Result<(Fact<Service>, Fact<Group>), Fault> {
    let group = match find::unchecked(read, wanted).await {
        Ok(group) => Fact::Known(group),
        Err(fault) => of_group(fault)?,
    };
    let deployed = group.known().and_then(|group| group.ecs_services.first());
    let named = wanted.service.as_ref().map(|service| (service.cluster.clone(), service.service.clone()));
    let named = named.or_else(|| deployed.map(|it| (it.cluster.clone(), it.service.clone())));
    let Some((cluster, service)) = named else { return Ok((Fact::default(), group)) };
    Ok((account::service(read, &cluster, &service).await?, group))
}

/// A group that was not found counts as missing. `AWS01` is a denial; the other codes of AWS apply to every call.
fn of_group(fault: Fault) -> Result<Fact<Group>, Fault> {
    let message = fault.message();
    match (fault.kind(), fault.code()) {
        (Kind::Denied, "AWS01" | "DEP32") => {
            let action = message.split(' ').next().filter(|word| word.starts_with("codedeploy:"));
            let needs = Some(action.unwrap_or("codedeploy:GetDeploymentGroup").to_owned());
            Ok(Fact::NotChecked(NotChecked { needs, why: message, later: false }))
        }
        (Kind::Unavailable, _) => Ok(Fact::NotChecked(NotChecked::because(message))),
        (Kind::NotFound, _) | (Kind::Configuration, "DEP05" | "DEP33") => Ok(Fact::Missing(message)),
        _ => Err(fault),
    }
}
