//! The process that Lambda starts: it receives events, watches the deadline and reports jobs. Another process does the
//! work, so that no failure of the work prevents the report.

use std::sync::Arc;

use codedeploy_aws::{Timeouts, config};
use codedeploy_lambda::log;
use lambda_runtime::{Diagnostic, Error, service_fn};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::connection::LastUse;
use crate::handler::{Function, handle};
use crate::workers::Workers;

/// Handles one event after the other.
///
/// # Errors
/// If the function cannot start.
pub fn run() -> Result<(), Error> {
    log::start(crate::NAME, std::io::stdout);
    leave_no_core()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve())
}

/// A panic ends this process or its worker by a signal, and a core file would hold the credentials in their memory.
fn leave_no_core() -> std::io::Result<()> {
    Ok(setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?)
}

async fn serve() -> Result<(), Error> {
    let workers = Workers::start(std::env::current_exe()?);
    let aws = match config::from_environment(None, Timeouts::default()).await {
        Ok(aws) => aws,
        // The worker has the same error, and each job fails with it.
        Err(_) => config::without_network_settings(Timeouts::default()).await?,
    };
    let function = Arc::new(Function { aws, workers, reported: LastUse::default() });
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
