//! What ECS, the load balancer and CloudWatch report about a failure. A missing permission is a line of the report,
//! never an error.

use std::future::Future;
use std::time::Duration;

use codedeploy_aws::codedeploy::{appspec_of, deployable, get_deployment_group};
use codedeploy_aws::config::Aws;
use codedeploy_aws::{cloudwatch, ecs, elb};
use codedeploy_core::artifact::appspec;
use codedeploy_core::deployment::why::why;
use codedeploy_core::deployment::{Deployment, Evidence, Followed, Label, Skipped, Target, TaskSet, tells_of_trouble};
use codedeploy_core::fault::{Fault, Kind};

/// The time limit of each query: the build has failed, and someone waits for the report.
const LONGEST: Duration = Duration::from_secs(10);

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
    bounded(question.name(), Box::pin(answer))
        .await
        .unwrap_or_else(|skipped| Evidence { skipped: vec![skipped], ..Evidence::default() })
}

const NO_ANSWER: &str = "the request timed out";

/// Adds the evidence to a deployment with problems, and nothing to any other. Earlier evidence is kept. `silent`
/// queries are skipped: AWS did not answer them a moment ago.
pub(crate) async fn gather(read: &Aws, followed: &mut Followed, silent: &[Question]) {
    if why(followed).is_none() {
        return;
    }
    let deployment = &followed.deployment;
    let subject = followed.target.as_ref().filter(|target| target.task_set(&Label::Green).is_some());
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
    let alarms = async {
        let group = get_deployment_group(read, &deployment.application, &deployment.group).await?;
        if !group.alarms.enabled || group.alarms.names.is_empty() {
            return Ok(Vec::new());
        }
        Ok(cloudwatch::alarms_in_alarm(read, &group.alarms.names).await?)
    };
    let needs_hooks = followed.evidence.hooks.is_empty();
    let hooks = async { if needs_hooks { hooks(read, deployment).await } else { Ok(Vec::new()) } };
    let (tasks, targets, events, alarms, hooks) = tokio::join!(
        ask(Question::Tasks),
        ask(Question::Targets),
        ask(Question::Events),
        bounded("alarms", Box::pin(alarms)),
        bounded("hook functions", Box::pin(hooks))
    );

    let evidence = &mut followed.evidence;
    let mut skipped = [tasks.skipped, targets.skipped, events.skipped].concat();
    let earlier = std::mem::take(evidence);
    *evidence = Evidence {
        hooks: earlier.hooks.clone(),
        tasks: tasks.tasks,
        targets: targets.targets,
        events: events.events,
        ..Evidence::default()
    };
    evidence.add_seen(earlier);
    evidence.alarms = alarms.unwrap_or_else(|why| missing(why, &mut skipped));
    if needs_hooks {
        evidence.hooks = hooks.unwrap_or_else(|why| missing(why, &mut skipped));
    }
    evidence.skipped = skipped;
}

/// The hook functions of the AppSpec that a deployment deploys.
pub(crate) async fn hooks(read: &Aws, deployment: &Deployment) -> Result<Vec<(appspec::Hook, String)>, Fault> {
    let Some(revision) = &deployment.revision else { return Ok(Vec::new()) };
    let revision = deployable(read, &deployment.application, revision).await?;
    let text = appspec_of(read, &revision).await?;
    Ok(appspec::read(&text, "the AppSpec of the deployment")?.hooks)
}

async fn bounded<T>(what: &str, question: impl Future<Output = Result<T, Fault>>) -> Result<T, Skipped> {
    let (why, denied) = match tokio::time::timeout(LONGEST, question).await {
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

fn missing<T>(why: Skipped, skipped: &mut Vec<Skipped>) -> Vec<T> {
    skipped.push(why);
    Vec::new()
}
