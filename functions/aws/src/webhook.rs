//! Messages to an address outside AWS, through the HTTP client and the proxy of the calls to AWS.

use aws_smithy_runtime_api::client::result::SdkError;
use serde_json::Value;

use crate::config::Aws;
use crate::lean;
use crate::secret::Secret;

/// Posts JSON. The answer is not read: services such as Slack and Teams say `ok` or nothing.
///
/// # Errors
/// What happened in a few words. The URL, which is a credential of such services, is not in it.
pub async fn post(aws: &Aws, url: &Secret, body: &Value) -> Result<(), String> {
    match lean::post(aws, url.expose(), body).await {
        Ok(()) => Ok(()),
        Err(SdkError::ServiceError(answer)) => Err(format!("it answered {}", answer.raw().status().as_u16())),
        Err(SdkError::TimeoutError(_)) => Err("it did not answer in time".to_owned()),
        Err(_) => Err("it could not be reached".to_owned()),
    }
}
