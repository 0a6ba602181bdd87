//! Connections that are opened before their first request, while the calls before it are answered.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextMut;
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Marks a request that must not be sent: only its connection is opened.
#[derive(Debug, Clone)]
pub(super) struct OnlyOpen;

/// Makes a call open its connection and then end with an error.
#[derive(Debug)]
pub(crate) struct OpenOnly;

#[dyn_dispatch_hint]
impl Intercept for OpenOnly {
    fn name(&self) -> &'static str {
        "OpenOnly"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _components: &RuntimeComponents,
        _config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        context.request_mut().add_extension(OnlyOpen);
        Ok(())
    }
}

/// Begins to open a connection for a URL. It is completed in the background, and the next request to that host uses it.
pub(super) fn open(connector: &SharedHttpConnector, url: &str) -> HttpConnectorFuture {
    let only_opened = || ConnectorError::user("the connection was to be opened only".into());
    let host = url.split_inclusive('/').take(3).collect::<String>();
    // If a connection exists already, this request is sent: it changes nothing and has no credentials.
    let Ok(request) = HttpRequest::get(host) else { return HttpConnectorFuture::ready(Err(only_opened())) };
    let call = connector.call(request);
    HttpConnectorFuture::new(async move {
        let mut call = pin!(call);
        poll_fn(|context| {
            let _unsent = call.as_mut().poll(context);
            Poll::Ready(())
        })
        .await;
        // A connection is opened in a task of its own. Once that has begun, dropping the request leaves the connection to
        // the next one.
        tokio::task::yield_now().await;
        Err(only_opened())
    })
}
