//! Reads AWS's own words for "no": who may not do what, on what, and why.

/// As whom S3 is asked: a refusal is mended in another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// The role of the pipeline's action, which came with the job.
    PipelineAction,
    /// The credentials that this program runs with, or a role that they assumed.
    Own,
}

/// What AWS says of a refusal, as far as it says it. Services differ: S3 often says no more than `Access Denied`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Denial {
    /// ARN of the caller.
    pub principal: Option<String>,
    /// IAM action, such as `kms:Decrypt`: often another one than that of the call.
    pub action: Option<String>,
    /// What it was asked for, mostly an ARN.
    pub resource: Option<String>,
    /// AWS's reason, such as `no identity-based policy allows the ecs:DescribeServices action`.
    pub reason: Option<String>,
}

impl Denial {
    /// Reads `User: PRINCIPAL is not authorized to perform: ACTION on resource: RESOURCE because REASON`, each part
    /// optional, as IAM words it for nearly every service.
    pub fn parse(message: &str) -> Denial {
        let (rest, reason) = match message.split_once(" because ") {
            Some((rest, reason)) => (rest, Some(reason)),
            // Older wording: "… on resource: R with an explicit deny [in a service control policy]".
            None => match message.find(" with an explicit deny") {
                Some(at) => (message.get(..at).unwrap_or(message), message.get(at + " with ".len()..)),
                None => (message, None),
            },
        };
        Denial {
            principal: word_after(rest, "User: ").filter(|word| word.starts_with("arn:")),
            action: word_after(rest, "not authorized to perform: ")
                .or_else(|| word_after(rest, "not authorized to perform "))
                .filter(|word| is_action(word)),
            resource: word_after(rest, "on resource: "),
            reason: reason.map(|reason| reason.trim_end_matches('.').to_owned()).filter(|reason| !reason.is_empty()),
        }
    }

    /// The caller in few words: `role NAME` for a role session, else its ARN.
    pub fn caller(&self) -> Option<String> {
        let principal = self.principal.as_deref()?;
        let role = principal.split_once(":assumed-role/").and_then(|(_, rest)| rest.split('/').next());
        Some(role.map_or_else(|| principal.to_owned(), |role| format!("role {role}")))
    }

    /// Whether some policy says no, which no further permission can outweigh.
    pub fn is_explicit(&self) -> bool {
        self.reason.as_deref().is_some_and(|reason| reason.contains("explicit deny"))
    }
}

/// The word that follows `marker`; AWS puts no blank into an ARN or an action.
fn word_after(text: &str, marker: &str) -> Option<String> {
    let (_, rest) = text.split_once(marker)?;
    let word = rest.split_whitespace().next()?.trim_end_matches([',', '.', ';']).trim_matches(['"', '\'']);
    (!word.is_empty()).then(|| word.to_owned())
}

fn is_action(word: &str) -> bool {
    word.split_once(':').is_some_and(|(service, name)| !service.is_empty() && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(message: &str, expect: [Option<&str>; 4]) {
        let denial = Denial::parse(message);
        let found = [&denial.principal, &denial.action, &denial.resource, &denial.reason].map(|part| part.as_deref());
        assert_eq!(found, expect, "{message}");
    }

    #[test]
    fn aws_words_are_taken_apart() {
        check(
            "User: arn:aws:sts::111111111111:assumed-role/fn/fn is not authorized to perform: ecs:DescribeTaskDefinition \
             on resource: * because no identity-based policy allows the ecs:DescribeTaskDefinition action",
            [
                Some("arn:aws:sts::111111111111:assumed-role/fn/fn"),
                Some("ecs:DescribeTaskDefinition"),
                Some("*"),
                Some("no identity-based policy allows the ecs:DescribeTaskDefinition action"),
            ],
        );
        check(
            "User: arn:aws:iam::111111111111:user/ci is not authorized to perform: kms:Decrypt on the resource \
             associated with this ciphertext because the resource does not exist in this Region, no resource-based \
             policies allow access, or a resource-based policy explicitly denies access",
            [
                Some("arn:aws:iam::111111111111:user/ci"),
                Some("kms:Decrypt"),
                None,
                Some(
                    "the resource does not exist in this Region, no resource-based policies allow access, or a \
                     resource-based policy explicitly denies access",
                ),
            ],
        );
        check(
            "User: arn:aws:sts::1:assumed-role/p/s is not authorized to perform: s3:PutObject on resource: \
             \"arn:aws:s3:::b/k\" with an explicit deny in a service control policy",
            [
                Some("arn:aws:sts::1:assumed-role/p/s"),
                Some("s3:PutObject"),
                Some("arn:aws:s3:::b/k"),
                Some("an explicit deny in a service control policy"),
            ],
        );
        check(
            "User: arn:aws:iam::1:user/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::2:role/r",
            [Some("arn:aws:iam::1:user/x"), Some("sts:AssumeRole"), Some("arn:aws:iam::2:role/r"), None],
        );
        check("Access Denied", [None; 4]);
        check("", [None; 4]);
        check("User:  is not authorized to perform: nothing on resource:  because ", [None; 4]);
    }

    #[test]
    fn a_role_session_is_called_by_its_role() {
        let caller = |principal: &str| Denial { principal: Some(principal.to_owned()), ..Denial::default() }.caller();
        assert_eq!(caller("arn:aws:sts::1:assumed-role/codepipeline-x/162429").as_deref(), Some("role codepipeline-x"));
        assert_eq!(caller("arn:aws:iam::1:user/ci").as_deref(), Some("arn:aws:iam::1:user/ci"));
    }
}
