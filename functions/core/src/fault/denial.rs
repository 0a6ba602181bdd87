//! Parses AWS's messages about a denied request: principal, action and resource, the kind of policy that denies it, and
//! where to change that.
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>

mod step;

/// A denied request as far as AWS describes it. Services differ: S3 often answers only `Access Denied`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Denial {
    /// ARN of the caller, or of the role that lacks the permission.
    pub principal: Option<String>,
    /// IAM action, such as `kms:Decrypt`, which is often not the action of the call.
    pub action: Option<String>,
    /// The resource, usually an ARN.
    pub resource: Option<String>,
    /// AWS's reason, such as `no identity-based policy allows the ecs:DescribeServices action`.
    pub reason: Option<String>,
    /// The kind of policy that denied it, if the reason names one.
    pub policy: Option<Policy>,
    /// Whether a `Deny` statement matched, which overrides every permission.
    pub explicit: bool,
    /// Whether AWS added an encoded authorization failure message, as Amazon EC2 does.
    pub encoded: bool,
    /// The AWS service that a role may not use, if CodeDeploy names the service only, such as `AWSLambda`.
    pub service: Option<String>,
}

/// The kinds of policies that IAM evaluates.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// Attached to the user, group or role.
    Identity,
    /// Attached to the resource, such as a bucket policy or a key policy.
    Resource,
    /// Passed to `sts:AssumeRole`.
    Session,
    /// The permissions boundary of the user or role.
    Boundary,
    /// Service control policy (SCP) of the organization.
    ServiceControl,
    /// Resource control policy (RCP) of the organization.
    ResourceControl,
    /// The policy of a VPC endpoint.
    VpcEndpoint,
    /// The trust policy of the role to assume.
    Trust,
}

/// AWS's names of the kinds, in lower case.
const KINDS: [(&str, Policy); 9] = [
    ("service control polic", Policy::ServiceControl),
    ("resource control polic", Policy::ResourceControl),
    ("vpc endpoint polic", Policy::VpcEndpoint),
    ("permissions boundar", Policy::Boundary),
    ("session polic", Policy::Session),
    ("trust polic", Policy::Trust),
    ("identity-based polic", Policy::Identity),
    ("resource-based polic", Policy::Resource),
    ("key polic", Policy::Resource),
];

/// The text before the action, in lower case.
const NOT_AUTHORIZED: [&str; 4] = [
    "not authorized to perform: ",
    "not authorized to perform ",
    "does not have permission to perform: ",
    "does not have permission to perform ",
];

/// Texts of a denial that name no action, in lower case.
const DENIED: [&str; 15] = [
    "not authorized to",
    "access denied",
    "accessdenied",
    "access is denied",
    "permission denied by",
    "unauthorizedoperation",
    "notauthorized",
    "does not have permission",
    "does not have sufficient permission",
    "does not have enough permissions",
    "insufficient permissions",
    "not sufficient permissions",
    "missing permissions on",
    "cross-account pass role is not allowed",
    "access to kms is not allowed",
];

impl Denial {
    /// Parses the message of a denial: `User: PRINCIPAL is not authorized to perform: ACTION on resource: RESOURCE
    /// because REASON`, or `with REASON`, each part optional, as IAM words it for nearly every service; and
    /// CodeDeploy's `The IAM role ROLE does not give you permission to perform operations in the following AWS service:
    /// SERVICE`.
    pub fn parse(message: &str) -> Denial {
        let lower = message.to_ascii_lowercase();
        let encoded = lower.contains("encoded authorization failure message");
        if let Some(service) = after(message, &lower, "operations in the following aws service:") {
            let service = first_word(service);
            return Denial {
                principal: message.split_whitespace().find_map(role_arn),
                action: service.as_deref().and_then(action_of).map(str::to_owned),
                service,
                ..Denial::default()
            };
        }
        let marker = NOT_AUTHORIZED.iter().find_map(|marker| lower.find(marker).map(|at| (at, at + marker.len())));
        let (before, rest) = match marker {
            Some((start, end)) => (part(message, 0, start), part(message, end, message.len())),
            None => (message, message),
        };
        let (rest, reason) = reason_of(rest);
        let policy = reason.as_deref().and_then(|reason| {
            let reason = reason.to_ascii_lowercase();
            KINDS.iter().find(|(name, _)| reason.contains(name)).map(|(_, policy)| *policy)
        });
        Denial {
            principal: before
                .rsplit_once("User: ")
                .and_then(|(_, rest)| first_word(rest))
                .or_else(|| marker.and_then(|_| before.split_whitespace().rev().find_map(arn)))
                .filter(|word| word.starts_with("arn:")),
            action: marker.and_then(|_| first_word(rest)).filter(|word| is_action(word)),
            resource: resource_of(rest),
            explicit: reason.as_deref().is_some_and(|reason| reason.to_ascii_lowercase().contains("explicit deny")),
            reason,
            policy,
            encoded,
            service: None,
        }
    }

    /// The denial that a text reports, if it reports one.
    pub fn find(text: &str) -> Option<Denial> {
        let denial = Denial::parse(text);
        let lower = text.to_ascii_lowercase();
        let told = denial.is_precise() || denial.encoded || DENIED.iter().any(|part| lower.contains(part));
        told.then_some(denial)
    }

    /// Whether AWS reports details of the denial.
    pub fn is_precise(&self) -> bool {
        self.action.is_some() || self.service.is_some()
    }

    /// The caller in short: `role NAME` for a role or its session, else its ARN.
    pub fn caller(&self) -> Option<String> {
        let principal = self.principal.as_deref()?;
        let session = principal.split_once(":assumed-role/").and_then(|(_, rest)| rest.split('/').next());
        let role = session.or_else(|| principal.split_once(":role/").and_then(|(_, path)| path.rsplit('/').next()));
        Some(role.map_or_else(|| principal.to_owned(), |role| format!("role {role}")))
    }
}

/// The action that CodeDeploy needs in a service, if it is one.
fn action_of(service: &str) -> Option<&'static str> {
    match service {
        "AWSLambda" => Some("lambda:InvokeFunction"),
        "AmazonCloudWatch" => Some("cloudwatch:DescribeAlarms"),
        "AmazonSNS" => Some("sns:Publish"),
        _ => None,
    }
}

/// The text up to the reason, and the reason.
fn reason_of(text: &str) -> (&str, Option<String>) {
    let lower = text.to_ascii_lowercase();
    // Older wording: "… on resource: R with an explicit deny [in a service control policy]".
    let starts = [
        (" because ", " because ".len()),
        (" with an explicit deny", " with ".len()),
        (" due to an explicit deny", " due to ".len()),
    ];
    let found = starts.iter().filter_map(|(marker, skip)| lower.find(marker).map(|at| (at, at + skip))).min();
    let Some((end, start)) = found else { return (text, None) };
    let reason = part(text, start, text.len());
    // The text that follows is about the call, or belongs to the service around it.
    let ends = [" (Service: ", ". ", "\n", ", requestid", ", request id", " Encoded authorization"];
    let lower = reason.to_ascii_lowercase();
    let length = ends.iter().filter_map(|end| lower.find(&end.to_ascii_lowercase())).min().unwrap_or(reason.len());
    let reason = part(reason, 0, length).trim().trim_end_matches(['.', ';', ',']);
    (part(text, 0, end), (!reason.is_empty()).then(|| reason.to_owned()))
}

/// The word after `on resource:`, which old texts write without the colon.
fn resource_of(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let rest = after(text, &lower, "on resource")?;
    let rest = rest.strip_prefix("(s)").or_else(|| rest.strip_prefix('s')).unwrap_or(rest);
    first_word(rest.strip_prefix(':').unwrap_or(rest))
}

fn after<'a>(text: &'a str, lower: &str, marker: &str) -> Option<&'a str> {
    lower.find(marker).and_then(|at| text.get(at + marker.len()..))
}

/// A part by byte positions. Both come from a search, so they are character boundaries.
fn part(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

/// The first word: ARNs and actions contain no space.
fn first_word(text: &str) -> Option<String> {
    let word = bare(text.split_whitespace().next()?);
    (!word.is_empty()).then(|| word.to_owned())
}

fn bare(word: &str) -> &str {
    word.trim_end_matches([',', '.', ';', ':', ')']).trim_matches(['"', '\'', '`', '('])
}

fn arn(word: &str) -> Option<String> {
    Some(bare(word)).filter(|word| word.starts_with("arn:")).map(str::to_owned)
}

fn role_arn(word: &str) -> Option<String> {
    arn(word).filter(|arn| arn.contains(":role/") || arn.contains(":assumed-role/"))
}

fn is_action(word: &str) -> bool {
    word.split_once(':').is_some_and(|(service, name)| {
        let letters = |text: &str| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-*".contains(&byte))
        };
        letters(service) && letters(name)
    })
}

#[cfg(test)]
mod tests;
