//! The files of a deployment against the account: asks AWS for what the rules of [`codedeploy_core::account`] are about, and
//! checks it. Nothing is changed, and no secret is read.

mod artifact;
mod ask;
mod calls;
mod gather;
mod request;

use codedeploy_core::account::{self, Fact, Outcome, Subject};
use codedeploy_core::artifact::service::Service;
use codedeploy_core::deployment::Group;
use codedeploy_core::fault::{Explain as _, Fault, Kind};
use tokio::time::Instant;

use crate::codedeploy::get_deployment_group;
use crate::config::Aws;
use crate::ecs::describe_service;
use crate::error::{AwsError, Why};

pub use request::{ACTIONS, verify_request};

use calls::Calls;

/// Checks the files against the account, one outcome for each rule. Those that `skip` names are not checked, and what only
/// they need is not asked for. What AWS has not answered at the time `until` is not checked.
pub async fn verify(
    read: &Aws,
    subject: &Subject<'_>,
    service: Fact<Service>,
    group: Fact<Group>,
    skip: &dyn Fn(&str) -> bool,
    until: Option<Instant>,
) -> Vec<Outcome> {
    let calls = Calls::new(read, until);
    let facts = Box::pin(gather::gather(calls, subject, service, group, &|code| !skip(code))).await;
    account::check(subject, &facts, skip)
}

/// The service. That it does not exist, or may not be described, is a fact as well.
///
/// # Errors
/// Credentials, a Region or a network with which nothing can be checked.
pub async fn service(read: &Aws, cluster: &str, name: &str) -> Result<Fact<Service>, AwsError> {
    known(describe_service(read, cluster, name).await)
}

/// The deployment group. That it does not exist, or may not be read, is a fact as well.
///
/// # Errors
/// As for [`service`].
pub async fn group(read: &Aws, application: &str, name: &str) -> Result<Fact<Group>, AwsError> {
    known(get_deployment_group(read, application, name).await)
}

fn known<T>(answer: Result<T, AwsError>) -> Result<Fact<T>, AwsError> {
    match answer {
        Ok(found) => Ok(Fact::Known(found)),
        Err(error) if error.kind() == Kind::NotFound || matches!(error.why(), Why::NotForEcs) => {
            Ok(Fact::Missing(Fault::from(error).message()))
        }
        Err(error) if is_fatal(&error) => Err(error),
        Err(error) => Ok(Fact::NotChecked(error.not_checked())),
    }
}

fn is_fatal(error: &AwsError) -> bool {
    matches!(
        error.why(),
        Why::Expired
            | Why::Rejected
            | Why::NoCredentials
            | Why::CredentialsFailed
            | Why::UnfitCredentials
            | Why::Network
    ) || error.code() == "AWS12"
}
