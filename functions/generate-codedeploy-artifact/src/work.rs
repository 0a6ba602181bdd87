//! The work on one event, one stage per line.

use std::time::Duration;

use codedeploy_aws::account::verify_request;
use codedeploy_aws::s3::open_connection;
use codedeploy_aws::sources::{from_ecs, reader};
use codedeploy_aws::{Aws, Timeouts};
use codedeploy_core::account::judge;
use codedeploy_core::artifact::bundle::{Artifact, pack};
use codedeploy_core::artifact::inspect::Ignore;
use codedeploy_core::artifact::render::render;
use codedeploy_core::artifact::request::{CONFIG_LIMIT, Parameters, Request};
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::fault::Fault;
use codedeploy_core::fault::finding::{Finding, MOST_SHOWN, Severity};
use codedeploy_lambda::clock::Clock;
use serde_json::value::RawValue;

use crate::artifacts::{Inputs, publish};
use crate::connection::LastUse;
use crate::job::{self, Job, JobId};
use crate::outcome::{Line, Made};
use crate::settings::{S3Access, Settings};

/// The time limit of one AWS call with all its attempts, even if the function has more time.
const CALL: Duration = Duration::from_secs(15);

/// What every task of the worker shares.
#[derive(Debug)]
pub struct Function {
    /// The function's own role and its open connections.
    pub aws: Aws,
    /// Whether its proxies and its CA can be used. If not, `aws` is without them, and each job fails.
    pub network: Result<(), Fault>,
    /// The operator's settings. An invalid setting fails each job, so that its pipeline shows it.
    pub settings: Result<Settings, Fault>,
    /// The last upload.
    pub uploaded: LastUse,
}

/// Generates the artifact of a job and uploads it.
///
/// # Errors
/// What is wrong with the event, the request, its sources or the responses of AWS.
pub async fn work(function: &Function, deadline_ms: u64, id: JobId, event: Box<RawValue>) -> Result<Line, Fault> {
    let clock = Clock::start(deadline_ms);
    enter("reading the event");
    let job = job::read(id, &event)?;
    function.network.clone()?;
    let settings = function.settings.clone()?;
    settings.check_job(&job, clock.started_ms())?;
    let aws = function.aws.with_timeouts(Timeouts::within(CALL.min(clock.work() * 3 / 4)));
    let s3 = match (settings.s3_access, &job.credentials) {
        (S3Access::ArtifactCredentials, Some(credentials)) => aws.with_credentials(credentials),
        _ => aws.clone(),
    };
    enter("reading the request");
    let mut inputs = Inputs::default();
    let request = request(&s3, &job, &mut inputs).await?;
    settings.check_role(request.role_arn.as_ref())?;
    Ignore::of(&request)?;
    let output = job.output(request.output_artifact.as_deref())?;
    enter("asking ECS and S3");
    let files = request.files();
    let wanted: Vec<_> = files.iter().map(|(slot, file)| (*file, slot.limit())).collect();
    let session = format!("codedeploy-artifact-{}", job.id);
    let asked = async {
        let read = reader(&aws, &request, &session).await?;
        let sources = from_ecs(&read, &request).await?;
        Ok::<_, Fault>((read, sources))
    };
    let opened = async {
        // A download opens the connection that the upload needs.
        if wanted.is_empty() && function.uploaded.is_over() {
            open_connection(&s3, &output.bucket).await;
        }
        Ok(())
    };
    let downloaded = inputs.download(&s3, &job, &wanted);
    let ((read, mut sources), (), ()) = tokio::try_join!(asked, downloaded, opened)?;
    if let Some(described) = &sources.task_definition {
        settings.check_family(TaskDefinition::described(&described.text, &described.name)?.family())?;
    }
    enter("rendering");
    for (slot, file) in files {
        let document = inputs.read(file, Some(&slot))?;
        sources.insert(slot, document);
    }
    let artifact = pack(render(&request, &sources)?)?;
    let findings = check(&read, &request, &artifact, clock).await?;
    for finding in findings.iter().take(MOST_SHOWN) {
        log(&job.id, finding);
    }
    if findings.len() > MOST_SHOWN {
        tracing::warn!(job = %job.id, "and {} more findings", findings.len() - MOST_SHOWN);
    }
    enter("uploading the artifact");
    publish(&s3, &job, output, &artifact).await?;
    function.uploaded.note();
    tracing::info!(job = %job.id, "artifact generated: {}", artifact.to_json());
    Ok(Line::Made(Made::new(&artifact, &findings)))
}

/// What the rules found, the worst first. The account is checked only if the request says so.
async fn check(read: &Aws, request: &Request, artifact: &Artifact, clock: Clock) -> Result<Vec<Finding>, Fault> {
    let outcomes = if request.verifies() {
        enter("checking the account");
        Box::pin(verify_request(read, request, artifact, Some(clock.checked()))).await?
    } else {
        Vec::new()
    };
    Ok(judge(artifact.warnings.clone(), &outcomes, request.strict)?)
}

fn log(job: &JobId, finding: &Finding) {
    let (code, severity) = (finding.code, finding.severity.name());
    if finding.severity == Severity::Note {
        tracing::info!(%job, code, severity, "{code}: {finding}; {}", finding.hint);
    } else {
        tracing::warn!(%job, code, severity, "{code}: {finding}; {}", finding.hint);
    }
}

async fn request(s3: &Aws, job: &Job, inputs: &mut Inputs) -> Result<Request, Fault> {
    let mut parameters = Parameters::from_user_parameters(job.user_parameters.as_deref())?;
    if let Some(file) = parameters.config()? {
        inputs.download(s3, job, &[(&file, CONFIG_LIMIT)]).await?;
        let config = inputs.read(&file, None)?;
        parameters = parameters.over(Parameters::from_config(&config.text, &file)?);
    }
    Request::new(parameters)
}

/// Reports the current stage, which the supervisor names if the work does not finish.
fn enter(stage: &str) {
    // If the supervisor has ended, so has this process.
    let _ = Line::Stage(stage.to_owned()).send();
}
