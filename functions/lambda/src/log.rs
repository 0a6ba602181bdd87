//! The function's log.

use std::io::{self, Write};

use codedeploy_core::text::lines;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging to an output that Lambda sends to CloudWatch. A panic is logged with its place, but without its
/// message. `function` is the crate of the function.
///
/// The level is the function's own setting (`AWS_LAMBDA_LOG_LEVEL`). It holds for this product's crates only: at TRACE
/// `lambda_runtime` prints the event with its credentials, so it stays at WARN. All others are silent: the SDK prints
/// bodies, and in its warnings the endpoints, proxies and files of its configuration as they are set, passwords
/// included. The results of its calls are in this product's own errors.
#[expect(clippy::disallowed_methods, reason = "this is where the function's configuration is read")]
pub fn start<W>(function: &str, output: W)
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL").ok();
    let own = level.and_then(|level| level.parse().ok()).unwrap_or(LevelFilter::INFO);
    let targets = Targets::new()
        .with_default(LevelFilter::OFF)
        .with_target("lambda_runtime", LevelFilter::WARN)
        .with_target(function, own)
        .with_target("codedeploy_lambda", own)
        .with_target("codedeploy_aws", own)
        .with_target("codedeploy_core", own);
    // Lambda stamps every line itself.
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(Escaped(output))
        .with_ansi(false)
        .without_time()
        .with_target(false);
    tracing_subscriber::registry().with(lines).with(targets).init();
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!("panicked at {place}");
    }));
}

/// An output that escapes unsafe characters.
struct Escaped<W>(W);

impl<'w, W: MakeWriter<'w>> MakeWriter<'w> for Escaped<W> {
    type Writer = Escaped<W::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        Escaped(self.0.make_writer())
    }
}

impl<W: Write> Write for Escaped<W> {
    /// Takes a whole line, as the layer writes it.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(lines(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_log_cannot_be_forged_by_what_it_repeats() {
        let mut out = Escaped(Vec::new());
        let line = "report sent \u{1b}[31m\u{9b}2J\u{2028}\u{202e}\0 \u{1f600}\n".as_bytes();
        out.write_all(line).unwrap();
        let written = String::from_utf8(out.0).unwrap();
        assert_eq!(written, "report sent \\u{1b}[31m\\u{9b}2J\\u{2028}\\u{202e}\\u{0} \u{1f600}\n");
    }
}
