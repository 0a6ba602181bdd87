//! Auto scaling that this run has suspended, and how it is restored.

use std::time::Duration;

use codedeploy_aws::auto_scaling;
use codedeploy_aws::config::{Aws, Timeouts};
use codedeploy_aws::error::AwsError;
use codedeploy_core::account::facts::Suspended;
use codedeploy_core::artifact::service::Service;
use codedeploy_core::fault::shown;

/// What is suspended, and what was suspended before.
#[derive(Debug, Clone)]
pub(crate) struct Suspension {
    aws: Aws,
    cluster: String,
    service: String,
    before: Suspended,
}

impl Suspension {
    pub(crate) fn new(aws: Aws, service: &Service, before: Suspended) -> Suspension {
        Suspension { aws, cluster: service.cluster.clone(), service: service.name.clone(), before }
    }

    /// The same with other credentials.
    pub(crate) fn with(self, aws: Aws) -> Suspension {
        Suspension { aws, ..self }
    }

    /// The same with other time limits.
    pub(crate) fn within(&self, timeouts: Timeouts) -> Suspension {
        Suspension { aws: self.aws.with_timeouts(timeouts), ..self.clone() }
    }

    /// `auto scaling of main/web`
    pub(crate) fn name(&self) -> String {
        format!("auto scaling of {}", shown(&self.full_name()))
    }

    /// The request as an abort prints it. There is one for both directions, because the last one counts.
    pub(crate) fn call(&self) -> String {
        format!("RegisterScalableTarget service/{}", shown(&self.full_name()))
    }

    /// Suspends all of it.
    pub(crate) async fn begin(&self) -> Result<(), AwsError> {
        auto_scaling::suspend(&self.aws, &self.cluster, &self.service, Suspended::ALL).await
    }

    /// Gives it the state that it had before.
    pub(crate) async fn end(&self) -> Result<(), AwsError> {
        auto_scaling::suspend(&self.aws, &self.cluster, &self.service, self.before).await
    }

    /// The command that does the same as [`Suspension::end`].
    pub(crate) fn command(&self) -> String {
        self.before.command(&shown(&self.full_name()))
    }

    /// Renews the session if it expires soon: an aborted build has no time for that. Best effort.
    pub(crate) async fn keep_ready(&self) {
        let _ = tokio::time::timeout(Duration::from_secs(5), self.aws.credentials_lifetime()).await;
    }

    fn full_name(&self) -> String {
        format!("{}/{}", self.cluster, self.service)
    }
}
