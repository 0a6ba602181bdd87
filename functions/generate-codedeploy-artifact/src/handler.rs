//! One event: the drawing of the library, one stage a line, and the report around it.

use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_calls::sources::from_ecs;
use aws_calls::{Aws, AwsError, Timeouts};
use codedeploy_artifact::artifact::{Artifact, pack};
use codedeploy_artifact::error::{Error, Explain, Kind};
use codedeploy_artifact::finding::MOST_SHOWN;
use codedeploy_artifact::render::render;
use codedeploy_artifact::request::{Parameters, Request};
use lambda_runtime::LambdaEvent;
use serde_json::value::RawValue;

use crate::artifacts::{Inputs, publish};
use crate::clock::Clock;
use crate::job::{self, Job};
use crate::lost;
use crate::report::Reporter;
use crate::settings::{S3Access, Settings, SettingsError};

/// The longest that one AWS call may take with all its attempts, when the function has time for more.
const CALL: Duration = Duration::from_secs(15);

/// What every invocation of this process shares.
#[derive(Debug)]
pub struct Function {
    /// The function's own role and its open connections.
    pub aws: Aws,
    /// Whether its proxies and its CA are what its operator meant. If not, `aws` is without them, and each job fails.
    pub network: Result<(), AwsError>,
    /// What its operator allows. A setting that means nothing fails each job, where its pipeline can see it.
    pub settings: Result<Settings, SettingsError>,
}

/// Does one CodePipeline job and reports how it went; of a job that another invocation has lost, reports that.
///
/// # Errors
/// Only where the report could not be delivered: a failed job that was reported is a handled event.
pub async fn handle(function: Arc<Function>, event: LambdaEvent<Box<RawValue>>) -> Result<(), Error> {
    let (payload, ending) = match lost::read(&event.payload) {
        Some(lost) => (lost.event, Some(lost.ending)),
        None => (event.payload, None),
    };
    let id = match job::id(&payload) {
        Ok(id) => id,
        Err(error) => {
            let error = Error::from(error);
            tracing::error!("{error}; {}", error.hint());
            return Ok(());
        }
    };
    let clock = Clock::start(event.context.deadline);
    let outcome = if let Some(ending) = ending {
        Err(Error::from(ending))
    } else {
        let stage = Stage::default();
        // Boxed without its type, which is nested deeper than the compiler follows.
        let work: Pin<Box<dyn Future<Output = _> + Send>> =
            Box::pin(work(Arc::clone(&function), clock, stage.clone(), id.clone(), payload));
        bounded(clock.work(), &stage, work).await
    };
    match &outcome {
        Ok(artifact) => tracing::info!(job = %id, "artifact made: {}", artifact.to_json()),
        Err(error) => tracing::error!(job = %id, "{error}; {}", error.hint()),
    }
    let reporter = Reporter { aws: &function.aws, job: &id, request_id: &event.context.request_id, clock };
    reporter.report(outcome.as_ref()).await
}

async fn work(
    function: Arc<Function>,
    clock: Clock,
    stage: Stage,
    id: job::JobId,
    event: Box<RawValue>,
) -> Result<Artifact, Error> {
    let job = job::read(id, &event)?;
    function.network.clone()?;
    let settings = function.settings.clone()?;
    settings.check_job(&job, clock.started_ms())?;
    let aws = function.aws.with_timeouts(Timeouts::within(CALL.min(clock.work() * 3 / 4)));
    let s3 = match (settings.s3_access, &job.credentials) {
        (S3Access::ArtifactCredentials, Some(credentials)) => aws.with_credentials(credentials),
        _ => aws.clone(),
    };
    stage.enter("reading the request");
    let mut inputs = Inputs::default();
    let request = request(&s3, &job, &mut inputs).await?;
    settings.check_role(request.role_arn.as_ref())?;
    let output = job.output(request.output_artifact.as_deref())?;
    stage.enter("asking ECS and S3");
    let files = request.files();
    let names: Vec<_> = files.iter().map(|(_, file)| *file).collect();
    let session = format!("codedeploy-artifact-{}", job.id);
    let asked = from_ecs(&aws, &request, &session);
    let (mut sources, ()) = tokio::try_join!(asked, inputs.download(&s3, &job, &names))?;
    stage.enter("rendering");
    for (slot, file) in files {
        let document = inputs.read(file, Some(&slot))?;
        sources.insert(slot, document);
    }
    let artifact = pack(render(&request, &sources)?)?;
    for finding in artifact.warnings.iter().take(MOST_SHOWN) {
        tracing::warn!(job = %job.id, "{}: {finding}; {}", finding.code, finding.hint);
    }
    stage.enter("uploading the artifact");
    publish(&s3, &job, output, &artifact).await?;
    Ok(artifact)
}

async fn request(s3: &Aws, job: &Job, inputs: &mut Inputs) -> Result<Request, Error> {
    let mut parameters = Parameters::from_user_parameters(job.user_parameters.as_deref())?;
    if let Some(file) = parameters.config()? {
        inputs.download(s3, job, &[&file]).await?;
        let config = inputs.read(&file, None)?;
        parameters = parameters.over(Parameters::from_config(&config.text, &file)?);
    }
    Ok(Request::new(parameters)?)
}

/// Ends the work in time and catches what it throws, so that the report always has its turn.
async fn bounded<T: Send + 'static>(
    time: Duration,
    stage: &Stage,
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    let mut task = tokio::spawn(work);
    match tokio::time::timeout(time, &mut task).await {
        Ok(Ok(outcome)) => outcome,
        // What was thrown may hold a value of the event; where it was thrown is in the log.
        Ok(Err(_)) => Err(WorkError::Panic { stage: stage.name() }.into()),
        Err(_) => {
            task.abort();
            Err(WorkError::Late { stage: stage.name(), time }.into())
        }
    }
}

/// What is being done, for whoever has to say that it did not end.
#[derive(Clone, Default)]
struct Stage(Arc<Mutex<&'static str>>);

impl Stage {
    fn enter(&self, name: &'static str) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = name;
    }

    fn name(&self) -> &'static str {
        let name = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if name.is_empty() { "reading the event" } else { name }
    }
}

/// Work that did not end by itself.
#[derive(Debug)]
enum WorkError {
    Late { stage: &'static str, time: Duration },
    Panic { stage: &'static str },
}

impl std::error::Error for WorkError {}

impl fmt::Display for WorkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WorkError::Late { stage, time } => {
                write!(f, "not done within {:.1} s, while {stage}; stopped in time to report it", time.as_secs_f64())
            }
            WorkError::Panic { stage } => write!(f, "a defect of this function, while {stage}"),
        }
    }
}

impl Explain for WorkError {
    fn code(&self) -> &'static str {
        match self {
            WorkError::Late { .. } => "JOB05",
            WorkError::Panic { .. } => "JOB06",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            WorkError::Late { .. } => Kind::Unavailable,
            WorkError::Panic { .. } => Kind::Bug,
        }
    }

    fn hint(&self) -> String {
        match self {
            WorkError::Late { .. } => "re-run the action; if it happens again, give the function a longer timeout",
            WorkError::Panic { .. } => "report this as a defect, with the line \"panicked at\" of the function's log",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests;
