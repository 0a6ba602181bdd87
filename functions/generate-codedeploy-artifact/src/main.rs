//! Starts the function: log, settings and connections once, then one job after the other.

use std::sync::Arc;

use aws_calls::{Timeouts, config};
use generate_codedeploy_artifact::handler::{Function, handle};
use generate_codedeploy_artifact::log;
use generate_codedeploy_artifact::settings::Settings;
use lambda_runtime::{Diagnostic, service_fn};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::disallowed_methods, reason = "this is where the function's configuration is read")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let variable = |name: &str| std::env::var(name).ok();
    log::start(variable("AWS_LAMBDA_LOG_LEVEL").as_deref());
    let (aws, network) = match config::from_environment(None, Timeouts::default()).await {
        Ok(aws) => (aws, Ok(())),
        Err(error) => (config::without_network_settings(Timeouts::default()).await?, Err(error)),
    };
    let function = Arc::new(Function { aws, network, settings: Settings::read(variable) });
    lambda_runtime::run(service_fn(|event| {
        let function = Arc::clone(&function);
        async move {
            handle(function, event)
                .await
                .map_err(|error| Diagnostic { error_type: error.code().to_owned(), error_message: error.report() })
        }
    }))
    .await
}
