//! The configuration of calls to AWS: Region, credentials, timeouts, retries and the HTTP client of the process.

mod certificates;
mod client;
mod endpoints;
mod fit;
#[cfg(feature = "command-line")]
mod lifetime;
mod opening;
mod origin;
mod proxies;
mod timeouts;

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, ConfigLoader, Region, SdkConfig};
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_types::sdk_ua_metadata::FrameworkMetadata;
use codedeploy_core::artifact::request;
use codedeploy_core::names;

use crate::call::Call;
use crate::error::{AwsError, Why};
use crate::faults;
use crate::secret::Credentials;

use client::{Client, Settings};
use fit::Fit;
use origin::Origin;

pub use client::POOL_IDLE;
#[cfg(feature = "command-line")]
pub use lifetime::Lifetime;
pub use timeouts::Timeouts;

pub(crate) use client::bounded;
pub(crate) use opening::OpenOnly;

/// A response body that stalls for this long is an error.
const STALLED: Duration = Duration::from_secs(5);
/// Attempts of one call, the first included.
const ATTEMPTS: u32 = 3;
/// The maximum of the first random pause between attempts, and of any pause.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(2));

/// The region, the credentials and the connections of calls to AWS. Cheap to clone; every value derived from another shares its connections.
#[derive(Clone)]
pub struct Aws(SdkConfig);

/// Reads region, credentials and endpoints as every AWS tool does (the default chain; `AWS_ENDPOINT_URL`, FIPS and
/// dual-stack included), the proxies (`HTTPS_PROXY`, `NO_PROXY`, …) and the private CA (`AWS_CA_BUNDLE`,
/// `SSL_CERT_FILE`). Empty variables are treated as unset.
///
/// A Region name of the wrong form is refused, wherever it comes from, because the SDK builds host names from it: with
/// `x@example.org/#`, signed calls would go elsewhere. Without a Region, the value is created anyway, and each call is
/// refused.
///
/// # Errors
/// `PAR07`; `AWS04` for a profile that does not exist, if nothing else names a Region; `NET01`, `NET02` and `NET06` for
/// invalid certificates, proxies and endpoints.
pub async fn from_environment(region: Option<&str>, timeouts: Timeouts) -> Result<Aws, AwsError> {
    let settings = Settings::read(variable)?;
    let sdk = load(loader(timeouts, settings), region).await?;
    endpoints::check(&sdk)?;
    #[cfg(feature = "command-line")]
    origin::told::settings(&sdk, region).await;
    // The Region of a profile is missing because the profile is.
    if sdk.region().is_none()
        && let Some(source) = origin::without_profile().await
    {
        return Err(Why::NoCredentials.because(faults::source_absent(&source.problem).with_hint(&source.hint)).into());
    }
    Aws::of(&sdk)
}

/// Like [`from_environment`], but ignores proxies, a private CA and invalid endpoints, so that their errors can be
/// reported.
pub async fn without_network_settings(timeouts: Timeouts) -> Result<Aws, AwsError> {
    Aws::of(&load(loader(timeouts, Settings::of_system()), None).await?)
}

async fn load(mut loader: ConfigLoader, region: Option<&str>) -> Result<SdkConfig, AwsError> {
    if let Some(region) = region {
        loader = loader.region(checked(region)?);
    }
    Ok(loader.load().await)
}

impl Aws {
    fn of(sdk: &SdkConfig) -> Result<Aws, AwsError> {
        let aws = Aws(endpoints::usable(sdk));
        aws.region().map(checked).transpose()?;
        Ok(match sdk.credentials_provider() {
            Some(provider) => aws.with_provider(Origin(provider)),
            None => aws,
        })
    }

    /// The same credentials in another region.
    pub fn with_region(&self, region: &str) -> Result<Aws, AwsError> {
        Ok(Aws(self.0.to_builder().region(checked(region)?).build()))
    }

    /// Uses other credentials, which are not renewed.
    #[must_use]
    pub fn with_credentials(&self, credentials: &Credentials) -> Aws {
        self.with_provider(credentials.as_sdk(None))
    }

    /// Uses another source of credentials.
    pub(crate) fn with_provider(&self, provider: impl ProvideCredentials + 'static) -> Aws {
        Aws(self.0.to_builder().credentials_provider(SharedCredentialsProvider::new(Fit(provider))).build())
    }

    /// Other time limits on the same connections.
    #[must_use]
    pub fn with_timeouts(&self, timeouts: Timeouts) -> Aws {
        Aws(self.0.to_builder().timeout_config(timeouts.config()).build())
    }

    /// The region, if one is known. An empty `AWS_REGION` is treated as unset: build systems set empty variables.
    pub fn region(&self) -> Option<&str> {
        self.0.region().map(AsRef::as_ref).filter(|region: &&str| !region.is_empty())
    }

    pub(crate) fn sdk(&self) -> &SdkConfig {
        &self.0
    }

    /// The time limit of a whole call, for the parts that the SDK does not time: the body of a download.
    pub(crate) fn operation_timeout(&self) -> Duration {
        self.0.timeout_config().and_then(TimeoutConfig::operation_timeout).unwrap_or(Timeouts::default().operation)
    }

    /// Whether calls go to a host that the user chose, for all services or for the one with this id (`S3`).
    pub(crate) fn has_own_endpoint(&self, service_id: &str) -> bool {
        self.0.endpoint_url().is_some() || endpoints::of(&self.0, service_id).is_some()
    }

    /// A call in the current region, for messages. Without a region it is an error (`AWS12`).
    pub(crate) fn call(&self, action: &'static str, subject: impl Into<String>) -> Result<Call, AwsError> {
        let call = Call { action, subject: subject.into(), region: self.region().unwrap_or_default().to_owned() };
        if call.region.is_empty() { Err(faults::no_region().within(call).into()) } else { Ok(call) }
    }
}

impl std::fmt::Debug for Aws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Aws").field("region", &self.region()).finish_non_exhaustive()
    }
}

/// The endpoint that the user has chosen for the service with this id (`ECR`), for it alone or for all.
pub(crate) fn own_endpoint(sdk: &SdkConfig, service_id: &str) -> Option<String> {
    endpoints::of(sdk, service_id).or_else(|| sdk.endpoint_url().map(str::to_owned))
}

fn loader(timeouts: Timeouts, settings: Settings) -> ConfigLoader {
    let loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
        .http_client(Client::new(settings))
        .timeout_config(timeouts.config())
        .stalled_stream_protection(StalledStreamProtectionConfig::enabled().grace_period(STALLED).build())
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(ATTEMPTS)
                .with_initial_backoff(BACKOFF.0)
                .with_max_backoff(BACKOFF.1),
        );
    match FrameworkMetadata::new("codedeploy-artifact", Some(env!("CARGO_PKG_VERSION"))) {
        Ok(name) => loader.framework_metadata(name),
        Err(_) => loader,
    }
}

#[expect(clippy::disallowed_methods, reason = "network settings come from the environment, as for every tool")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn checked(region: &str) -> Result<Region, AwsError> {
    let region: names::Region = region.parse().map_err(|_| request::region(region))?;
    Ok(Region::new(region.as_str().to_owned()))
}

#[cfg(test)]
pub(crate) mod tests;
