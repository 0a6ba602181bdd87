//! An IAM role to assume, and its external ID. A typing error in either costs a pipeline run, so their form is checked
//! before anything is sent.

use std::fmt;
use std::str::FromStr;

use super::arn::{Arn, is_account};
use super::error::NameError;

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
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let refuse = |problem| {
            let hint = "give an ARN such as arn:aws:iam::123456789012:role/deploy-reader".to_owned();
            Err(NameError { problem, hint })
        };
        let Some(Arn { partition, service: "iam", region: "", account, resource }) = Arn::parse(text) else {
            return refuse("must look like arn:aws:iam::123456789012:role/NAME");
        };
        if partition != "aws" && !partition.starts_with("aws-") {
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
        Ok(RoleArn { arn: text.to_owned(), account: account.to_owned() })
    }
}

/// The external ID that the trust policy of a role requires. Treated as a secret: `Debug` prints `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct ExternalId(String);

impl ExternalId {
    /// The value, for the `AssumeRole` call only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for ExternalId {
    type Err = NameError;

    /// [AssumeRole](https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html): 2-1224 characters.
    fn from_str(text: &str) -> Result<Self, NameError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@:/-_".contains(&byte);
        if (2..=1224).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(ExternalId(text.to_owned()))
        } else {
            Err(NameError {
                problem: "must be 2-1224 characters of A-Z a-z 0-9 + = , . @ : / - _",
                hint: "copy the external id from the condition in the role's trust policy".to_owned(),
            })
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
