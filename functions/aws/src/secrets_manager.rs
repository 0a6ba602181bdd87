//! Calls to AWS Secrets Manager. The value of a secret is never read.

use codedeploy_core::account::facts::Secret;
use serde_json::json;

use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, Protocol, Service, find};

pub(crate) const SECRETS_MANAGER: Service = Service {
    id: "Secrets Manager",
    signing: "secretsmanager",
    host: "secretsmanager",
    protocol: Protocol::Json("secretsmanager"),
};

/// `DescribeSecret` by name or ARN; `None` if there is no such secret.
pub async fn describe_secret(aws: &Aws, id: &str) -> Result<Option<Secret>, AwsError> {
    let call = aws.call("secretsmanager:DescribeSecret", id)?;
    let arguments = Arguments::Json(json!({ "SecretId": id }));
    let found = find(aws, &SECRETS_MANAGER, &call, arguments, &["ResourceNotFoundException"]).await?;
    Ok(found.map(|found| Secret { deleted: found.get("DeletedDate").is_some_and(|date| !date.is_null()) }))
}
