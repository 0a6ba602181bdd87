//! The next step after a denied request.

use super::{Denial, Policy, arn};
use crate::fault::safe;

/// The longest ARN or list that a next step repeats, in characters.
const LONG: usize = 320;

impl Denial {
    /// One next step: what to allow, on what, to whom, and in which policy. `call` is the IAM action of the call, in
    /// case AWS names none.
    pub fn next_step(&self, call: &str) -> String {
        let step = self.step(call);
        if self.encoded {
            format!("{step}; `aws sts decode-authorization-message` shows why it was denied")
        } else {
            step
        }
    }

    fn step(&self, call: &str) -> String {
        let action = self.action.as_deref().unwrap_or(call);
        let on = self.resource.as_deref().map(|resource| format!(" on {}", safe(resource, LONG))).unwrap_or_default();
        let caller = self.caller().map(|caller| safe(&caller, LONG));
        let who = caller.as_deref().unwrap_or("the caller");
        let to = caller.as_deref().map(|caller| format!(" to {caller}")).unwrap_or_default();
        if let (Some(service), None) = (&self.service, &self.action) {
            return format!(
                "attach the managed policy AWSCodeDeployRoleForECS to {who}: it has no permission for {}",
                safe(service, LONG)
            );
        }
        let action = safe(action, LONG);
        let (kind, of) = resource_policy(&action);
        let resource = self.resource.as_deref().map_or_else(|| of.to_owned(), |name| safe(name, LONG));
        match (self.policy, self.explicit) {
            (None, false) if action.starts_with("sts:") && action != "sts:GetCallerIdentity" => {
                format!("allow {action}{on}{to}, and in the trust policy of the role")
            }
            (None, false) => format!("allow {action}{on}{to}"),
            (Some(Policy::Identity), false) => format!("allow {action}{on}{to} in an identity-based policy"),
            (Some(Policy::Resource), false) => {
                format!("allow {action}{to} in the {kind} of {resource}")
            }
            (Some(Policy::Session), false) => format!(
                "allow {action}{on} in the session policy that was passed to sts:AssumeRole for {who} (CodePipeline and \
                 EKS Pod Identity pass one); adding permissions to the role does not help"
            ),
            (Some(Policy::Boundary), false) => format!("allow {action}{on} in the permissions boundary of {who}"),
            (Some(Policy::ServiceControl), false) => format!(
                "ask the administrator of the AWS organization to allow {action}{on} for {who} in the service control \
                 policies (SCP) of the account"
            ),
            (Some(Policy::ResourceControl), false) => format!(
                "ask the administrator of the AWS organization to allow {action}{on} for {who} in the resource control \
                 policies (RCP)"
            ),
            (Some(Policy::VpcEndpoint), false) => format!("allow {action}{on}{to} in the policy of the VPC endpoint"),
            (Some(Policy::Trust), false) => format!("allow {action}{to} in the trust policy of {resource}"),
            (None, true) => {
                format!("find the policy that denies {action} explicitly (bucket, boundary, SCP) and change it")
            }
            (Some(Policy::ServiceControl), true) => format!(
                "ask the administrator of the AWS organization to change the service control policy (SCP){} that denies \
                 {action} explicitly for {who}",
                self.policy_arn()
            ),
            (Some(Policy::ResourceControl), true) => format!(
                "ask the administrator of the AWS organization to change the resource control policy (RCP){} that denies \
                 {action} explicitly{on}",
                self.policy_arn()
            ),
            (Some(policy), true) => format!(
                "remove the explicit deny of {action}{on} for {who} from the {}{}",
                match policy {
                    Policy::Identity => format!("identity-based policies of {who}"),
                    Policy::Resource => format!("{kind} of {resource}"),
                    Policy::Session => "session policy that was passed to sts:AssumeRole".to_owned(),
                    Policy::Boundary => format!("permissions boundary of {who}"),
                    Policy::Trust => format!("trust policy of {resource}"),
                    _ => "policy of the VPC endpoint".to_owned(),
                },
                self.policy_arn()
            ),
        }
    }

    /// The policy that AWS names, in brackets.
    fn policy_arn(&self) -> String {
        let named = self.reason.as_deref().and_then(|reason| reason.split_whitespace().find_map(arn));
        named.map(|arn| format!(" ({})", safe(&arn, LONG))).unwrap_or_default()
    }
}

/// The name of the resource policy in the service of an action, and the kind of resource.
fn resource_policy(action: &str) -> (&'static str, &'static str) {
    match action.split(':').next() {
        Some("kms") => ("key policy", "the key"),
        Some("s3") => ("bucket policy", "the bucket"),
        Some("ecr") => ("repository policy", "the repository"),
        Some("sts") => ("trust policy", "the role"),
        Some("secretsmanager") => ("resource policy", "the secret"),
        Some("lambda") => ("resource-based policy", "the function"),
        _ => ("resource-based policy", "the resource"),
    }
}
