//! Application, deployment group and service: they must exist, be for ECS, and belong together.

use clap::builder::NonEmptyStringValueParser;
use clap::{Arg, ArgMatches};
use codedeploy_aws::config::Aws;
use codedeploy_aws::ecs::{describe_service, describe_task_definition};
use codedeploy_aws::error::Why;
use codedeploy_core::artifact::appspec::{Hook, TASK_DEFINITION_PLACEHOLDER};
use codedeploy_core::artifact::check::{CheckError, not_active};
use codedeploy_core::artifact::request::RequestError;
use codedeploy_core::artifact::service::Service;
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::deployment::{EcsService, Group};
use codedeploy_core::fault::finding::Finding;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::names::ServiceName;

use super::error::DeployError;
use super::source::{Source, fits};
use super::{find_group, option, text};
use crate::print;

/// What the flags name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) application: String,
    /// Whether nobody gave the name of the application.
    pub(super) application_assumed: bool,
    pub(super) group: String,
    /// Whether nobody gave the name of the group.
    pub(super) group_assumed: bool,
    pub(super) service: Option<ServiceName>,
}

/// What AWS has.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) application: String,
    pub(super) group: Group,
    pub(super) service: Service,
    /// What the deployment would change in the service without being asked to.
    pub(super) warnings: Vec<Finding>,
}

impl Resolved {
    /// `application/group`.
    pub(super) fn full_name(&self) -> String {
        format!("{}/{}", self.application, self.group.name)
    }

    /// The deployments that the group names as its newest ones.
    pub(super) fn newest(&self) -> Vec<String> {
        [&self.group.last_attempted, &self.group.last_successful].into_iter().flatten().cloned().collect()
    }
}

/// The flags.
pub(super) fn flags() -> [Arg; 3] {
    [
        option(
            "application",
            "NAME",
            "CodeDeploy application [default: AppECS-CLUSTER-SERVICE, or the one that deploys --service]",
        )
        .value_parser(NonEmptyStringValueParser::new()),
        option(
            "deployment-group",
            "NAME",
            "Deployment group [default: DgpECS-CLUSTER-SERVICE, or the one that deploys --service]",
        )
        .value_parser(NonEmptyStringValueParser::new()),
        option("service", "CLUSTER/SERVICE", "ECS service that the group must deploy, by name or ARN"),
    ]
}

impl Wanted {
    /// Understands the flags. Names that are not given are those that the ECS console and the AWS CLI give.
    pub(super) fn of(flags: &ArgMatches) -> Result<Wanted, Fault> {
        let service = text(flags, "service").map(service).transpose()?;
        let default = |prefix: &str| {
            let cut = |name: &str| name.chars().take(46).collect::<String>();
            service.as_ref().map(|it| format!("{prefix}-{}-{}", cut(&it.cluster), cut(&it.service)))
        };
        let name = |flag: &str, prefix: &str| text(flags, flag).map(str::to_owned).or_else(|| default(prefix));
        match (name("application", "AppECS"), name("deployment-group", "DgpECS")) {
            (Some(application), Some(group)) => Ok(Wanted {
                application,
                application_assumed: text(flags, "application").is_none(),
                group,
                group_assumed: text(flags, "deployment-group").is_none(),
                service,
            }),
            _ => Err(DeployError::NoGroup.into()),
        }
    }

    /// Whether a name was assumed.
    pub(super) fn assumes(&self) -> bool {
        self.application_assumed || self.group_assumed
    }
}

/// Looks all three up.
pub(super) async fn resolve(read: &Aws, wanted: &Wanted, source: &Source) -> Result<Resolved, Fault> {
    let group = find_group::group(read, wanted).await?;
    let application = &group.application;
    let deploys = deployed(&group, wanted)?;
    let service = describe_service(read, &deploys.cluster, &deploys.service).await?;
    if let Some(name) = &wanted.service {
        service.check_account(name)?;
    }
    service.check_deployable()?;
    service.check_target_groups(&format!("{application}/{}", group.name), &group.target_groups)?;
    if group.test_routes.is_empty() && source.spec.hooks.iter().any(|(hook, _)| *hook == Hook::AfterAllowTestTraffic) {
        print::talk("note: the group has no test listener, so CodeDeploy ignores the hook AfterAllowTestTraffic");
    }
    check_named(read, source).await?;
    let warnings = service.compare(&source.spec);
    Ok(Resolved { application: application.clone(), group, service, warnings })
}

/// The service that the group deploys, if it is the one that is wanted.
pub(super) fn deployed<'g>(group: &'g Group, wanted: &Wanted) -> Result<&'g EcsService, DeployError> {
    let same = |one: &EcsService, other: &ServiceName| {
        short(&one.cluster) == other.cluster && short(&one.service) == other.service
    };
    let full = |it: &EcsService| format!("{}/{}", short(&it.cluster), short(&it.service));
    let has = group.ecs_services.first();
    match (has, &wanted.service) {
        (Some(has), Some(wanted)) if same(has, wanted) => Ok(has),
        (Some(has), None) => Ok(has),
        (has, service) => Err(DeployError::OtherService {
            group: format!("{}/{}", wanted.application, wanted.group),
            has: has.map_or_else(|| "no service".to_owned(), full),
            wanted: service.as_ref().map_or_else(|| "one".to_owned(), ServiceName::full),
        }),
    }
}

/// The revision that the AppSpec names must exist, and have the container and port.
async fn check_named(read: &Aws, source: &Source) -> Result<(), Fault> {
    let named = &source.spec.task_definition;
    if named == TASK_DEFINITION_PLACEHOLDER || source.task_definition.is_some() {
        return Ok(());
    }
    match describe_task_definition(read, named).await {
        Ok(answer) => {
            let task_definition = TaskDefinition::described(&answer, named)?;
            let hint = "name an ACTIVE revision with --task-definition, or register this one again";
            if let Some(finding) = not_active(&task_definition, hint) {
                return Err(CheckError::from(finding).into());
            }
            fits(&source.name, &source.spec, &task_definition).map(|_| ())
        }
        Err(error) if matches!(error.why(), Why::Denied { .. }) => {
            print::talk(&format!("note: container and port were not checked against {}: {error}", shown(named)));
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

fn service(got: &str) -> Result<ServiceName, RequestError> {
    got.parse().map_err(|error| RequestError::Name { name: "service", got: got.to_owned(), error })
}

fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Command;
    use expect_test::{Expect, expect};

    fn check(line: &[&str], cluster: &str, service: &str, expect: &Expect) {
        let flags = Command::new("deploy").no_binary_name(true).args(flags()).try_get_matches_from(line).unwrap();
        let ecs_services = vec![EcsService { cluster: cluster.to_owned(), service: service.to_owned() }];
        let group = Group { ecs_services, ..Group::default() };
        let found = Wanted::of(&flags).and_then(|wanted| {
            let deploys = deployed(&group, &wanted)?;
            Ok(format!("{} {} -> {}/{}", wanted.application, wanted.group, deploys.cluster, deploys.service))
        });
        expect.assert_eq(&found.unwrap_or_else(|error| error.to_string()));
    }

    #[test]
    fn names_and_arns_are_the_same_service() {
        let arn = "arn:aws:ecs:eu-west-1:111111111111:service/main/web";
        check(&["--service", "main/web"], "main", "web", &expect!["AppECS-main-web DgpECS-main-web -> main/web"]);
        check(
            &["--service", arn],
            "arn:aws:ecs:eu-west-1:111111111111:cluster/main",
            arn,
            &expect![
                "AppECS-main-web DgpECS-main-web -> arn:aws:ecs:eu-west-1:111111111111:cluster/main/arn:aws:ecs:eu-west-1:111111111111:service/main/web"
            ],
        );
        check(&["--application", "a", "--deployment-group", "g"], "main", "web", &expect!["a g -> main/web"]);
        check(
            &["--service", "main/web", "--application", "a"],
            "main",
            "web",
            &expect!["a DgpECS-main-web -> main/web"],
        );
    }

    #[test]
    fn another_service_is_refused() {
        check(
            &["--service", "main/web"],
            "main",
            "api",
            &expect!["DEP23: deployment group AppECS-main-web/DgpECS-main-web deploys main/api, not main/web"],
        );
        check(
            &["--service", "other/web"],
            "main",
            "web",
            &expect!["DEP23: deployment group AppECS-other-web/DgpECS-other-web deploys main/web, not other/web"],
        );
        check(
            &["--application", "a"],
            "main",
            "web",
            &expect!["DEP27: neither --application and --deployment-group nor --service is given"],
        );
    }
}
