//! Calls to AWS Lambda.

use codedeploy_core::account::facts::Function;
#[cfg(feature = "command-line")]
use codedeploy_core::text::mask::Mask;
use serde_json::Value;

use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, Protocol, Service, encoded, find, text};

pub(crate) const LAMBDA: Service =
    Service { id: "Lambda", signing: "lambda", host: "lambda", protocol: Protocol::Rest };

/// `GetFunctionConfiguration` of a function by name or ARN, of one of its versions or aliases if a qualifier is given; `None` if
/// it does not exist.
pub async fn function(aws: &Aws, name: &str, qualifier: Option<&str>) -> Result<Option<Function>, AwsError> {
    let found = configuration(aws, name, qualifier).await?;
    let read = |found: &Value, member: &str| text(found, member).unwrap_or_default().to_owned();
    Ok(found.map(|found| Function { arn: read(&found, "/FunctionArn"), state: read(&found, "/State") }))
}

/// Where a function logs to, from its `LoggingConfig`, and what must not appear in its log: the values of its environment.
/// `None` if it does not exist.
#[cfg(feature = "command-line")]
pub async fn logging(
    aws: &Aws,
    name: &str,
    qualifier: Option<&str>,
) -> Result<Option<(Option<String>, Mask)>, AwsError> {
    let found = configuration(aws, name, qualifier).await?;
    Ok(found.map(|found| {
        let mut mask = Mask::default();
        let variables = found.pointer("/Environment/Variables").and_then(Value::as_object);
        for (name, value) in variables.into_iter().flatten() {
            mask.add_name(name);
            mask.add_value(value.as_str().unwrap_or_default());
        }
        (text(&found, "/LoggingConfig/LogGroup").map(str::to_owned), mask)
    }))
}

async fn configuration(aws: &Aws, name: &str, qualifier: Option<&str>) -> Result<Option<Value>, AwsError> {
    let call = aws.call("lambda:GetFunctionConfiguration", name)?;
    let query = qualifier.map(|it| format!("?Qualifier={}", encoded(it))).unwrap_or_default();
    let path = format!("/2015-03-31/functions/{}/configuration{query}", encoded(name));
    find(aws, &LAMBDA, &call, Arguments::Path(path), &["ResourceNotFoundException"]).await
}
