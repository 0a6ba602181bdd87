//! The artifact of a request against the account that the request names: its service, or its deployment group.

use codedeploy_core::account::{Fact, NotChecked, Outcome, Subject};
use codedeploy_core::artifact::appspec;
use codedeploy_core::artifact::bundle::Artifact;
use codedeploy_core::artifact::request::Request;
use codedeploy_core::artifact::service::Service;
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::deployment::Group;
use codedeploy_core::fault::Fault;
use codedeploy_core::fault::finding::Severity;
use codedeploy_core::fault::shown;
use codedeploy_core::names::short_name;
use tokio::time::Instant;

use super::calls::Calls;
use crate::config::Aws;
use crate::error::AwsError;

/// The IAM actions of the calls that check the account: all of them read only.
pub const ACTIONS: &[&str] = &[
    "application-autoscaling:DescribeScalableTargets",
    "cloudwatch:DescribeAlarms",
    "codedeploy:GetDeploymentGroup",
    "codedeploy:ListDeployments",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ecr:BatchGetImage",
    "ecr:GetDownloadUrlForLayer",
    "ecs:DescribeServices",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeTargetGroups",
    "iam:GetRole",
    "iam:SimulatePrincipalPolicy",
    "lambda:GetFunctionConfiguration",
    "logs:DescribeLogGroups",
    "secretsmanager:DescribeSecret",
    "servicequotas:GetAWSDefaultServiceQuota",
    "servicequotas:GetServiceQuota",
    "ssm:DescribeParameters",
];

/// The rule that no deployment is active. It is a note here: a pipeline does not deploy before the one before has ended.
const ACTIVE: &str = "ACC18";

/// Checks the artifact of a request against the account, one outcome for each rule. Rules that need the service or the
/// deployment group are not checked if the request names neither.
///
/// # Errors
/// Files that cannot be read again, and credentials, a Region or a network with which nothing can be checked.
pub async fn verify_request(
    read: &Aws,
    request: &Request,
    artifact: &Artifact,
    until: Option<Instant>,
) -> Result<Vec<Outcome>, Fault> {
    let (appspec, taskdef) = (&artifact.appspec.document, &artifact.taskdef.document);
    let spec = appspec::read(&appspec.text, &appspec.name)?;
    let (task_definition, _) = TaskDefinition::read(&taskdef.text, &taskdef.name)?;
    let subject =
        Subject { appspec: Some((&spec, &appspec.name)), task_definition: Some((&task_definition, &taskdef.name)) };
    let (service, group) = look_up(read, request, until).await?;
    let skip = |code: &str| request.ignores(code);
    let mut outcomes = super::verify(read, &subject, service, group, &skip, until).await;
    let active = outcomes.iter_mut().filter(|outcome| outcome.rule.code == ACTIVE);
    for finding in active.flat_map(|outcome| &mut outcome.findings) {
        finding.severity = Severity::Note;
    }
    Ok(outcomes)
}

/// The service and the deployment group of the request. One names the other, if only one is given.
async fn look_up(
    read: &Aws,
    request: &Request,
    until: Option<Instant>,
) -> Result<(Fact<Service>, Fact<Group>), AwsError> {
    let calls = Calls::new(read, until);
    let group = group(&calls, request).await?;
    let deployed = group.known().and_then(|group| group.ecs_services.first());
    let deployed = deployed.map(|it| (short_name(&it.cluster).to_owned(), short_name(&it.service).to_owned()));
    let named = request.service.as_ref().map(|it| (it.cluster.clone(), it.service.clone()));
    let service = match named.or(deployed) {
        Some((cluster, name)) => {
            let answer = calls.in_time(super::service(&calls.aws, &cluster, &name)).await;
            answer.unwrap_or_else(|late| Ok(Fact::NotChecked(late)))?
        }
        None => nothing_named(),
    };
    Ok((service, group))
}

async fn group(calls: &Calls, request: &Request) -> Result<Fact<Group>, AwsError> {
    let Some((application, name, assumed)) = request.group_to_verify() else { return Ok(nothing_named()) };
    let answer = calls.in_time(super::group(&calls.aws, &application, &name)).await;
    let fact = answer.unwrap_or_else(|late| Ok(Fact::NotChecked(late)))?;
    Ok(match fact {
        Fact::Missing(what) if assumed => Fact::NotChecked(NotChecked::because(format!(
            "{what} (its name was derived from `service`): set `application` and `deployment_group`"
        ))),
        Fact::Known(found) if assumed && !deploys(&found, request) => {
            let found = shown(&format!("{}/{}", found.application, found.name));
            Fact::NotChecked(NotChecked::because(format!(
                "deployment group {found}, whose name was derived from `service`, deploys another service: set \
                 `application` and `deployment_group`"
            )))
        }
        fact => fact,
    })
}

fn deploys(group: &Group, request: &Request) -> bool {
    let Some(service) = &request.service else { return true };
    let mut of_the_group = group.ecs_services.iter();
    of_the_group.any(|it| short_name(&it.cluster) == service.cluster && short_name(&it.service) == service.service)
}

fn nothing_named<T>() -> Fact<T> {
    let why = "the request names no deployment group: set `application` and `deployment_group`, or `service`";
    Fact::NotChecked(NotChecked::because(why))
}
