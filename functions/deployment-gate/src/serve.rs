//! The process that Lambda starts.

use std::sync::Arc;

use codedeploy_aws::{Timeouts, config as aws_config};
use codedeploy_lambda::log;
use lambda_runtime::{Diagnostic, Error, service_fn};

use crate::config;
use crate::gate::Gate;
use crate::handler::{Function, handle};

/// Handles one event after the other.
///
/// # Errors
/// If the function cannot start.
pub fn run() -> Result<(), Error> {
    log::start(crate::NAME, std::io::stdout);
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve())
}

async fn serve() -> Result<(), Error> {
    let configured = aws_config::from_environment(None, Timeouts::default()).await;
    let (aws, network) = match configured {
        Ok(aws) => (aws.clone(), Ok(aws)),
        Err(error) => (aws_config::without_network_settings(Timeouts::default()).await?, Err(error.into())),
    };
    // A configuration that is wrong is reported with each deployment, and not as a function that cannot start.
    let gate = config::environment(codedeploy_lambda::environment()).and_then(Gate::new);
    let function = Arc::new(Function { aws, network, gate });
    lambda_runtime::run(service_fn(|event| {
        let function = Arc::clone(&function);
        async move {
            handle(&function, event)
                .await
                .map_err(|error| Diagnostic { error_type: error.code().to_owned(), error_message: error.report() })
        }
    }))
    .await
}
