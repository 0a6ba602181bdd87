//! Calls to AWS Lambda.

use codedeploy_core::account::facts::Function;
use serde_json::Value;

use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, Protocol, Service, encoded, find, text};

pub(crate) const LAMBDA: Service =
    Service { id: "Lambda", signing: "lambda", host: "lambda", protocol: Protocol::Rest };

/// `GetFunctionConfiguration` of a function by name or ARN, of one of its versions or aliases if a qualifier is given; `None` if
/// it does not exist.
pub async fn function(aws: &Aws, name: &str, qualifier: Option<&str>) -> Result<Option<Function>, AwsError> {
    let call = aws.call("lambda:GetFunctionConfiguration", name)?;
    let query = qualifier.map(|it| format!("?Qualifier={}", encoded(it))).unwrap_or_default();
    let path = format!("/2015-03-31/functions/{}/configuration{query}", encoded(name));
    let found = find(aws, &LAMBDA, &call, Arguments::Path(path), &["ResourceNotFoundException"]).await?;
    let read = |found: &Value, member: &str| text(found, member).unwrap_or_default().to_owned();
    Ok(found.map(|found| Function { arn: read(&found, "/FunctionArn"), state: read(&found, "/State") }))
}
