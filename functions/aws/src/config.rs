//! How AWS is reached: region, credentials, time-outs, retries and the one HTTP client of the process.

mod certificates;
mod client;
mod endpoints;
mod fit;
#[cfg(feature = "command-line")]
mod lifetime;
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
use codedeploy_core::names::identity;

use crate::error::{AwsError, Call, Network, Why};
use crate::secret::Credentials;

use client::{Client, Settings};
use fit::Fit;
use origin::Origin;

#[cfg(feature = "command-line")]
pub use lifetime::Lifetime;
pub use timeouts::Timeouts;

/// A body that stands still for so long is given up.
const STALLED: Duration = Duration::from_secs(5);
/// Attempts of one call, the first included.
const ATTEMPTS: u32 = 3;
/// Upper bound of the first random pause between attempts, and of any.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(2));

/// Where and as whom AWS is called. Cheap to clone; every value derived from another shares its connections.
#[derive(Clone)]
pub struct Aws(SdkConfig);

/// Reads region, credentials and endpoints as every AWS tool does (the default chain; `AWS_ENDPOINT_URL`, FIPS and
/// dual-stack included), the proxies (`HTTPS_PROXY`, `NO_PROXY`, …) and the private CA (`AWS_CA_BUNDLE`, `SSL_CERT_FILE`).
/// An endpoint or a proxy that is set to nothing is not set.
///
/// Nothing is sent with a region name of the wrong shape, wherever it comes from: the SDK builds host names of it, so
/// `x@example.org/#` would send signed calls elsewhere. Without any region the value is made all the same, and
/// each call refuses.
///
/// # Errors
/// `PAR07`; `AWS04` for a profile that is not there, if nothing else names a Region; `NET01`, `NET02` and `NET06` for certificates, proxies and endpoints that cannot be what was meant.
pub async fn from_environment(region: Option<&str>, timeouts: Timeouts) -> Result<Aws, AwsError> {
    let settings = Settings::read(variable).map_err(Network::before_any_call)?;
    let sdk = load(loader(timeouts, settings), region).await?;
    endpoints::check(&sdk).map_err(Network::before_any_call)?;
    // The Region of a profile is missing because the profile is.
    if sdk.region().is_none()
        && let Some(source) = origin::without_profile().await
    {
        return Err(Call::before_any().failed(Why::NoCredentials(Some(source))));
    }
    Aws::of(&sdk)
}

/// Like [`from_environment`] without proxies, private CA and endpoints that are none: the way out for a report that
/// these are set wrongly.
pub async fn without_network_settings(timeouts: Timeouts) -> Result<Aws, AwsError> {
    Aws::of(&load(loader(timeouts, Settings::default()), None).await?)
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

    /// Other credentials, as they are: they are not renewed.
    #[must_use]
    pub fn with_credentials(&self, credentials: &Credentials) -> Aws {
        self.with_provider(credentials.as_sdk(None))
    }

    /// Another source of credentials.
    pub(crate) fn with_provider(&self, provider: impl ProvideCredentials + 'static) -> Aws {
        Aws(self.0.to_builder().credentials_provider(SharedCredentialsProvider::new(Fit(provider))).build())
    }

    /// Other time limits on the same connections.
    #[must_use]
    pub fn with_timeouts(&self, timeouts: Timeouts) -> Aws {
        Aws(self.0.to_builder().timeout_config(timeouts.config()).build())
    }

    /// The region, where one is known. An empty `AWS_REGION` is none: build systems set variables to nothing.
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

    /// Opens a call: what messages about it name. Refuses where there is no region to send it to.
    pub(crate) fn call(&self, action: &'static str, subject: impl Into<String>) -> Result<Call, AwsError> {
        let call = Call { action, subject: subject.into(), region: self.region().unwrap_or_default().to_owned() };
        if call.region.is_empty() { Err(call.failed(Why::NoRegion)) } else { Ok(call) }
    }
}

impl std::fmt::Debug for Aws {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Aws").field("region", &self.region()).finish_non_exhaustive()
    }
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

#[expect(clippy::disallowed_methods, reason = "how the network is left is set in the environment, as for every tool")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn checked(region: &str) -> Result<Region, AwsError> {
    if region.parse::<identity::Region>().is_ok() {
        return Ok(Region::new(region.to_owned()));
    }
    let call = Call { action: "", subject: region.to_owned(), region: String::new() };
    Err(call.failed(Why::BadRegion))
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write;
    use std::process::Command;

    use super::*;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::fault::{Explain, Kind};
    use expect_test::expect;

    /// The production set-up, pointed at a fake AWS on this machine.
    pub(crate) async fn aws_at(endpoint: &str, timeouts: Timeouts) -> Aws {
        let credentials = Credentials {
            access_key_id: "AKIDPLANTED".to_owned(),
            secret_access_key: "planted-secret".to_owned().into(),
            session_token: Some("planted-token".to_owned().into()),
        };
        let loader = loader(timeouts, Settings::default());
        let sdk = loader.region("eu-west-1").no_credentials().endpoint_url(endpoint).load().await;
        Aws(sdk).with_credentials(&credentials)
    }

    #[test]
    fn regions_are_checked_by_shape() {
        for good in ["eu-west-1", "us-gov-east-1", "us-isob-east-1", "eusc-de-east-1", "ap-southeast-11"] {
            assert!(checked(good).is_ok(), "{good}");
        }
        let bad = [
            "",
            "eu",
            "eu-1",
            "eu-west",
            "eu-west-",
            "eu--1",
            "EU-west-1",
            "eu-west-111",
            "eu-west-1.evil.com/#",
            "x@evil.com:443/#",
            "eu-west-1\n",
            "e-west-1",
            "europe-west-1",
            "-eu-west-1",
            "eu-w3st-1",
        ];
        for bad in bad {
            let error = checked(bad).unwrap_err();
            assert_eq!((error.code(), error.kind()), ("PAR07", Kind::Configuration), "{bad}");
        }
        assert_eq!(
            checked("us-east-1.evil.com/#").unwrap_err().to_string(),
            "\"us-east-1.evil.com/#\" is not an AWS region name"
        );
    }

    #[tokio::test]
    async fn what_is_derived_shares_its_connections() {
        let good = || Answer::json(200, r#"{"taskDefinition":{},"services":[]}"#);
        let fake = FakeAws::start((0..5).map(|_| good()).collect());
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let other = Credentials {
            access_key_id: "AKIDOTHER".to_owned(),
            secret_access_key: "other".to_owned().into(),
            session_token: None,
        };
        let derived = [
            aws.clone(),
            aws.with_credentials(&other),
            aws.with_region("us-east-1").unwrap(),
            aws.with_timeouts(Timeouts::within(Duration::from_secs(2))),
        ];
        for aws in derived {
            crate::ecs::describe_task_definition(&aws, "app").await.unwrap();
        }
        let success = crate::codepipeline::Success { job_id: "x".to_owned(), ..Default::default() };
        crate::codepipeline::put_success(&aws, &success, Duration::from_secs(1)).await.unwrap();
        assert_eq!((fake.requests().len(), fake.connections()), (5, 1));
        let keys: Vec<bool> = fake
            .requests()
            .iter()
            .map(|request| request.header("authorization").unwrap().contains("AKIDOTHER"))
            .collect();
        assert_eq!(keys, [false, true, false, false, false]);
    }

    /// Runs one of the `child` tests below in a process of its own, because tests must not change their environment.
    fn in_environment(test: &str, variables: &[(&str, &str)]) -> String {
        let mut child = Command::new(std::env::current_exe().unwrap());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
            child.env_remove(name);
        }
        let nothing_else = [("AWS_EC2_METADATA_DISABLED", "true"), ("HOME", "/nonexistent"), ("NO_PROXY", "127.0.0.1")];
        child.envs(nothing_else).envs(variables.iter().copied());
        child.args([&format!("config::tests::child::{test}"), "--exact", "--ignored", "--nocapture"]);
        let output = child.output().unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        let said = printed.lines().find_map(|line| line.split_once("child says: ").map(|(_, said)| said.to_owned()));
        said.unwrap_or_else(|| panic!("the child said nothing: {printed}"))
    }

    #[test]
    fn the_environment_gives_region_credentials_and_endpoint() {
        let fake = FakeAws::start(vec![Answer::json(200, r#"{"taskDefinition":{}}"#)]);
        let credentials = [("AWS_ACCESS_KEY_ID", "AKIDENV"), ("AWS_SECRET_ACCESS_KEY", "planted-secret")];
        let all =
            |region| [&credentials[..], &[("AWS_ENDPOINT_URL", fake.url.as_str()), ("AWS_REGION", region)]].concat();

        let bad = in_environment("describes", &all("x@evil.example/#"));
        assert!(bad.starts_with(r#"PAR07: "x@evil.example/#" is not an AWS region name | "#), "{bad}");
        let none = in_environment("describes", &all(""));
        assert!(
            none.starts_with("AWS12: ecs:DescribeTaskDefinition on app in no region: no region is set | "),
            "{none}"
        );
        assert_eq!(fake.requests().len(), 0);

        assert_eq!(in_environment("describes", &all("eu-west-1")), r#"{"taskDefinition":{}}"#);
        assert!(fake.requests()[0].header("authorization").unwrap().contains("AKIDENV/"));

        let nobody = in_environment("describes", &[("AWS_ENDPOINT_URL", &fake.url), ("AWS_REGION", "eu-west-1")]);
        assert!(nobody.starts_with("AWS04: ecs:DescribeTaskDefinition on app in eu-west-1: no AWS credentials found"));
        assert_eq!(fake.requests().len(), 1);
    }

    /// What STS answers to the source of the credentials is read as a denial, too.
    #[test]
    fn a_source_that_sts_refuses_says_what_to_allow() {
        let refused = |message: &str| {
            let error = format!("<Error><Code>AccessDenied</Code><Message>{message}</Message></Error>");
            FakeAws::start(vec![Answer::text(403, &format!("<ErrorResponse>{error}</ErrorResponse>"))])
        };
        let fake = refused("Not authorized to perform sts:AssumeRoleWithWebIdentity");
        let readable = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let pod = [
            ("AWS_ENDPOINT_URL", fake.url.as_str()),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", readable),
            ("AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/pod"),
        ];
        expect!["AWS05: ecs:DescribeTaskDefinition on app in eu-west-1: the source of the AWS credentials failed: STS refused AWS_WEB_IDENTITY_TOKEN_FILE: AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity | hint: allow sts:AssumeRoleWithWebIdentity in the trust policy of arn:aws:iam::111111111111:role/pod to the OIDC provider that issued the token"].assert_eq(&in_environment("describes", &pod));

        let caller = "User: arn:aws:iam::111111111111:user/ci is not authorized to perform: sts:AssumeRole on resource: \
                      arn:aws:iam::222222222222:role/r because no permissions boundary allows the sts:AssumeRole action";
        let fake = refused(caller);
        let config = std::env::temp_dir().join(format!("codedeploy-aws-profiles-{}", std::process::id()));
        let role = "[profile a]\nrole_arn = arn:aws:iam::222222222222:role/r\nsource_profile = base\n";
        let base = "[profile base]\naws_access_key_id = AKIDBASE\naws_secret_access_key = planted-secret\n";
        std::fs::write(&config, [role, base].concat()).unwrap();
        let profile = [
            ("AWS_ENDPOINT_URL", fake.url.as_str()),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_CONFIG_FILE", config.to_str().unwrap()),
            ("AWS_PROFILE", "a"),
        ];
        let said = in_environment("describes", &profile);
        std::fs::remove_file(&config).unwrap();
        expect![[r#"AWS05: ecs:DescribeTaskDefinition on app in eu-west-1: the source of the AWS credentials failed: STS refused profile "a": AccessDenied: User: arn:aws:iam::111111111111:user/ci is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::222222222222:role/r because no permissions boundary allows the sts:AssumeRole action | hint: allow sts:AssumeRole on arn:aws:iam::222222222222:role/r in the permissions boundary of arn:aws:iam::111111111111:user/ci"#]].assert_eq(&said);
    }

    #[test]
    fn a_peer_without_tls_is_an_error_and_no_panic() {
        let fake = FakeAws::start(Vec::new());
        let url = fake.url.replace("http:", "https:");
        let variables = [
            ("AWS_ACCESS_KEY_ID", "AKIDENV"),
            ("AWS_SECRET_ACCESS_KEY", "planted-secret"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_ENDPOINT_URL", &url),
        ];
        let said = in_environment("describes", &variables);
        assert!(said.starts_with("AWS09: ecs:DescribeTaskDefinition on app in eu-west-1: no connection: "), "{said}");
    }

    mod child {
        use super::*;

        #[tokio::test]
        #[ignore = "runs in a process of its own, started by the test above"]
        async fn describes() {
            let described = match from_environment(None, Timeouts::default()).await {
                Ok(aws) => crate::ecs::describe_task_definition(&aws, "app").await,
                Err(error) => Err(error),
            };
            let said = described.unwrap_or_else(|error| codedeploy_core::fault::Fault::from(error).report());
            let said = said.replace('\n', " | ");
            writeln!(std::io::stdout(), "child says: {said}").unwrap();
        }
    }

    #[tokio::test]
    async fn debug_names_the_region_only() {
        let aws = aws_at("http://127.0.0.1:9", Timeouts::default()).await;
        assert_eq!(format!("{aws:?}"), r#"Aws { region: Some("eu-west-1"), .. }"#);
        assert_eq!(aws.with_region("cn-north-1").unwrap().region(), Some("cn-north-1"));
        assert_eq!(aws.with_region("eu-west-1/").unwrap_err().code(), "PAR07");
    }
}
