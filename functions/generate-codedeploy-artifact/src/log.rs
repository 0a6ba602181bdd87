//! The function's log.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging to an output that Lambda sends to CloudWatch, and says where a panic was, but not with what.
///
/// The level is the function's own setting (`AWS_LAMBDA_LOG_LEVEL`). It holds for this product's crates only: at TRACE
/// `lambda_runtime` prints the event with its credentials, and the SDK prints bodies, so all others stay at WARN.
#[expect(clippy::disallowed_methods, reason = "this is where the function's configuration is read")]
pub fn start<W>(output: W)
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").ok();
    let own = level.and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO);
    let targets = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("generate_codedeploy_artifact", own)
        .with_target("aws_calls", own)
        .with_target("codedeploy_artifact", own);
    // Lambda stamps every line itself.
    let lines = tracing_subscriber::fmt::layer().with_writer(output).with_ansi(false).without_time().with_target(false);
    tracing_subscriber::registry().with(lines).with(targets).init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!("panicked at {place}");
    }));
}
