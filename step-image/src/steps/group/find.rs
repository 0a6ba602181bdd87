//! The deployment group that deploys a service, if only the service is named.

use codedeploy_aws::codedeploy::{
    batch_get_deployment_groups, check_application, get_deployment_group, list_applications, list_deployment_groups,
};
use codedeploy_aws::config::Aws;
use codedeploy_aws::error::{AwsError, Why};
use codedeploy_core::artifact::service::other_account;
use codedeploy_core::deployment::Group;
use codedeploy_core::fault::{Explain as _, Fault, Kind, shown};
use codedeploy_core::faults;
use codedeploy_core::names::ServiceName;
use codedeploy_core::text::first;

use super::Wanted;
use crate::terminal::print;

faults! {
    /// The faults of searching for a group.
    pub(crate) const FORMS;

    /// No group deploys the service. `problem` is the result for the default names.
    fn not_found(service: &str, problem: &str, searched: &str) [service = shown(service)] => "DEP32" NotFound
        "no deployment group that deploys {service} was found: its names were assumed ({problem}), and {searched}",
        "name the group with --application and --deployment-group, and check the names in --service";
    /// The same, if AWS denied access to the assumed names.
    fn denied(service: &str, problem: &str, searched: &str) [service = shown(service)] => "DEP32" Denied
        "no deployment group that deploys {service} was found: its names were assumed ({problem}), and {searched}",
        "name the group with --application and --deployment-group, and check the names in --service";
    /// More than one group deploys the service.
    fn several(service: &str, groups: &[String]) [
        count = groups.len(), service = shown(service), groups = first(groups, 10),
    ] => "DEP33" Configuration "{count} deployment groups deploy {service}: {groups}",
        "choose one of them with --application and --deployment-group";
}

/// The maximum number of applications whose groups are read. Each takes two calls.
const MOST_APPLICATIONS: usize = 200;

/// Gets the group that is named, which must deploy the service if one is named. If a name was assumed, and the group does
/// not exist, may not be read or deploys another service, the groups of the account are searched for the one that deploys
/// the service.
pub(crate) async fn group(read: &Aws, wanted: &Wanted) -> Result<Group, Fault> {
    let group = unchecked(read, wanted).await?;
    if let Some(service) = &wanted.service {
        wanted.deployed(&group)?;
        if let (Some(named), Some(found)) = (&service.account, group.account())
            && named != found
        {
            return Err(other_account(&service.full(), named, found));
        }
    }
    Ok(group)
}

/// The same for a command that reports it by itself if a group that is named deploys another service.
pub(crate) async fn unchecked(read: &Aws, wanted: &Wanted) -> Result<Group, Fault> {
    let Wanted { application, group, .. } = wanted;
    let (found, group) =
        tokio::join!(check_application(read, application), get_deployment_group(read, application, group));
    let found = found.and(group);
    let Some(service) = wanted.service.as_ref().filter(|_| wanted.assumes()) else { return Ok(found?) };
    let problem = match found {
        Ok(group) => match wanted.deployed(&group) {
            Ok(_) => return Ok(group),
            Err(fault) => fault,
        },
        Err(error) if may_be_named_otherwise(&error) => error.into(),
        Err(error) => return Err(error.into()),
    };
    search(read, wanted, service, &problem).await
}

/// IAM denies what does not exist as well, if only certain groups are allowed.
fn may_be_named_otherwise(error: &AwsError) -> bool {
    matches!(error.why(), Why::ApplicationMissing | Why::GroupMissing | Why::NotForEcs | Why::Denied { .. })
}

async fn search(read: &Aws, wanted: &Wanted, service: &ServiceName, problem: &Fault) -> Result<Group, Fault> {
    let (mut fitting, mut looked_at, mut denied_search) = (Vec::new(), 0, None);
    let applications = if wanted.application_assumed {
        list_applications(read, MOST_APPLICATIONS).await
    } else {
        Ok(vec![wanted.application.clone()])
    };
    let applications = or_denied(applications, &mut denied_search)?;
    for application in &applications {
        let mut names = or_denied(list_deployment_groups(read, application).await, &mut denied_search)?;
        names.retain(|name| wanted.group_assumed || *name == wanted.group);
        let groups = or_denied(batch_get_deployment_groups(read, application, &names).await, &mut denied_search)?;
        looked_at += groups.len();
        let fits = |group: &Group| group.compute_platform == "ECS" && wanted.deployed(group).is_ok();
        fitting.extend(groups.into_iter().filter(fits));
    }
    let full = |group: &Group| format!("{}/{}", group.application, group.name);
    match fitting.as_slice() {
        [one] => {
            print::message(&format!("note: deployment group {} deploys {}", shown(&full(one)), service.full()));
            Ok(one.clone())
        }
        [] => {
            let searched = match (&denied_search, looked_at) {
                (Some(error), _) => format!("the groups of the account could not be searched: {error}"),
                (None, 0) => "the account has no deployment group of ECS in this Region".to_owned(),
                (None, many) => format!("none of the {many} groups that were searched deploys it"),
            };
            let fault = if problem.kind() == Kind::Denied { denied } else { not_found };
            let fault = fault(&service.full(), &problem.message(), &searched);
            Err(if denied_search.is_some() { fault.with_hint(ALLOW) } else { fault })
        }
        several => {
            let groups: Vec<String> = several.iter().map(full).collect();
            Err(self::several(&service.full(), &groups))
        }
    }
}

/// The hint after a search that was denied.
const ALLOW: &str = "name the group with --application and --deployment-group, or allow codedeploy:ListApplications, \
     codedeploy:ListDeploymentGroups and codedeploy:BatchGetDeploymentGroups to the role for reading";

/// Groups that cannot be read are left out; the first denial is kept.
fn or_denied<T>(answer: Result<Vec<T>, AwsError>, denied: &mut Option<AwsError>) -> Result<Vec<T>, AwsError> {
    match answer {
        Err(error) if error.kind() == Kind::Denied && !matches!(error.why(), Why::Expired) => {
            denied.get_or_insert(error);
            Ok(Vec::new())
        }
        // Deleted since it was listed.
        Err(error) if matches!(error.why(), Why::ApplicationMissing) => Ok(Vec::new()),
        other => other,
    }
}
