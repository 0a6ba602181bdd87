//! Sends `StopDeployment` and records it for an abort.

use codedeploy_aws::codedeploy::{Stopped, stop_deployment};
use codedeploy_aws::config::Aws;
use codedeploy_aws::error::AwsError;
use codedeploy_core::fault::shown;

use super::begun::Begun;

/// Stops a deployment. `rollback` overrides its automatic rollback.
pub(crate) async fn stop(aws: &Aws, id: &str, rollback: Option<bool>, begun: &Begun) -> Result<Stopped, AwsError> {
    let name = shown(id);
    let then = if rollback == Some(true) { " and rolled back" } else { "" };
    let (call, done) = (format!("StopDeployment {name}"), format!("deployment {name} is being stopped{then}"));
    begun.change(call, done, stop_deployment(aws, id, rollback)).await
}
