//! Calls to AWS Security Token Service.

#[cfg(feature = "command-line")]
mod refreshing;

use std::error::Error as _;
use std::time::Duration;

use aws_config::sts::AssumeRoleProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_sts::error::SdkError;
use aws_sdk_sts::operation::assume_role::AssumeRoleError;
use codedeploy_core::fault::denial::{Denial, Policy};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::names::Arn;

use crate::answer::{Facts, refused};
use crate::call::Call;
use crate::config::Aws;
use crate::error::{AwsError, Cause, Why};
use crate::faults::long;
use crate::secret::Secret;

#[cfg(feature = "command-line")]
pub use refreshing::assume_role_refreshing;

/// The duration of a session: the minimum of STS, and enough for describe calls.
const SHORT: Duration = Duration::from_mins(15);
/// The longest session name that STS takes, in characters.
const SESSION_NAME: usize = 64;

/// The role of a session, and what the session may do.
#[derive(Debug, Clone)]
pub struct RoleToAssume {
    /// `arn:PARTITION:iam::ACCOUNT:role/NAME`.
    pub arn: String,
    /// External ID for this role, if its trust policy requires one; 2-1224 characters.
    pub external_id: Option<Secret>,
    /// Appears in `CloudTrail`. Converted to the form that STS accepts: 2-64 characters of `[A-Za-z0-9_+=,.@-]`.
    pub session_name: String,
    /// The only IAM actions of the session, at least one. Other permissions of the role do not apply.
    pub actions: Vec<&'static str>,
    /// Region of the calls to come; the current one if it is not given.
    pub region: Option<String>,
}

/// Assumes a role for fifteen minutes, limited to some actions by an inline session policy.
///
/// STS is called in the current region; the result works in [`RoleToAssume::region`]. It is not renewed.
pub async fn assume_role(aws: &Aws, role: &RoleToAssume) -> Result<Aws, AwsError> {
    let target = target(aws, role)?;
    Ok(target.with_provider(Source::new(aws, role, SHORT).await?.session().await?))
}

/// The result of assuming a role: the same connections in [`RoleToAssume::region`].
///
/// Nothing is sent if the role, the current Region and the target Region are not in the same partition.
fn target(aws: &Aws, role: &RoleToAssume) -> Result<Aws, AwsError> {
    let call = aws.call("sts:AssumeRole", &role.arn)?;
    let target = role.region.as_deref().map_or_else(|| Ok(aws.clone()), |region| aws.with_region(region))?;
    for region in [aws.region(), target.region()].into_iter().flatten() {
        let (of_role, of_region) = (Arn::parse(&role.arn).map_or("", |arn| arn.partition), partition(region));
        if of_role != of_region {
            return Err(foreign_partition(&call.name(), of_role, &call.region, of_region).into());
        }
    }
    Ok(target)
}

/// A role and its sessions. Without `Debug`, which would show the external ID in the SDK's provider.
struct Source {
    provider: AssumeRoleProvider,
    call: Call,
    external_id: bool,
}

impl Source {
    async fn new(aws: &Aws, role: &RoleToAssume, length: Duration) -> Result<Source, AwsError> {
        let call = aws.call("sts:AssumeRole", &role.arn)?;
        let mut provider = AssumeRoleProvider::builder(&role.arn)
            .configure(aws.sdk())
            .session_name(session_name(&role.session_name))
            .session_length(length)
            .policy(session_policy(&role.actions));
        if let Some(id) = &role.external_id {
            provider = provider.external_id(id.expose());
        }
        Ok(Source { provider: provider.build().await, call, external_id: role.external_id.is_some() })
    }

    /// A new session.
    async fn session(&self) -> Result<Credentials, AwsError> {
        let session = self.provider.provide_credentials().await;
        #[cfg(feature = "command-line")]
        if let Ok(session) = &session {
            crate::debug::assumed(&self.call.subject, session);
        }
        session.map_err(|error| {
            let refusal = error.source().and_then(|source| source.downcast_ref::<SdkError<AssumeRoleError>>());
            match refusal {
                Some(refusal) => self.call.failed(refusal, |call, facts| self.cause(call, facts)),
                // STS answered without credentials.
                None => self.call.no_part(),
            }
        })
    }

    fn cause(&self, call: &Call, facts: &Facts) -> Cause {
        match refused(call, facts) {
            Cause { why: Why::Denied { mut denial }, .. } => {
                denial.resource.get_or_insert_with(|| call.subject.clone());
                let fault = assume_denied(call, &denial, self.external_id);
                Why::Denied { denial }.because(fault)
            }
            other => other,
        }
    }
}

faults! {
    /// The faults of assuming a role.
    pub(crate) const FORMS;

    /// The caller is not allowed to assume the role.
    fn not_assumed(who: &str, role: &str, reason: &str) => "STS01" Denied
        "{who} is not allowed to assume {role}{reason}",
        "allow sts:AssumeRole on the role to the caller, and the caller in the role's trust policy";

    /// The role is in another partition than the Region, such as `aws` and `aws-cn`.
    fn foreign_partition(role: &str, of_role: &str, region: &str, of_region: &str) [of_role = shown(of_role)] =>
        "STS02" Configuration
        "role {role} is in partition {of_role}, but Region {region} is in {of_region}",
        "use a role of partition {of_region}, or a Region of the role's partition";
}

fn assume_denied(call: &Call, denial: &Denial, external_id: bool) -> Fault {
    let who = denial.principal.as_deref().map_or("the caller".to_owned(), long);
    let reason = match (&denial.reason, &denial.action) {
        (Some(reason), _) => format!(": {}", long(reason)),
        (None, Some(denied)) if denied != call.action => format!(": {} is denied", shown(denied)),
        _ => String::new(),
    };
    // A denied sts:AssumeRole may come from the trust policy of the role, which may require an external ID.
    let by_trust = denial.action.as_deref().is_none_or(|denied| denied == call.action)
        && !denial.explicit
        && matches!(denial.policy, None | Some(Policy::Trust | Policy::Resource));
    let (given, step) = if by_trust {
        let (given, asks) = if external_id {
            (" (an external ID was given)", " with this external ID")
        } else {
            (" (no external ID was given)", " (does it require an external ID?)")
        };
        let allow = "allow sts:AssumeRole on the role to the caller, and the caller in the role's trust policy";
        (given, format!("{allow}{asks}"))
    } else {
        ("", format!("{}{}", denial.next_step(call.action), carried(denial)))
    };
    not_assumed(&who, &call.name(), &format!("{reason}{given}")).with_hint(step)
}

/// Why STS evaluates more than `sts:AssumeRole` although the request has no tags and no identity: those of the caller's
/// session are passed on.
fn carried(denial: &Denial) -> &'static str {
    match denial.action.as_deref() {
        Some("sts:TagSession") => {
            " (the caller's session has session tags that it passes on, as EKS Pod Identity sets them)"
        }
        Some("sts:SetSourceIdentity") => " (the caller's session has a source identity that it passes on)",
        _ => "",
    }
}

/// The partition of a region, such as `aws-cn`, as the SDK's `partitions.json` has them.
fn partition(region: &str) -> &'static str {
    const PREFIXES: [(&str, &str); 7] = [
        ("cn-", "aws-cn"),
        ("us-gov-", "aws-us-gov"),
        ("us-iso-", "aws-iso"),
        ("us-isob-", "aws-iso-b"),
        ("eu-isoe-", "aws-iso-e"),
        ("us-isof-", "aws-iso-f"),
        ("eusc-", "aws-eusc"),
    ];
    PREFIXES.iter().find(|(prefix, _)| region.starts_with(prefix)).map_or("aws", |(_, partition)| partition)
}

fn session_policy(actions: &[&str]) -> String {
    let actions = actions.iter().map(|action| format!("\"{action}\"")).collect::<Vec<_>>().join(",");
    format!(r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":[{actions}],"Resource":"*"}}]}}"#)
}

fn session_name(wanted: &str) -> String {
    let fits = |c: char| if c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) { c } else { '-' };
    let name: String = wanted.chars().map(fits).take(SESSION_NAME).collect();
    if name.len() < 2 { "codedeploy-artifact".to_owned() } else { name }
}

#[cfg(test)]
mod tests;
