//! The process that does the work: it reads events from standard input and writes stages and outcomes to standard
//! output, one line of JSON each. Its log goes to standard error, which Lambda sends to CloudWatch as well.

use std::io;
use std::os::fd::AsFd;

use codedeploy_aws::ecs::open_connection;
use codedeploy_aws::{Timeouts, config};
use codedeploy_lambda::log;
use lambda_runtime::Error;
use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
use serde_json::value::RawValue;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::net::unix::pipe::Receiver;

use crate::connection::LastUse;
use crate::job;
use crate::outcome::{Failed, Line, Task};
use crate::settings::Settings;
use crate::work::{Function, work};

/// The argument that makes this program a worker.
pub const ARGUMENT: &str = "worker";

/// The maximum memory for the worker's data, in bytes. A usual job needs a tenth of it. Together with the supervisor it
/// fits into a function of 128 MB.
pub const MEMORY: u64 = 40 << 20;

/// Handles one task after the other until standard input ends.
///
/// # Errors If the process cannot start, or its parent has ended.
pub fn run() -> Result<(), Error> {
    log::start(crate::NAME, io::stderr);
    confine()?;
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve())
}

async fn serve() -> Result<(), Error> {
    let (aws, network) = match config::from_environment(None, Timeouts::default()).await {
        Ok(aws) => (aws, Ok(())),
        Err(error) => (config::without_network_settings(Timeouts::default()).await?, Err(error.into())),
    };
    let settings = Settings::read(codedeploy_lambda::environment());
    match &settings {
        Ok(settings) => tracing::info!("settings: {settings}"),
        Err(error) => tracing::error!("{error}; {}", error.hint()),
    }
    // Most jobs begin with a call to ECS, and there is time for its connection until the first event comes.
    let early = aws.clone();
    tokio::spawn(async move { open_connection(&early).await });
    let function = Function { aws, network, settings, uploaded: LastUse::default() };
    let mut tasks = BufReader::new(Receiver::from_owned_fd(io::stdin().as_fd().try_clone_to_owned()?)?);
    while let Some((event, deadline_ms)) = next(&mut tasks).await? {
        let done = match job::id(&event) {
            Ok(id) => Box::pin(work(&function, deadline_ms, id, event)).await,
            Err(error) => Err(error),
        };
        done.unwrap_or_else(|error| Line::Failed(Failed::from(&error))).send()?;
    }
    Ok(())
}

/// Limits the memory of this process, and ends it together with its parent: without the parent, no outcome is reported.
pub(crate) fn confine() -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    Ok(setrlimit(Resource::Data, Rlimit { current: Some(MEMORY), maximum: Some(MEMORY) })?)
}

async fn next(tasks: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<(Box<RawValue>, u64)>> {
    let mut line = String::new();
    if tasks.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    let task: Task = serde_json::from_str(&line)?;
    let mut event = vec![0; task.bytes];
    tasks.read_exact(&mut event).await?;
    Ok(Some((serde_json::from_slice(&event)?, task.deadline_ms)))
}
