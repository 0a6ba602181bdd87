//! The one HTTP client of the process, and whether a request goes directly or through a proxy.

use std::time::Duration;

use aws_smithy_http_client::pool::{self, ConnectionPool, DriverSpawner, Partition, PartitionId};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, TlsContext, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::ErrorKind;
use codedeploy_core::fault::Fault;
use http_body_util::Limited;

use super::certificates;
use super::opening::{OnlyOpen, open};
use super::proxies::{Proxies, Scheme};
#[cfg(feature = "command-line")]
use crate::debug::Sent;
use crate::error::ThroughProxy;

/// An idle connection is not used again after this time. Shorter than the 20 s after which AWS closes idle connections,
/// so that a thawed Lambda function does not start with a closed one.
pub const POOL_IDLE: Duration = Duration::from_secs(15);

/// The network settings. By default requests go directly and trust the certificates of the system.
#[derive(Default)]
pub(super) struct Settings {
    proxies: Proxies,
    certificates: TlsContext,
}

impl Settings {
    /// Reads them through `variable`, which is the environment.
    pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Fault> {
        Ok(Settings { proxies: Proxies::read(&variable)?, certificates: certificates::read(&variable)? })
    }

    /// Those that need no variable: no proxy, and the certificates of the system.
    pub(super) fn of_system() -> Self {
        Settings { proxies: Proxies::default(), certificates: certificates::of_system() }
    }
}

/// Three clients of the SDK, because each supports one proxy. Each has its own connections, and reads the root
/// certificates at its first request.
///
/// By default every service client would make its own, and one more for nothing to find faults early:
/// `validate_base_client_config` is left out on purpose.
#[derive(Debug, Clone)]
pub(super) struct Client {
    proxies: Proxies,
    direct: Way,
    plain: Option<Way>,
    secure: Option<Way>,
}

/// A client, or why it could not be built. The SDK documents no such reason for these settings.
type Way = Result<SharedHttpClient, String>;

impl Client {
    pub(super) fn new(settings: Settings) -> Self {
        let Settings { proxies, certificates } = settings;
        let through = |scheme| proxies.config(scheme).map(|proxy| sdk_client(proxy, certificates.clone()));
        let (plain, secure) = (through(Scheme::Http), through(Scheme::Https));
        Client { direct: sdk_client(ProxyConfig::disabled(), certificates.clone()), plain, secure, proxies }
    }

    /// The client for a request, and the proxy that it goes through.
    fn way(&self, url: &str) -> (&Way, Option<String>) {
        let Some((scheme, proxy)) = self.proxies.intercept(url) else { return (&self.direct, None) };
        let client = match scheme {
            Scheme::Http => &self.plain,
            Scheme::Https => &self.secure,
        };
        client.as_ref().map_or((&self.direct, None), |client| (client, Some(proxy)))
    }
}

impl HttpClient for Client {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        let (client, settings, components) = (self.clone(), settings.clone(), components.clone());
        SharedHttpConnector::new(Connector { client, settings, components })
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.direct.as_ref().ok()?.connector_metadata()
    }
}

#[derive(Debug)]
struct Connector {
    client: Client,
    settings: HttpConnectorSettings,
    components: RuntimeComponents,
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (client, proxy) = self.client.way(request.uri());
        let host = request.uri().split('/').nth(2).unwrap_or_default().to_owned();
        let is_download = request.method() == "GET";
        #[cfg(feature = "command-line")]
        let sent = Sent::begin(&request, proxy.as_deref());
        let connector = match client {
            Ok(client) => client.http_connector(&self.settings, &self.components),
            Err(problem) => return HttpConnectorFuture::ready(Err(ConnectorError::user(problem.clone().into()))),
        };
        if request.extension::<OnlyOpen>().is_some() {
            return open(&connector, request.uri());
        }
        let answer = connector.call(request);
        HttpConnectorFuture::new(async move {
            let answer = match (answer.await, proxy) {
                (Ok(answer), _) if is_download && answer.status().is_success() => Ok(answer),
                (Ok(answer), _) => Ok(answer.map(bounded)),
                (Err(error), None) => Err(error),
                (Err(error), Some(proxy)) => {
                    let kind = Kind::of(&error);
                    Err(kind.error(ThroughProxy { host, proxy, source: error.into_source() }))
                }
            };
            #[cfg(feature = "command-line")]
            if let Some(sent) = sent {
                return sent.end(answer, is_download).await;
            }
            answer
        })
    }
}

/// The maximum size of an answer that is read into memory, in bytes; answers of AWS have some hundred kilobytes.
/// Downloads are streamed and have limits of their own.
const ANSWER_BYTES: usize = 4 << 20;

pub(crate) fn bounded(body: SdkBody) -> SdkBody {
    SdkBody::from_body_1_x(Limited::new(body, ANSWER_BYTES))
}

/// The kind of a connection error, which decides whether the call is retried.
enum Kind {
    TimedOut,
    Io,
    User,
    Other(Option<ErrorKind>),
}

impl Kind {
    fn of(error: &ConnectorError) -> Kind {
        match error {
            _ if error.is_timeout() => Kind::TimedOut,
            _ if error.is_io() => Kind::Io,
            _ if error.is_user() => Kind::User,
            _ => Kind::Other(error.as_other()),
        }
    }

    /// The same with the name of the proxy in its chain: "connection refused" alone is misleading.
    fn error(self, cause: ThroughProxy) -> ConnectorError {
        let cause = Box::new(cause);
        match self {
            Kind::TimedOut => ConnectorError::timeout(cause),
            Kind::Io => ConnectorError::io(cause),
            Kind::User => ConnectorError::user(cause),
            Kind::Other(kind) => ConnectorError::other(cause, kind),
        }
    }
}

/// All connections are of one kind and belong to the one runtime of the process.
const PARTITION: PartitionId = PartitionId::from_index(0);

fn sdk_client(proxy: ProxyConfig, certificates: TlsContext) -> Way {
    let tasks = DriverSpawner::from_fn(|task| drop(tokio::spawn(task)));
    let pool = ConnectionPool::builder()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .tls_context(certificates)
        .proxy_config(proxy)
        .idle_timeout(POOL_IDLE)
        .partitions([Partition::new(PARTITION, tasks)])
        .build_https()
        .map_err(|error| error.to_string())?;
    let client = pool::Client::from_partition(&pool, PARTITION).map_err(|error| error.to_string())?;
    Ok(SharedHttpClient::new(client))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::ecs::describe_task_definition;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::fault::Explain;

    #[tokio::test]
    async fn an_answer_of_any_size_is_read_up_to_its_limit() {
        let answer = |bytes| {
            let padding = "x".repeat(bytes);
            Answer::json(200, &format!(r#"{{"taskDefinition":{{"family":"web"}},"padding":"{padding}"}}"#))
        };
        for (bytes, expect) in [(ANSWER_BYTES / 2, None), (ANSWER_BYTES, Some("AWS10"))] {
            // A body that cannot be read is asked for again.
            let fake = FakeAws::start(vec![answer(bytes), answer(bytes), answer(bytes)]);
            let aws = aws_at(&fake.url, Timeouts::default()).await;
            let answered = describe_task_definition(&aws, "web").await;
            assert_eq!(answered.as_ref().err().map(Explain::code), expect, "{answered:?}");
        }
    }
}
