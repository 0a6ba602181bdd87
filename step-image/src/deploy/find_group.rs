//! The deployment group that deploys a service, if only the service is named.

use codedeploy_aws::codedeploy::{
    batch_get_deployment_groups, check_application, get_deployment_group, list_applications, list_deployment_groups,
};
use codedeploy_aws::config::Aws;
use codedeploy_aws::error::{AwsError, Why};
use codedeploy_core::deployment::Group;
use codedeploy_core::fault::{Explain as _, Fault, Kind, shown};
use codedeploy_core::names::ServiceName;

use super::error::{DeployError, Search};
use super::resolve::{Wanted, deployed};
use crate::print;

/// The most applications whose groups are looked at. Each takes two calls.
const MOST_APPLICATIONS: usize = 200;

/// Gets the group that is named. If a name was assumed, and the group does not exist, may not be read or deploys another
/// service, the groups of the account are searched for the one that deploys the service.
pub(super) async fn group(read: &Aws, wanted: &Wanted) -> Result<Group, Fault> {
    let Wanted { application, group, .. } = wanted;
    let (found, group) =
        tokio::join!(check_application(read, application), get_deployment_group(read, application, group));
    let found = found.and(group);
    let Some(service) = wanted.service.as_ref().filter(|_| wanted.assumes()) else { return Ok(found?) };
    let problem = match found {
        Ok(group) => match deployed(&group, wanted) {
            Ok(_) => return Ok(group),
            Err(error) => Fault::from(error),
        },
        Err(error) if may_be_named_otherwise(&error) => error.into(),
        Err(error) => return Err(error.into()),
    };
    search(read, wanted, service, &problem).await
}

/// IAM denies what does not exist as well, if only certain groups are allowed.
fn may_be_named_otherwise(error: &AwsError) -> bool {
    matches!(error.why(), Why::ApplicationMissing | Why::GroupMissing | Why::NotForEcs { .. } | Why::Denied { .. })
}

async fn search(read: &Aws, wanted: &Wanted, service: &ServiceName, problem: &Fault) -> Result<Group, Fault> {
    let (mut fitting, mut looked_at, mut denied) = (Vec::new(), 0, None);
    let applications = if wanted.application_assumed {
        list_applications(read, MOST_APPLICATIONS).await
    } else {
        Ok(vec![wanted.application.clone()])
    };
    let applications = or_denied(applications, &mut denied)?;
    for application in &applications {
        let mut names = or_denied(list_deployment_groups(read, application).await, &mut denied)?;
        names.retain(|name| wanted.group_assumed || *name == wanted.group);
        let groups = or_denied(batch_get_deployment_groups(read, application, &names).await, &mut denied)?;
        looked_at += groups.len();
        let fits = |group: &Group| group.compute_platform == "ECS" && deployed(group, wanted).is_ok();
        fitting.extend(groups.into_iter().filter(fits));
    }
    let full = |group: &Group| format!("{}/{}", group.application, group.name);
    match fitting.as_slice() {
        [one] => {
            print::talk(&format!("note: deployment group {} deploys {}", shown(&full(one)), service.full()));
            Ok(one.clone())
        }
        [] => Err(DeployError::GroupNotFound {
            service: service.full(),
            problem: problem.message(),
            denied: problem.kind() == Kind::Denied,
            search: match denied {
                Some(error) => Search::Denied(error.to_string()),
                None => Search::Nothing { looked_at },
            },
        }
        .into()),
        several => {
            let groups = several.iter().map(full).collect();
            Err(DeployError::SeveralGroups { service: service.full(), groups }.into())
        }
    }
}

/// What may not be read is left out; the first denial is kept.
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
