//! Where and as whom AWS is asked: region, role, external id. Checked by shape before anything is sent, because the
//! SDK builds host names out of a region and because a typing error in a role costs a pipeline run.

use std::fmt;
use std::str::FromStr;

use crate::artifact::request::RequestError;

/// The name of an AWS region, such as `eu-west-1`, checked by shape: the list of regions grows without us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region(String);

impl Region {
    /// The name as AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the word before the number is a direction, as in all Regions so far.
    pub(crate) fn is_plausible(text: &str) -> bool {
        let direction = text.rsplit('-').nth(1).unwrap_or_default();
        ["north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"]
            .contains(&direction)
    }
}

impl FromStr for Region {
    type Err = RequestError;

    fn from_str(text: &str) -> Result<Self, RequestError> {
        let mut parts = text.split('-');
        let letters = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
        let head = parts.next().is_some_and(|part| letters(part) && (2..=4).contains(&part.len()));
        let number = parts
            .next_back()
            .is_some_and(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
        let middle: Vec<&str> = parts.collect();
        if head && number && !middle.is_empty() && middle.into_iter().all(letters) && text.len() <= 32 {
            Ok(Region(text.to_owned()))
        } else {
            Err(RequestError::Region { got: text.to_owned() })
        }
    }
}

/// The ARN of an IAM role: `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleArn {
    arn: String,
    account: String,
}

impl RoleArn {
    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.arn
    }

    /// The twelve digits of the account that owns the role.
    pub fn account(&self) -> &str {
        &self.account
    }
}

impl FromStr for RoleArn {
    type Err = RequestError;

    fn from_str(text: &str) -> Result<Self, RequestError> {
        let refuse =
            |problem| Err(RequestError::RoleArn { name: "`role_arn`".to_owned(), got: text.to_owned(), problem });
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else {
            return refuse("must look like arn:aws:iam::123456789012:role/NAME");
        };
        if partition != &"aws" && !partition.starts_with("aws-") {
            return refuse("partition must be aws, aws-cn, aws-us-gov or another aws- partition");
        }
        if !is_account(account) {
            return refuse("account must be 12 digits");
        }
        let Some(name) = resource.strip_prefix("role/") else {
            return refuse("must be the ARN of a role (…:role/NAME)");
        };
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-/".contains(&byte);
        if name.is_empty() || name.ends_with('/') || text.len() > 2048 || !name.bytes().all(allowed) {
            return refuse("role name must be 1-64 characters of A-Z a-z 0-9 + = , . @ _ -");
        }
        Ok(RoleArn { arn: text.to_owned(), account: (*account).to_owned() })
    }
}

/// True for the twelve digits of an AWS account id.
pub fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// True for the names of clusters, services, families and containers: 1-255 letters, digits, hyphens and underscores.
pub fn is_ecs_name(text: &str) -> bool {
    (1..=255).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// The external id that a role's trust policy asks for. Treated as a secret: `Debug` prints `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct ExternalId(String);

impl ExternalId {
    /// The value, for the `AssumeRole` call only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for ExternalId {
    type Err = RequestError;

    /// [AssumeRole](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html): 2-1224 characters.
    fn from_str(text: &str) -> Result<Self, RequestError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@:/-_".contains(&byte);
        if (2..=1224).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(ExternalId(text.to_owned()))
        } else {
            Err(RequestError::ExternalId("`external_id`".to_owned()))
        }
    }
}

impl fmt::Debug for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExternalId(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_checked_by_shape() {
        for good in ["eu-west-1", "us-gov-west-1", "cn-north-1", "ap-southeast-12", "us-isob-east-1", "eusc-de-east-1"]
        {
            assert_eq!(Region::from_str(good).expect(good).as_str(), good);
        }
        for bad in [
            "",
            "eu",
            "eu-1",
            "eu-west",
            "eu--1",
            "EU-west-1",
            "eu-west-1 ",
            "eu-west-111",
            "us-east-1.evil.com/#",
            "x@attacker.com:443/#",
            "eu-west-1\n",
            "europa-west-1",
        ] {
            assert!(Region::from_str(bad).is_err(), "{bad:?} was accepted");
        }
    }

    #[test]
    fn role_arns_name_their_fault() {
        let problem = |text: &str| RoleArn::from_str(text).err().map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(problem("arn:aws:iam::123456789012:role/path/x"), "");
        assert_eq!(problem("arn:aws-cn:iam::123456789012:role/x"), "");
        assert!(problem("arn:aws:iam::123:role/x").contains("account must be 12 digits"));
        assert!(problem("arn:aws:iam::123456789012:user/x").contains("ARN of a role"));
        assert!(problem("arn:evil:iam::123456789012:role/x").contains("partition"));
        assert!(problem("x").contains("must look like"));
        assert!(problem("arn:aws:iam::123456789012:role/").contains("role name"));
    }

    #[test]
    fn external_ids_are_secrets() {
        let secret = ExternalId::from_str("tools:prod/7f").expect("a legal external id");
        assert_eq!(format!("{secret:?}"), "ExternalId(***)");
        for bad in ["", "x", "with blank", "ümlaut", &"x".repeat(1225)] {
            let error = ExternalId::from_str(bad).expect_err(bad);
            assert!(bad.len() < 3 || !error.to_string().contains(bad));
        }
    }
}
