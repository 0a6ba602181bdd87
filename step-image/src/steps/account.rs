//! The Region and the roles for calls to AWS: one role may read, another deploy, another stop.

mod flags;
mod roles;

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use codedeploy_aws::config::{self, Aws, Lifetime, Timeouts};
use codedeploy_aws::secret::Secret;
use codedeploy_aws::sts::{RoleToAssume, assume_role_refreshing};
use codedeploy_core::artifact::request;
use codedeploy_core::deployment::schedule::span;
use codedeploy_core::fault::Fault;
use codedeploy_core::names::{Region, ServiceName};

use crate::terminal::clock::{Clock, date};
use crate::terminal::print;

pub(crate) use flags::{Access, Changer, Deployer, Reader, Stopper};
pub(crate) use roles::external_id;
use roles::{Role, Roles, Use};

/// The Region and the credentials for calls to AWS. The default for each role is the role for reading, or else the
/// caller.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// For [`Use::Read`].
    pub(crate) read: Aws,
    /// For [`Use::Deploy`].
    pub(crate) deploy: Aws,
    /// For [`Use::Stop`].
    pub(crate) stop: Aws,
    caller: Aws,
    access: Arc<Access>,
}

/// Finds the caller's credentials and assumes the given roles, each for its own actions.
///
/// The sessions of the roles are replaced before they expire, as long as the caller's own credentials are valid.
pub(crate) async fn open(access: Access) -> Result<Account, Fault> {
    open_access(Arc::new(access)).await
}

/// Like [`open`], in the Region of the service if that was named by an ARN.
pub(crate) async fn open_for(access: Access, service: Option<&ServiceName>) -> Result<Account, Fault> {
    let of_the_arn = service.and_then(|service| service.region.clone());
    if let (Some(given), Some(of_the_arn)) = (&access.region, &of_the_arn)
        && given != of_the_arn
    {
        return Err(request::other_region(given.as_str(), "`service`", of_the_arn.as_str()));
    }
    Box::pin(open(Access { region: access.region.or(of_the_arn), ..access })).await
}

async fn open_access(access: Arc<Access>) -> Result<Account, Fault> {
    let Access { region, roles, uses } = &*access;
    let caller = config::from_environment(region.as_ref().map(Region::as_str), Timeouts::default()).await?;
    let session = async |of: Use, role: &Option<Role>, otherwise: &Aws| match role {
        Some(role) => become_role(&caller, role, roles.actions(of, uses)).await,
        None => Ok(otherwise.clone()),
    };
    let read = session(Use::Read, &roles.read, &caller).await?;
    let deploy = session(Use::Deploy, &roles.deploy, &read).await?;
    let stop = session(Use::Stop, &roles.stop, &read).await?;
    Ok(Account { read, deploy, stop, caller, access })
}

async fn become_role(caller: &Aws, role: &Role, actions: Vec<&'static str>) -> Result<Aws, Fault> {
    let role = RoleToAssume {
        arn: role.arn.as_str().to_owned(),
        external_id: role.external_id.as_ref().map(|id| Secret::new(id.expose())),
        session_name: session_name(),
        actions,
        region: None,
    };
    Ok(assume_role_refreshing(caller, &role).await?)
}

impl Account {
    /// Renews the session for stopping if it expires soon: an aborted build has no time for that.
    pub(crate) async fn keep_ready_to_stop(&self) {
        if self.access.roles.stop.is_some() {
            // Best effort, and asked again a little later.
            let _ = tokio::time::timeout(Duration::from_secs(5), self.stop.credentials_lifetime()).await;
        }
    }

    /// The same account with new credentials, without caches: files, metadata services and STS are read again. `None`
    /// if none of them can have changed.
    ///
    /// # Errors
    /// As [`open`].
    pub(crate) async fn renewed(&self) -> Result<Option<Account>, Fault> {
        let Roles { read, deploy, stop } = &self.access.roles;
        let roles = read.is_some() || deploy.is_some() || stop.is_some();
        if roles || self.caller.may_be_renewed().await {
            return open_access(self.access.clone()).await.map(Some);
        }
        Ok(None)
    }

    /// Whether the caller's credentials are a session in the environment, which is never renewed.
    pub(crate) async fn is_fixed(&self) -> bool {
        !self.caller.may_be_renewed().await
    }

    /// Warns if the credentials may expire before a wait of that length ends.
    ///
    /// Jenkins' `withAWS` gives a session of one hour and never replaces it; a wait may take days.
    pub(crate) async fn warn_of_expiry(&self, wait: Duration) {
        // A failure here also fails the next call, which reports it better.
        let Ok(Lifetime::Fixed { expires }) = self.caller.credentials_lifetime().await else { return };
        let ends = expires.and_then(|end| end.duration_since(UNIX_EPOCH).ok()).map(|end| end.as_millis());
        let told = match ends {
            Some(end) if end < u128::from(Clock::start().now_ms()) + wait.as_millis() => {
                format!("expire at {},", date(u64::try_from(end).unwrap_or(u64::MAX)))
            }
            None if wait > SHORTEST_SESSION => "may expire".to_owned(),
            _ => return,
        };
        print::message(&format!(
            "warning: these are temporary credentials that nobody renews (AWS_SESSION_TOKEN); they {told} before the \
             wait of up to {} ends\nhint: give credentials that renew themselves, such as a role of the instance, task \
             or pod",
            span(wait)
        ));
    }
}

/// The minimum duration of a session: no warning is given for a shorter wait.
const SHORTEST_SESSION: Duration = Duration::from_mins(15);

/// The session name of an assumed role in CloudTrail: the Jenkins build, if there is one.
#[expect(clippy::disallowed_methods, reason = "Jenkins names its build in the environment")]
pub(crate) fn session_name() -> String {
    let build = std::env::var("BUILD_TAG").unwrap_or_default();
    format!("codedeploy-artifact-{build}").trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use clap::{Args, Command};
    use expect_test::{Expect, expect};

    use super::*;
    use crate::terminal::usage;

    fn check<A: Args>(access: fn(A) -> Result<Access, Fault>, line: &[&str], expect: &Expect) {
        let command = A::augment_args(Command::new("verb").no_binary_name(true));
        let flags = command.try_get_matches_from(line).and_then(|matches| A::from_arg_matches(&matches));
        let found = match flags {
            Err(error) => usage::fault(&error, None).to_string(),
            Ok(flags) => match access(flags) {
                Err(error) => error.to_string(),
                Ok(Access { roles, uses, .. }) => {
                    let session = |of: Use, role: &Option<Role>| {
                        let actions = roles.actions(of, uses);
                        let has = |action| if actions.contains(&action) { "yes" } else { "no" };
                        role.as_ref().map_or_else(String::new, |role| {
                            format!(
                                "{of:?}: {} {:?} get {} create {} stop {}\n",
                                role.arn.as_str(),
                                role.external_id,
                                has("codedeploy:GetDeployment"),
                                has("codedeploy:CreateDeployment"),
                                has("codedeploy:StopDeployment")
                            )
                        })
                    };
                    [
                        session(Use::Read, &roles.read),
                        session(Use::Deploy, &roles.deploy),
                        session(Use::Stop, &roles.stop),
                    ]
                    .concat()
                }
            },
        };
        expect.assert_eq(found.trim_end());
    }

    #[test]
    fn each_session_may_do_what_falls_to_its_role() {
        let read = ["--role-arn", "arn:aws:iam::111111111111:role/read"];
        check(
            Deployer::access,
            &read,
            &expect!["Read: arn:aws:iam::111111111111:role/read None get yes create yes stop yes"],
        );
        check(
            Reader::access,
            &read,
            &expect!["Read: arn:aws:iam::111111111111:role/read None get yes create no stop no"],
        );
        let stop = ["--stop-role-arn", "arn:aws:iam::111111111111:role/stop", "--stop-external-id", "planted"];
        check(
            Deployer::access,
            &[&read[..], &stop[..]].concat(),
            &expect![[r#"
            Read: arn:aws:iam::111111111111:role/read None get yes create yes stop no
            Stop: arn:aws:iam::111111111111:role/stop Some(ExternalId(***)) get no create no stop yes"#]],
        );
        let deploy = ["--deploy-role-arn", "arn:aws:iam::222222222222:role/deploy"];
        check(
            Deployer::access,
            &deploy,
            &expect!["Deploy: arn:aws:iam::222222222222:role/deploy None get no create yes stop no"],
        );
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        check(Deployer::access, &["--external-id", "planted"], &expect!["USE06: --role-arn <ARN> is required"]);
        check(
            Reader::access,
            &["--stop-role-arn", "x"],
            &expect!["USE01: codedeploy-artifact has no flag --stop-role-arn"],
        );
        check(
            Deployer::access,
            &["--role-arn", "read"],
            &expect!["PAR08: --role-arn is not the ARN of a role: must look like arn:aws:iam::123456789012:role/NAME"],
        );
    }
}
