//! One revision of a task definition.

use std::str::FromStr;

use super::arn::Arn;
use super::ecs::is_ecs_name;
use super::error::NameError;

/// The ARN of one revision: `arn:PARTITION:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`.
///
/// CodeDeploy accepts any text when a deployment is created, and fails the deployment later: `Invalid revision number`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionArn(String);

impl RevisionArn {
    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its family.
    pub fn family(&self) -> &str {
        let name = self.0.rsplit_once('/').map_or("", |(_, name)| name);
        name.split(':').next().unwrap_or_default()
    }
}

impl FromStr for RevisionArn {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let named = named_by_arn(text).unwrap_or_default();
        match split(named) {
            Some((_, Some(_))) => Ok(RevisionArn(text.to_owned())),
            Some((family, None)) => Err(NameError {
                problem: "is not the ARN of a revision: it has no revision number",
                hint: format!("add the number: …:task-definition/{family}:REVISION"),
            }),
            None => Err(NameError {
                problem: "is not the ARN of a revision",
                hint: "write arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION".to_owned(),
            }),
        }
    }
}

/// True for a family, `FAMILY:REVISION`, or an ARN of either.
pub(crate) fn is_task_definition_name(text: &str) -> bool {
    let name = if text.starts_with("arn:") { named_by_arn(text) } else { Some(text) };
    name.and_then(split).is_some()
}

/// `FAMILY:REVISION` of an ARN.
fn named_by_arn(arn: &str) -> Option<&str> {
    Arn::regional(arn, "ecs")?.resource.strip_prefix("task-definition/")
}

/// Family and revision. A family is 1-255 letters, digits, hyphens and underscores; a revision is a number above 0.
/// [RegisterTaskDefinition](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html)
fn split(name: &str) -> Option<(&str, Option<u32>)> {
    let number = |text: &str| text.parse().ok().filter(|number| *number > 0 && !text.starts_with('+'));
    let (family, revision) = match name.split_once(':') {
        None => (name, None),
        Some((family, revision)) => (family, Some(number(revision)?)),
    };
    is_ecs_name(family).then_some((family, revision))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_arn_of_a_revision_is_one() {
        for arn in [
            "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7",
            "arn:aws-cn:ecs:cn-north-1:123456789012:task-definition/a_b-c:1",
            "arn:aws-us-gov:ecs:us-gov-west-1:123456789012:task-definition/web:4294967295",
        ] {
            assert!(arn.parse::<RevisionArn>().is_ok_and(|parsed| parsed.as_str() == arn), "{arn}");
            assert!(is_task_definition_name(arn), "{arn}");
        }
        for text in [
            "",
            "web:7",
            "arn:aws:ecs:eu-west-1:123456789012:task-definition/web",
            "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:",
            "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:x",
            "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:0",
            "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:+7",
            "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7:8",
            "arn:aws:ecs:eu-west-1:123456789012:task-definition/we.b:7",
            "arn:aws:ecs:eu-west-1:123456789012:task-definition/w b:7",
            "arn:aws:ecs:eu-west-1:12345678901:task-definition/web:7",
            "arn:aws:ecs::123456789012:task-definition/web:7",
            "arn:aws:iam:eu-west-1:123456789012:task-definition/web:7",
            "arn:awsx:ecs:eu-west-1:123456789012:task-definition/web:7",
            "arn:aws:ecs:eu-west-1:123456789012:service/web:7",
        ] {
            assert!(text.parse::<RevisionArn>().is_err(), "{text}");
        }
        let long = format!("arn:aws:ecs:eu-west-1:123456789012:task-definition/{}:7", "a".repeat(256));
        assert!(long.parse::<RevisionArn>().is_err());
    }

    #[test]
    fn a_task_definition_may_be_described_by_less() {
        for text in ["web", "web:7", "arn:aws:ecs:eu-west-1:123456789012:task-definition/web"] {
            assert!(is_task_definition_name(text), "{text}");
        }
        for text in ["", "we.b", "web:0", "web:", "arn:aws:ecs:eu-west-1:123456789012:service/web"] {
            assert!(!is_task_definition_name(text), "{text}");
        }
    }
}
