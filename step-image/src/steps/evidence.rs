//! What ECS, the load balancer, CloudWatch and the registry report about a failure. A missing permission is a line of the
//! report, never an error.

mod logs;

use std::future::Future;
use std::time::Duration;

use clap::{Args, value_parser};
use codedeploy_aws::codedeploy::{appspec_of, deployable, get_deployment_group};
use codedeploy_aws::config::Aws;
use codedeploy_aws::{cloudwatch, ecs, elb};
use codedeploy_core::artifact::appspec;
use codedeploy_core::deployment::why::why;
use codedeploy_core::deployment::{
    Deployment, Evidence, Followed, Group, Label, Skipped, Target, TaskSet, tells_of_trouble,
};
use codedeploy_core::fault::{Fault, Kind};
use tokio::time::Instant;

use super::survey::newest;

/// The time limit of a query, and of all of them at the end: the build has failed, and someone waits for the report.
const LONGEST: Duration = Duration::from_secs(10);

/// How much of each log is read after a failure.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct LogLines {
    /// Lines to show of the log of each container that stopped and of a hook function that failed; 0 reads no logs
    #[arg(long = "logs", value_name = "LINES", default_value_t = LOG_LINES, value_parser = value_parser!(u16).range(..=1000))]
    lines: u16,
}

impl Default for LogLines {
    fn default() -> LogLines {
        LogLines { lines: LOG_LINES }
    }
}

/// As many lines as a hook's log has in a report.
const LOG_LINES: u16 = 20;

/// What can be asked about the replacement task set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// Its stopped tasks.
    Tasks,
    /// The unhealthy targets of its target group.
    Targets,
    /// The events of its service.
    Events,
}

impl Question {
    /// All of them.
    pub(crate) const ALL: [Question; 3] = [Question::Tasks, Question::Targets, Question::Events];

    fn name(self) -> &'static str {
        match self {
            Question::Tasks => "stopped tasks",
            Question::Targets => "target health",
            Question::Events => "service events",
        }
    }
}

/// The subject of the queries. It is owned, so that queries can run in the background.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    cluster: String,
    service: String,
    green: Option<TaskSet>,
    since_ms: Option<u64>,
}

impl Subject {
    /// The service and the green task set of a deployment.
    pub(crate) fn of(deployment: &Deployment, target: &Target) -> Option<Subject> {
        let (cluster, service) = target.id.split_once(':')?;
        Some(Subject {
            cluster: cluster.to_owned(),
            service: service.to_owned(),
            green: target.task_set(&Label::Green).cloned(),
            since_ms: deployment.created_ms,
        })
    }
}

/// Runs one query. The result has only its own evidence, or the reason why it could not be run.
pub(crate) async fn ask(read: Aws, question: Question, subject: Subject) -> Evidence {
    let Subject { cluster, service, green, since_ms } = &subject;
    let answer = async {
        let mut evidence = Evidence::default();
        match (question, green) {
            (Question::Tasks, Some(green)) => {
                evidence.tasks = ecs::stopped_tasks(&read, cluster, service, Some(&green.id)).await?;
            }
            (Question::Targets, Some(TaskSet { target_group: Some(group), .. })) => {
                evidence.targets = elb::unhealthy_targets(&read, std::slice::from_ref(group)).await?;
            }
            (Question::Events, green) => {
                let state = ecs::service_state(&read, cluster, service).await?;
                let green = green.as_ref().map(|green| green.id.as_str());
                let concerns = |event: &ecs::ServiceEvent| {
                    since_ms.is_some_and(|since| event.created_ms.is_some_and(|at| at >= since))
                        && tells_of_trouble(&event.message)
                        && green
                            .is_none_or(|green| !event.message.contains("ecs-svc/") || event.message.contains(green))
                };
                evidence.events = state.events.into_iter().filter(concerns).map(|event| event.message).collect();
            }
            _ => {}
        }
        Ok(evidence)
    };
    bounded(Instant::now() + LONGEST, question.name(), Box::pin(answer))
        .await
        .unwrap_or_else(|skipped| Evidence { skipped: vec![skipped], ..Evidence::default() })
}

const NO_ANSWER: &str = "the request timed out";

/// Adds the evidence to a deployment with problems, and nothing to any other. Earlier evidence is kept. `silent`
/// queries are skipped: AWS did not answer them a moment ago. `logs` is how much of each log is read.
///
/// All queries run side by side, those that follow from the answer of another one as soon as it is there, and all of them
/// end within [`LONGEST`].
pub(crate) async fn gather(read: &Aws, followed: &mut Followed, silent: &[Question], logs: LogLines) {
    if why(followed).is_none() {
        return;
    }
    let (deadline, lines) = (Instant::now() + LONGEST, usize::from(logs.lines));
    let before = &*followed;
    let deployment = &before.deployment;
    let subject = before.target.as_ref().filter(|target| target.task_set(&Label::Green).is_some());
    let subject = subject.and_then(|target| Subject::of(deployment, target));
    let ask = |question| {
        let subject = subject.clone();
        async move {
            match subject {
                Some(_) if silent.contains(&question) => unanswered(question.name().to_owned()),
                Some(subject) => Box::pin(ask(read.clone(), question, subject)).await,
                None => Evidence::default(),
            }
        }
    };
    let tasks = async {
        let mut tasks = ask(Question::Tasks).await;
        tasks.add_seen(before.evidence.clone());
        tasks.events.clear();
        tasks.targets.clear();
        let (logs, images) = tokio::join!(
            Box::pin(logs::of_containers(read, &tasks, lines, deadline)),
            Box::pin(logs::images(read, &tasks, deadline))
        );
        joined([tasks, logs, images])
    };
    let group = async {
        let group = async { Ok(get_deployment_group(read, &deployment.application, &deployment.group).await?) };
        match bounded(deadline, "alarms", Box::pin(group)).await {
            Ok(group) => {
                let (alarms, earlier) = tokio::join!(
                    Box::pin(alarms(read, &group, deadline)),
                    Box::pin(earlier(read, &group, deployment, deadline))
                );
                joined([alarms, earlier])
            }
            Err(skipped) => Evidence { skipped: vec![skipped], ..Evidence::default() },
        }
    };
    let hooks = async {
        let mut found = Evidence { hooks: before.evidence.hooks.clone(), ..Evidence::default() };
        if found.hooks.is_empty() {
            match bounded(deadline, "hook functions", Box::pin(hooks(read, deployment))).await {
                Ok(hooks) => found.hooks = hooks,
                Err(skipped) => found.skipped.push(skipped),
            }
        }
        let log = Box::pin(logs::of_hook(read, before, &found.hooks, lines, deadline)).await;
        joined([found, log])
    };
    let (tasks, targets, events, hooks, group) =
        tokio::join!(tasks, ask(Question::Targets), ask(Question::Events), hooks, group);
    let mut evidence = joined([tasks, targets, events, group, hooks]);
    evidence.add_seen(std::mem::take(&mut followed.evidence));
    followed.evidence = evidence;
}

/// The evidence of several queries together.
fn joined(parts: impl IntoIterator<Item = Evidence>) -> Evidence {
    parts.into_iter().fold(Evidence::default(), Evidence::with)
}

async fn alarms(read: &Aws, group: &Group, deadline: Instant) -> Evidence {
    if !group.alarms.enabled || group.alarms.names.is_empty() {
        return Evidence::default();
    }
    let fired = async { Ok(cloudwatch::alarms_in_alarm(read, &group.alarms.names).await?) };
    match bounded(deadline, "alarms", Box::pin(fired)).await {
        Ok(alarms) => Evidence { alarms, ..Evidence::default() },
        Err(skipped) => Evidence { skipped: vec![skipped], ..Evidence::default() },
    }
}

/// The most earlier deployments of a report.
const EARLIER: usize = 3;

/// Who deployed what before.
async fn earlier(read: &Aws, group: &Group, deployment: &Deployment, deadline: Instant) -> Evidence {
    let newest = async { Ok(newest(read, group, &[], EARLIER).await?) };
    match bounded(deadline, "earlier deployments", Box::pin(newest)).await {
        Ok(newest) => {
            let is_earlier = |one: &Deployment| one.id != deployment.id && one.created_ms < deployment.created_ms;
            let earlier = newest.into_iter().filter(is_earlier).take(EARLIER).collect();
            Evidence { earlier, ..Evidence::default() }
        }
        Err(skipped) => Evidence { skipped: vec![skipped], ..Evidence::default() },
    }
}

/// The hook functions of the AppSpec that a deployment deploys.
pub(crate) async fn hooks(read: &Aws, deployment: &Deployment) -> Result<Vec<(appspec::Hook, String)>, Fault> {
    let Some(revision) = &deployment.revision else { return Ok(Vec::new()) };
    let revision = deployable(read, &deployment.application, revision).await?;
    let text = appspec_of(read, &revision).await?;
    Ok(appspec::read(&text, "the AppSpec of the deployment")?.hooks)
}

async fn bounded<T>(
    deadline: Instant,
    what: &str,
    question: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Skipped> {
    let (why, denied) = match tokio::time::timeout_at(deadline, question).await {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(error)) => (error.to_string(), error.kind() == Kind::Denied),
        Err(_) => (NO_ANSWER.to_owned(), false),
    };
    Err(Skipped { what: what.to_owned(), why, denied })
}

fn unanswered(what: String) -> Evidence {
    let skipped = vec![Skipped { what, why: NO_ANSWER.to_owned(), denied: false }];
    Evidence { skipped, ..Evidence::default() }
}
