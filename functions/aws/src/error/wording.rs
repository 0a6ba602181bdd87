//! What an [`AwsError`](super::AwsError) says: its line and its hint.

use std::fmt;

use codedeploy_core::fault::denial::{Denial, Policy};
use codedeploy_core::fault::{Explain, safe, shown};

use super::{Call, Caller, Network, Report, Why};

/// The message: one line.
pub(super) fn message(report: &Report, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let Report { call: Call { action, subject, region }, why, request_id } = report;
    let name = long(subject);
    match why {
        Why::Network(
            setting @ (Network::NoCertificate { .. } | Network::BadProxy { .. } | Network::BadEndpoint { .. }),
        ) => write!(f, "{setting}"),
        Why::BadRegion => write!(f, "\"{}\" is not an AWS region name", shown(subject)),
        Why::NoCredentials(_) if action.is_empty() => write!(f, "{}", plain(why)),
        Why::TaskDefinitionMissing { account } => {
            let account = account.as_deref().map(|account| format!("{}/", shown(account))).unwrap_or_default();
            write!(f, "task definition \"{name}\" not found in {account}{region}")
        }
        Why::ClusterMissing => write!(f, "cluster of \"{name}\" not found in {region}"),
        Why::ServiceMissing => write!(f, "service \"{name}\" not found in {region}"),
        Why::ServiceNotActive { status } => write!(f, "service \"{name}\" in {region} is {}", shown(status)),
        Why::ControllerForbids { text } => {
            write!(f, "service \"{name}\" in {region} does not allow it: {}", sentence(text))
        }
        Why::TaskDefinitionRefused { text } => {
            write!(f, "ECS does not accept task definition \"{name}\": {}", sentence(text))
        }
        Why::DeploymentActive { active } => {
            let active = active.as_deref().map_or("another deployment".to_owned(), shown);
            write!(f, "deployment group {name} already runs {active}")
        }
        Why::DeploymentMissing => write!(f, "deployment {name} not found in {region}"),
        Why::NotForEcs { platform } => {
            write!(f, "{name} uses compute platform {}, ECS required", shown(platform))
        }
        Why::ApplicationMissing => write!(f, "no such CodeDeploy application in {region}: {name}"),
        Why::GroupMissing => write!(f, "deployment group \"{name}\" not found in {region}"),
        Why::DeploymentConfigMissing => write!(f, "no such deployment config in {region}: {name}"),
        Why::NotWaiting { text } => {
            write!(f, "deployment {name} does not wait to be continued: {}", sentence(text))
        }
        Why::RevisionRefused { text } => {
            write!(f, "CodeDeploy does not accept the revision for {name}: {}", sentence(text))
        }
        Why::RoutingUnknown { routing } => {
            write!(f, "deployment config {name} shifts traffic by \"{}\", which is not known here", shown(routing))
        }
        Why::ServiceRole { text } => write!(f, "the service role of {name} is not usable: {}", sentence(text)),
        Why::TargetGroupMissing => write!(f, "target group \"{name}\" not found in {region}"),
        Why::AssumeDenied { denial, external_id } => {
            let who = denial.principal.as_deref().map_or("the caller".to_owned(), long);
            write!(f, "{who} may not assume {name}")?;
            match (&denial.reason, &denial.action) {
                (Some(reason), _) => write!(f, ": {}", long(reason))?,
                (None, Some(denied)) if denied != action => write!(f, ": {} is denied", shown(denied))?,
                _ => {}
            }
            match (by_trust(denial, action), external_id) {
                (false, _) => Ok(()),
                (true, true) => write!(f, " (an external id was given)"),
                (true, false) => write!(f, " (no external id was given)"),
            }
        }
        Why::ForeignPartition { role, region: partition } => {
            write!(f, "role {name} is of partition {}, region {region} of {partition}", shown(role))
        }
        Why::ReadDenied { denial, .. } => write!(f, "cannot read {name}: {}", refusal(denial, action)),
        Why::WriteDenied { denial, .. } => write!(f, "cannot write {name}: {}", refusal(denial, action)),
        Why::ObjectMissing => write!(f, "{name} does not exist"),
        Why::BucketMissing => write!(f, "{name}: the bucket does not exist"),
        Why::BucketElsewhere { region: Some(bucket) } => {
            write!(f, "{name}: the bucket is in {}, the request went to {region}", shown(bucket))
        }
        Why::BucketElsewhere { region: None } => write!(f, "{name}: the bucket is not in {region}"),
        Why::BodyBroken { received } => write!(f, "{name}: the download broke off after {}", size(*received)),
        Why::NotWritten(text) => write!(f, "{name}: cannot keep the download: {}", shown(text)),
        Why::NotText => write!(f, "{name} is not a UTF-8 text of at most 1 MiB"),
        Why::KeyRefused { text, .. } => write!(f, "{name}: its KMS key cannot be used: {}", sentence(text)),
        Why::ObjectTooLarge { bytes, limit } => {
            write!(f, "artifact is {}, limit {} ({name})", size(*bytes), size(*limit))
        }
        _ => {
            write!(f, "{action} on {name} in {}: {}", if region.is_empty() { "no region" } else { region }, plain(why))
        }
    }?;
    request_id.as_deref().map_or(Ok(()), |id| write!(f, " (request {})", shown(id)))
}

/// One next step, as an imperative sentence.
pub(super) fn hint(report: &Report) -> String {
    let Call { action, subject, region } = &report.call;
    match &report.why {
        Why::Denied { denial, .. } => denial.next_step(action),
        Why::Expired => {
            "run it again with fresh credentials; those of a CodePipeline job last 15 minutes".to_owned()
        }
        Why::Rejected { .. } => {
            "check that key, secret and session token belong together, and the clock of this machine".to_owned()
        }
        Why::NoCredentials(Some(source)) | Why::CredentialsFailed(source) => source.hint.clone(),
        Why::NoCredentials(None) => {
            "give credentials: a role of the function, task or instance, AWS_PROFILE with the name of a profile that \
             exists, or AWS_ACCESS_KEY_ID and its secret"
                .to_owned()
        }
        Why::UnfitCredentials => {
            "take it out: a secret that was stored with `echo` ends with a line break, one stored with `printf %s` does not"
                .to_owned()
        }
        Why::Throttled => format!("run it again later, and look for who else calls {action} in {region}"),
        Why::ServerFault { .. } => "run it again later".to_owned(),
        Why::TimedOut | Why::Unreachable(_) => format!(
            "check the route from here to {} in {region} (VPC endpoint, proxy, security group), then run it again",
            action.split(':').next().unwrap_or(action)
        ),
        Why::Unreadable { .. } => "check the endpoint and the proxy settings: the answer is not from AWS".to_owned(),
        Why::Refused { .. } => "correct the request as AWS says".to_owned(),
        Why::Network(network) => network.hint(),
        Why::NoRegion => "set `region` or the environment variable AWS_REGION".to_owned(),
        Why::NotBuilt(_) => "report this as a defect".to_owned(),
        Why::BadRegion => "write a region such as eu-west-1".to_owned(),
        Why::TaskDefinitionMissing { .. } => {
            "check family, revision, region and account; a family without an ACTIVE revision is not found".to_owned()
        }
        Why::ClusterMissing => format!("check the cluster name and the region {region}"),
        Why::ServiceMissing => "write the service as CLUSTER/SERVICE and check both names".to_owned(),
        Why::ServiceNotActive { .. } => "create the service again or name another one".to_owned(),
        Why::ControllerForbids { .. } => {
            "deploy it through CodeDeploy: `codedeploy-artifact deploy`".to_owned()
        }
        Why::TaskDefinitionRefused { .. } => "correct the task definition as ECS says".to_owned(),
        Why::DeploymentActive { .. } => "wait for it or stop it: `--on-conflict wait` or `--on-conflict stop`".to_owned(),
        Why::DeploymentMissing => {
            "check id, region and account; an id is `d-` and nine characters in upper case".to_owned()
        }
        Why::NotForEcs { .. } => "name an application, group and config of compute platform ECS".to_owned(),
        Why::ApplicationMissing => format!("check the application name, the account and the region {region}"),
        Why::GroupMissing => "check the name of the group and of its application".to_owned(),
        Why::DeploymentConfigMissing => {
            "name a config of the account, or one of AWS such as CodeDeployDefault.ECSAllAtOnce".to_owned()
        }
        Why::NotWaiting { .. } => "look at it with `codedeploy-artifact status`".to_owned(),
        Why::RevisionRefused { .. } => {
            "compare the AppSpec with the AppSpec reference for ECS in the CodeDeploy user guide, and check bucket, key, version and Region of an S3 revision"
                .to_owned()
        }
        Why::RoutingUnknown { .. } => "give the time to wait with `--timeout`".to_owned(),
        Why::ServiceRole { .. } => {
            "let codedeploy.amazonaws.com assume the role, and attach AWSCodeDeployRoleForECS to it".to_owned()
        }
        Why::TargetGroupMissing => "check the target group of the deployment group".to_owned(),
        Why::AssumeDenied { denial, external_id } if by_trust(denial, action) => format!(
            "allow sts:AssumeRole on the role to the caller, and the caller in the role's trust policy{}",
            if *external_id { " with this external id" } else { " (does it ask for an external id?)" }
        ),
        Why::AssumeDenied { denial, .. } => format!("{}{}", denial.next_step(action), carried(denial)),
        Why::ForeignPartition { region: partition, .. } => {
            format!("use a role of partition {partition}, or a region of the role's partition")
        }
        Why::ReadDenied { denial, .. } if denial.action.is_some() => denial.next_step(action),
        Why::ReadDenied { caller: Caller::Own, .. } => format!(
            "allow {action} on {subject} and kms:Decrypt on its key; without s3:ListBucket a missing object looks like \
             this too"
        ),
        Why::ReadDenied { .. } => format!(
            "allow {action} on {subject} and kms:Decrypt on its key to the pipeline's action role (not the function \
             role); without s3:ListBucket a missing object looks like this too"
        ),
        Why::WriteDenied { denial, caller: Caller::Own } => format!(
            "{}, and kms:GenerateDataKey on the key; a bucket policy or SCP may demand encryption by KMS (--kms-key)",
            denial.next_step(action)
        ),
        Why::WriteDenied { denial, .. } => format!(
            "{}; that is the role of the pipeline's action, not of the function; a bucket policy or SCP may demand \
             the header x-amz-server-side-encryption-aws-kms-key-id",
            denial.next_step(action)
        ),
        Why::ObjectMissing => "check that the action that writes the object has run".to_owned(),
        Why::BucketMissing => "check the bucket name".to_owned(),
        Why::BucketElsewhere { region: Some(bucket) } => format!("set the region to {}", shown(bucket)),
        Why::BucketElsewhere { region: None } => "set the region to that of the bucket".to_owned(),
        Why::BodyBroken { .. } => "run it again".to_owned(),
        Why::NotWritten(_) => "free space where temporary files are written".to_owned(),
        Why::NotText => "check that the object is the AppSpec file itself".to_owned(),
        Why::KeyRefused { caller, .. } => enabled_key(*caller, region),
        Why::ObjectTooLarge { .. } => "take large files out of the artifact".to_owned(),
    }
}

/// Where the KMS key of an object is chosen.
fn enabled_key(caller: Caller, region: &str) -> String {
    let place = match caller {
        Caller::Own => "--kms-key, or the default encryption of the bucket",
        Caller::PipelineAction => "the encryption key of the pipeline's artifact store",
    };
    format!("use an enabled key in {region} ({place}); `aws kms enable-key` enables a disabled one again")
}

/// What the failures that every service has in common say.
fn plain(why: &Why) -> String {
    match why {
        Why::Denied { denial, text } => {
            let who = denial.principal.as_deref().map(|who| format!(" for {}", long(who))).unwrap_or_default();
            let reason = denial.reason.as_deref().unwrap_or(text);
            let told = if reason.is_empty() { String::new() } else { format!(": {}", long(reason)) };
            format!("access denied{who}{told}")
        }
        Why::Expired => "the credentials have expired".to_owned(),
        Why::Rejected { code, text } => format!("the credentials are not accepted: {}", told(code, text)),
        Why::NoCredentials(None) => "no AWS credentials found".to_owned(),
        Why::NoCredentials(Some(source)) => format!("no AWS credentials found: {source}"),
        Why::CredentialsFailed(source) => format!("the source of the AWS credentials failed: {source}"),
        Why::UnfitCredentials => "a key or token of the credentials has a blank or a line break in it".to_owned(),
        Why::Throttled => "too many requests (throttled)".to_owned(),
        Why::ServerFault { status } => format!("AWS answered with a server fault (HTTP {status})"),
        Why::TimedOut => "no answer in time".to_owned(),
        Why::Unreachable(text) => format!("no connection: {}", long(text)),
        Why::Unreadable { status } => format!("the answer is not readable (HTTP {status})"),
        Why::Refused { code, status, text } if code.is_empty() => told(&format!("HTTP {status}"), text),
        Why::Refused { code, text, .. } => told(code, text),
        Why::Network(network) => network.to_string(),
        Why::NoRegion => "no region is set".to_owned(),
        Why::NotBuilt(text) => format!("the request could not be built: {}", long(text)),
        _ => String::new(),
    }
}

fn told(code: &str, text: &str) -> String {
    if text.is_empty() { shown(code) } else { format!("{}: {}", shown(code), sentence(text)) }
}

/// AWS's words as the end of a line of ours.
fn sentence(text: &str) -> String {
    long(text.trim().trim_end_matches('.'))
}

/// `kms:Decrypt denied on key …1234 for role x (…)`: which of several policies it takes.
fn refusal(denial: &Denial, action: &str) -> String {
    let denied = denial.action.as_deref().unwrap_or(action);
    let on = match denial.resource.as_deref().and_then(|arn| arn.split_once(":key/")) {
        Some((_, id)) => format!(" on key …{}", shown(id.get(id.len().saturating_sub(4)..).unwrap_or(id))),
        None => String::new(),
    };
    let caller = denial.caller().map(|caller| format!(" for {}", long(&caller))).unwrap_or_default();
    let policies = match (denial.explicit, denied.starts_with("kms:")) {
        (true, _) => "a policy denies it explicitly",
        (false, true) => "key policy, role policy and bucket policy must all allow it",
        (false, false) => "role policy and bucket policy must both allow it",
    };
    format!("{} denied{on}{caller} ({policies})", shown(denied))
}

/// Whether a denied `sts:AssumeRole` may be a matter of the role's trust policy, which is where an external id counts.
fn by_trust(denial: &Denial, action: &str) -> bool {
    denial.action.as_deref().is_none_or(|denied| denied == action)
        && !denial.explicit
        && matches!(denial.policy, None | Some(Policy::Trust | Policy::Resource))
}

/// Why STS evaluates more than `sts:AssumeRole` although no tag and no identity is sent: the session passes its own on.
fn carried(denial: &Denial) -> &'static str {
    match denial.action.as_deref() {
        Some("sts:TagSession") => {
            " (the caller's session has session tags that it passes on, as EKS Pod Identity sets them)"
        }
        Some("sts:SetSourceIdentity") => " (the caller's session has a source identity that it passes on)",
        _ => "",
    }
}

/// Foreign text with room for an ARN or a sentence: 320 characters.
pub(super) fn long(text: &str) -> String {
    safe(text, 320)
}

/// A size as people say it, in decimal units.
fn size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000 => return format!("{bytes} bytes"),
        1_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = bytes / (unit / 10);
    match tenths % 10 {
        0 => format!("{} {name}", tenths / 10),
        rest => format!("{}.{rest} {name}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_decimal_units() {
        let cases = [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1 kB"),
            (256_000_000, "256 MB"),
            (3_449_999, "3.4 MB"),
            (2_100_000_013, "2.1 GB"),
        ];
        for (bytes, expect) in cases {
            assert_eq!(size(bytes), expect);
        }
    }

    #[test]
    fn foreign_text_has_room_for_a_sentence_and_cannot_forge_lines() {
        assert_eq!(long(&"ü".repeat(320)), "ü".repeat(320));
        assert_eq!(long(&"ü".repeat(321)), format!("{}…", "ü".repeat(320)));
        assert_eq!(long("a\n\u{1b}[31mb"), r"a\n\u{1b}[31mb");
    }
}
