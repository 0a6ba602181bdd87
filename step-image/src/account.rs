//! As whom AWS is called: one role may read, another deploy, another stop.

use std::time::{Duration, UNIX_EPOCH};

use clap::{Arg, ArgMatches};
use codedeploy_aws::config::{self, Aws, Lifetime, Timeouts};
use codedeploy_aws::secret::Secret;
use codedeploy_aws::sts::{RoleToAssume, assume_role_refreshing};
use codedeploy_core::artifact::request::RequestError;
use codedeploy_core::deployment::schedule::span;
use codedeploy_core::fault::Fault;
use codedeploy_core::names::ServiceName;
use codedeploy_core::names::identity::{ExternalId, Region, RoleArn};

use crate::clock::{Clock, date};
use crate::print;

/// What a verb does in the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// Looks at deployments, services, targets and alarms. Every verb does.
    Read,
    /// Registers, uploads, creates, continues, rotates.
    Deploy,
    /// Stops a deployment.
    Stop,
}

/// Where and as whom AWS is called. A role that is not given is the reading role, and without that the caller.
#[derive(Debug, Clone)]
pub(crate) struct Account {
    /// For [`Use::Read`].
    pub(crate) read: Aws,
    /// For [`Use::Deploy`].
    pub(crate) deploy: Aws,
    /// For [`Use::Stop`].
    pub(crate) stop: Aws,
    caller: Aws,
    opened: Opened,
}

/// What an account was opened with.
#[derive(Debug, Clone)]
struct Opened {
    region: Option<String>,
    roles: Roles,
    uses: Vec<Use>,
}

/// The flags of a verb that does these things; give the same uses to [`open`].
pub(crate) fn flags(uses: &[Use]) -> Vec<Arg> {
    let mut flags = vec![
        flag("region", "REGION", "Region of the deployment; default: AWS_REGION, AWS_DEFAULT_REGION or the profile")
            .help_heading(HEADING),
    ];
    for of in uses {
        let (role, external_id) = of.flags();
        flags.push(flag(role, "ARN", of.help()));
        flags.push(flag(external_id, "ID", "").help(external_id_help(external_id)).requires(role));
    }
    flags
}

/// Opens the account: finds the caller's credentials and assumes the roles that are given, each for its own actions.
///
/// The sessions of the roles are replaced before they end, as long as the caller's own credentials last.
pub(crate) async fn open(flags: &ArgMatches, uses: &[Use]) -> Result<Account, Fault> {
    open_for(flags, uses, None).await
}

/// Like [`open`], in the Region of the service if that was named by an ARN.
pub(crate) async fn open_for(
    flags: &ArgMatches,
    uses: &[Use],
    service: Option<&ServiceName>,
) -> Result<Account, Fault> {
    let region = region(flags, service)?.map(str::to_owned);
    Opened { region, roles: Roles::of(flags)?, uses: uses.to_vec() }.account().await
}

impl Opened {
    async fn account(self) -> Result<Account, Fault> {
        let Opened { region, roles, uses } = &self;
        let caller = config::from_environment(region.as_deref(), Timeouts::default()).await?;
        let read = become_role(&caller, roles.read.as_ref(), &roles.actions(Use::Read, uses)).await?;
        let deploy = match &roles.deploy {
            Some(role) => become_role(&caller, Some(role), &roles.actions(Use::Deploy, uses)).await?,
            None => read.clone(),
        };
        let stop = match &roles.stop {
            Some(role) => become_role(&caller, Some(role), &roles.actions(Use::Stop, uses)).await?,
            None => read.clone(),
        };
        Ok(Account { read, deploy, stop, caller, opened: self })
    }
}

impl Account {
    /// Renews the session for stopping where little is left of it: an aborted build has no second for that.
    pub(crate) async fn keep_ready_to_stop(&self) {
        if self.opened.roles.stop.is_some() {
            // Best effort, and asked again a little later.
            let _ = tokio::time::timeout(Duration::from_secs(5), self.stop.credentials_lifetime()).await;
        }
    }

    /// The same account with credentials asked for anew, nothing kept of the old ones: files are read, metadata services
    /// and STS asked, roles assumed again. `None` where nothing of it can be other than before.
    ///
    /// # Errors
    /// As [`open`].
    pub(crate) async fn renewed(&self) -> Result<Option<Account>, Fault> {
        let Roles { read, deploy, stop } = &self.opened.roles;
        let roles = read.is_some() || deploy.is_some() || stop.is_some();
        if roles || self.caller.may_be_renewed().await {
            return self.opened.clone().account().await.map(Some);
        }
        Ok(None)
    }

    /// Whether the credentials of the caller are a session of the environment, which nobody renews.
    pub(crate) async fn is_fixed(&self) -> bool {
        !self.caller.may_be_renewed().await
    }

    /// Says so where the credentials may end before a wait of that length does.
    ///
    /// Jenkins' `withAWS` gives a session of one hour and never replaces it; a wait may take days.
    pub(crate) async fn warn_of_expiry(&self, wait: Duration) {
        // A failure here is the failure of the next call, which tells it better.
        let Ok(Lifetime::Fixed { expires }) = self.caller.credentials_lifetime().await else { return };
        let ends = expires.and_then(|end| end.duration_since(UNIX_EPOCH).ok()).map(|end| end.as_millis());
        let told = match ends {
            Some(end) if end < u128::from(Clock::start().now_ms()) + wait.as_millis() => {
                format!("expire at {},", date(u64::try_from(end).unwrap_or(u64::MAX)))
            }
            None if wait > SHORTEST_SESSION => "may expire".to_owned(),
            _ => return,
        };
        print::talk(&format!(
            "warning: these are temporary credentials that nobody renews (AWS_SESSION_TOKEN); they {told} before the \
             wait of up to {} ends\nhint: give credentials that renew themselves, such as a role of the instance, task \
             or pod",
            span(wait)
        ));
    }
}

/// The help of the flag for an external ID.
pub(crate) fn external_id_help(flag: &str) -> String {
    format!("External ID for this role [env: {}]", variable(flag))
}

/// The external ID in the environment variable that stands for this flag, whose value the process list would show. An empty
/// variable counts as unset.
///
/// # Errors
/// [`RequestError::ExternalId`] with the name of the variable.
pub(crate) fn external_id(flag: &str) -> Result<Option<ExternalId>, RequestError> {
    let variable = variable(flag);
    let Some(value) = std::env::var_os(&variable).filter(|value| !value.is_empty()) else { return Ok(None) };
    // Characters that are not UTF-8 are replaced by one that an external ID cannot have.
    let id = value.to_string_lossy().parse();
    id.map(Some).map_err(|_: RequestError| RequestError::ExternalId(variable))
}

/// `CODEDEPLOY_ARTIFACT_DEPLOY_EXTERNAL_ID` for `deploy-external-id`.
fn variable(flag: &str) -> String {
    format!("CODEDEPLOY_ARTIFACT_{}", flag.replace('-', "_").to_ascii_uppercase())
}

/// What CloudTrail shows as session of an assumed role: the Jenkins build, where it is one.
#[expect(clippy::disallowed_methods, reason = "Jenkins names its build in the environment")]
pub(crate) fn session_name() -> String {
    let build = std::env::var("BUILD_TAG").unwrap_or_default();
    format!("codedeploy-artifact-{build}").trim_end_matches('-').to_owned()
}

const HEADING: &str = "The account";

/// The shortest session that STS gives: a shorter wait is not worth a warning.
const SHORTEST_SESSION: Duration = Duration::from_mins(15);

impl Use {
    fn flags(self) -> (&'static str, &'static str) {
        match self {
            Use::Read => ("role-arn", "external-id"),
            Use::Deploy => ("deploy-role-arn", "deploy-external-id"),
            Use::Stop => ("stop-role-arn", "stop-external-id"),
        }
    }

    fn help(self) -> &'static str {
        match self {
            Use::Read => "Role to assume for reading, and for all else without a role of its own",
            Use::Deploy => "Role to assume for changes; default: that for reading",
            Use::Stop => "Role to assume for StopDeployment; default: that for reading",
        }
    }

    /// The IAM actions of the use; see the table of the crate `codedeploy_aws`.
    fn actions(self) -> &'static [&'static str] {
        match self {
            Use::Read => &[
                "cloudwatch:DescribeAlarms",
                "codedeploy:BatchGetDeploymentGroups",
                "codedeploy:BatchGetDeploymentTargets",
                "codedeploy:BatchGetDeployments",
                "codedeploy:GetApplication",
                "codedeploy:GetApplicationRevision",
                "codedeploy:GetDeployment",
                "codedeploy:GetDeploymentConfig",
                "codedeploy:GetDeploymentGroup",
                "codedeploy:ListApplications",
                "codedeploy:ListDeploymentGroups",
                "codedeploy:ListDeploymentTargets",
                "codedeploy:ListDeployments",
                "ecs:DescribeServices",
                "ecs:DescribeTaskDefinition",
                "ecs:DescribeTasks",
                "ecs:ListTasks",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
                "kms:Decrypt",
                "s3:GetObject",
                "s3:GetObjectVersion",
            ],
            Use::Deploy => &[
                "codedeploy:ContinueDeployment",
                "codedeploy:CreateDeployment",
                "codedeploy:GetApplicationRevision",
                "codedeploy:GetDeploymentConfig",
                "codedeploy:RegisterApplicationRevision",
                "codedeploy:UpdateDeploymentGroup",
                "ecs:RegisterTaskDefinition",
                "ecs:TagResource",
                "ecs:UpdateService",
                "iam:PassRole",
                "kms:Decrypt",
                "kms:GenerateDataKey",
                "s3:GetObject",
                "s3:GetObjectVersion",
                "s3:PutObject",
            ],
            Use::Stop => &["codedeploy:StopDeployment"],
        }
    }
}

/// The Region that is given, or that of the service's ARN; `None` for that of the environment or profile.
fn region<'a>(flags: &'a ArgMatches, service: Option<&'a ServiceName>) -> Result<Option<&'a str>, RequestError> {
    let of_the_arn = service.and_then(|service| service.region.as_ref()).map(Region::as_str);
    match (value(flags, "region"), of_the_arn) {
        (Some(given), Some(of_the_arn)) if given != of_the_arn => {
            let [given, of_the_arn] = [given, of_the_arn].map(str::to_owned);
            Err(RequestError::OtherRegion { one: "`region`", given, other: "`service`", of_the_arn })
        }
        (given, of_the_arn) => Ok(given.or(of_the_arn)),
    }
}

/// The roles that were given.
#[derive(Debug, Clone)]
struct Roles {
    read: Option<Role>,
    deploy: Option<Role>,
    stop: Option<Role>,
}

#[derive(Debug, Clone)]
struct Role {
    arn: RoleArn,
    external_id: Option<ExternalId>,
}

impl Roles {
    fn of(flags: &ArgMatches) -> Result<Roles, RequestError> {
        let role = |of: Use| -> Result<Option<Role>, RequestError> {
            let (arn, external_id) = of.flags();
            let given = |flag| (value(flags, flag), |error: RequestError| error.of_flag(flag));
            let (text, of_flag) = given(external_id);
            let id = text.map(str::parse).transpose().map_err(of_flag)?;
            let (text, of_flag) = given(arn);
            let Some(arn) = text.map(str::parse).transpose().map_err(of_flag)? else { return Ok(None) };
            let external_id = if id.is_some() { id } else { self::external_id(external_id)? };
            Ok(Some(Role { arn, external_id }))
        };
        Ok(Roles { read: role(Use::Read)?, deploy: role(Use::Deploy)?, stop: role(Use::Stop)? })
    }

    /// The actions of the session that stands for `of`: its own, and for the reading role those of every use of the
    /// verb that has no role.
    fn actions(&self, of: Use, uses: &[Use]) -> Vec<&'static str> {
        let falls_here = |used: &&Use| match used {
            Use::Read => of == Use::Read,
            Use::Deploy => of == if self.deploy.is_some() { Use::Deploy } else { Use::Read },
            Use::Stop => of == if self.stop.is_some() { Use::Stop } else { Use::Read },
        };
        let mut actions: Vec<&str> = uses.iter().filter(falls_here).flat_map(|used| used.actions()).copied().collect();
        actions.sort_unstable();
        actions.dedup();
        actions
    }
}

async fn become_role(caller: &Aws, role: Option<&Role>, actions: &[&'static str]) -> Result<Aws, Fault> {
    let Some(role) = role else { return Ok(caller.clone()) };
    let role = RoleToAssume {
        arn: role.arn.as_str().to_owned(),
        external_id: role.external_id.as_ref().map(|id| Secret::new(id.expose())),
        session_name: session_name(),
        actions: actions.to_vec(),
        region: None,
    };
    Ok(assume_role_refreshing(caller, &role).await?)
}

/// The value of a flag that the verb may not have.
fn value<'a>(flags: &'a ArgMatches, name: &str) -> Option<&'a str> {
    flags.try_get_one::<String>(name).ok().flatten().map(String::as_str)
}

fn flag(name: &'static str, value: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name(value).help(help).help_heading(HEADING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Command;
    use expect_test::{Expect, expect};

    const ALL: [Use; 3] = [Use::Read, Use::Deploy, Use::Stop];

    fn check(uses: &[Use], line: &[&str], expect: &Expect) {
        let command = Command::new("verb").no_binary_name(true).args(flags(uses));
        let found = match command.try_get_matches_from(line) {
            Err(error) => error.kind().to_string(),
            Ok(flags) => match Roles::of(&flags) {
                Err(error) => Fault::from(error).to_string(),
                Ok(roles) => {
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
        check(&ALL, &read, &expect!["Read: arn:aws:iam::111111111111:role/read None get yes create yes stop yes"]);
        check(
            &[Use::Read],
            &read,
            &expect!["Read: arn:aws:iam::111111111111:role/read None get yes create no stop no"],
        );
        let stop = ["--stop-role-arn", "arn:aws:iam::111111111111:role/stop", "--stop-external-id", "planted"];
        check(
            &ALL,
            &[&read[..], &stop[..]].concat(),
            &expect![[r#"
            Read: arn:aws:iam::111111111111:role/read None get yes create yes stop no
            Stop: arn:aws:iam::111111111111:role/stop Some(ExternalId(***)) get no create no stop yes"#]],
        );
        let deploy = ["--deploy-role-arn", "arn:aws:iam::222222222222:role/deploy"];
        check(&ALL, &deploy, &expect!["Deploy: arn:aws:iam::222222222222:role/deploy None get no create yes stop no"]);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        check(&ALL, &["--external-id", "planted"], &expect!["one or more required arguments were not provided"]);
        check(&[Use::Read], &["--stop-role-arn", "x"], &expect!["unexpected argument found"]);
        check(
            &ALL,
            &["--role-arn", "read"],
            &expect!["PAR08: --role-arn: must look like arn:aws:iam::123456789012:role/NAME"],
        );
    }
}
