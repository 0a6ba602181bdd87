//! A call, put together from the parts of the SDK.

use aws_config::SdkConfig;
use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::invocation_id::InvocationIdInterceptor;
use aws_runtime::request_info::RequestInfoInterceptor;
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::service_clock_skew::{ServiceClockSkewClassifier, ServiceClockSkewInterceptor};
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_runtime::client::http::connection_poisoning::ConnectionPoisoningInterceptor;
use aws_smithy_runtime::client::orchestrator::operation::{Operation, OperationBuilder};
use aws_smithy_runtime::client::retries::classifiers::{HttpStatusCodeClassifier, TransientErrorClassifier};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{AuthSchemeOptionResolverParams, SharedAuthSchemeOptionResolver};
use aws_smithy_runtime_api::client::interceptors::context::BeforeDeserializationInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
#[cfg(feature = "command-line")]
use aws_smithy_runtime_api::client::orchestrator::OrchestratorError;
use aws_smithy_runtime_api::client::runtime_components::{RuntimeComponents, RuntimeComponentsBuilder};
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::config_bag::{ConfigBag, Layer};
use aws_smithy_types::error::ErrorMetadata;
use aws_types::SigningName;
use aws_types::region::{Region, SigningRegion};
use serde_json::Value;

use super::{Outgoing, Protocol, Service, endpoint, incoming};
use crate::config::bounded;

pub(super) fn signed(
    sdk: &SdkConfig,
    service: &Service,
    (iam_service, name): (&'static str, &'static str),
    region: &str,
) -> Operation<Outgoing, Value, ErrorMetadata> {
    let endpoint = endpoint::of(sdk, service, region);
    let protocol = service.protocol;
    let mut config = Layer::new("lean");
    config.store_put(AuthSchemeOptionResolverParams::new(()));
    config.store_put(SigV4OperationSigningConfig {
        region: Some(SigningRegion::from(Region::new(endpoint.region))),
        name: Some(SigningName::from_static(service.signing)),
        ..SigV4OperationSigningConfig::default()
    });
    config.store_put(ApiMetadata::new(iam_service, env!("CARGO_PKG_VERSION")));
    for metadata in sdk.framework_metadata() {
        config.store_append(metadata.clone());
    }
    let mut components = RuntimeComponentsBuilder::new("lean");
    components.set_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(
        StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]),
    )));
    components.push_auth_scheme(SigV4AuthScheme::new());
    components.set_http_client(sdk.http_client());
    components.set_identity_cache(sdk.identity_cache());
    components.set_sleep_impl(sdk.sleep_impl());
    components.set_time_source(sdk.time_source());
    if let Some(credentials) = sdk.credentials_provider() {
        components.set_identity_resolver(SCHEME_ID, credentials);
    }
    let plugin = StaticRuntimePlugin::new().with_config(config.freeze()).with_runtime_components(components);
    configured(sdk, service.id, name, &endpoint.url)
        .retry_classifier(AwsErrorCodeClassifier::<ErrorMetadata>::new())
        .retry_classifier(ServiceClockSkewClassifier::<ErrorMetadata>::new())
        .interceptor(ServiceClockSkewInterceptor::new())
        .interceptor(RequestInfoInterceptor::new())
        .interceptor(UserAgentInterceptor::new())
        .interceptor(InvocationIdInterceptor::new())
        .runtime_plugin(plugin)
        .serializer(Outgoing::request)
        .deserializer(move |response: &HttpResponse| incoming(protocol, response))
        .build()
}

/// A GET whose URL has the signature. Amazon S3 refuses headers of AWS that were not signed, so it has none.
pub(super) fn presigned(sdk: &SdkConfig, host: &str) -> Operation<Outgoing, Value, ErrorMetadata> {
    unsigned(sdk, "S3", "Get", host).deserializer(|response: &HttpResponse| incoming(Protocol::Rest, response)).build()
}

/// A POST to a host outside AWS, which gets nothing of AWS and may answer anything.
#[cfg(feature = "command-line")]
pub(super) fn posted(sdk: &SdkConfig, host: &str) -> Operation<Outgoing, Value, ErrorMetadata> {
    let answer = |response: &HttpResponse| {
        let refused = || OrchestratorError::operation(ErrorMetadata::builder().build());
        if response.status().is_success() { Ok(Value::Null) } else { Err(refused()) }
    };
    unsigned(sdk, "webhook", "Post", host).deserializer(answer).build()
}

fn unsigned(sdk: &SdkConfig, service: &'static str, name: &'static str, host: &str) -> OperationBuilder<Outgoing> {
    let mut components = RuntimeComponentsBuilder::new("unsigned");
    components.set_http_client(sdk.http_client());
    components.set_sleep_impl(sdk.sleep_impl());
    components.set_time_source(sdk.time_source());
    configured(sdk, service, name, host)
        .no_auth()
        .runtime_plugin(StaticRuntimePlugin::new().with_runtime_components(components))
        .serializer(Outgoing::request)
}

/// What every call has: retries, time limits and a limit of the answer.
fn configured(sdk: &SdkConfig, service: &'static str, name: &'static str, url: &str) -> OperationBuilder {
    let mut operation = Operation::builder()
        .service_name(service)
        .operation_name(name)
        .endpoint_url(url)
        .retry_classifier(HttpStatusCodeClassifier::default())
        .retry_classifier(TransientErrorClassifier::<ErrorMetadata>::new())
        .interceptor(ConnectionPoisoningInterceptor::new())
        .interceptor(Bounded);
    if let Some(retries) = sdk.retry_config() {
        operation = operation.standard_retry(retries);
    }
    if let Some(timeouts) = sdk.timeout_config() {
        operation = operation.timeout_config(timeouts.clone());
    }
    operation
}

/// Limits answers to GET requests, which the HTTP client takes for downloads.
#[derive(Debug)]
struct Bounded;

#[dyn_dispatch_hint]
impl Intercept for Bounded {
    fn name(&self) -> &'static str {
        "Bounded"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response_mut().take_body();
        *context.response_mut().body_mut() = bounded(body);
        Ok(())
    }
}
