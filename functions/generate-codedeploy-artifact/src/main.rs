//! Starts the function: log, settings and connections once, then one job after the other.

use std::sync::Arc;

use aws_calls::Timeouts;
use generate_codedeploy_artifact::handler::{Function, handle};
use generate_codedeploy_artifact::log;
use generate_codedeploy_artifact::settings::Settings;
use lambda_runtime::{Diagnostic, service_fn};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::disallowed_methods, reason = "this is where the function's configuration is read")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let variable = |name: &str| std::env::var(name).ok();
    log::start(variable("AWS_LAMBDA_LOG_LEVEL").as_deref());
    let aws = aws_calls::config::from_environment(None, Timeouts::default()).await?;
    let function = Arc::new(Function { aws, settings: Settings::read(variable) });
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
