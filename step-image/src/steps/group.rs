//! The deployment group and the service that the user names, for every command that takes a group.

pub(crate) mod find;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use codedeploy_core::deployment::{EcsService, Group};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::names::{ServiceName, short_name};

use super::service::ServiceFlags;

/// The flags that name the group.
#[derive(Debug, Args)]
#[command(next_help_heading = "Deployment group")]
pub(crate) struct GroupFlags {
    /// CodeDeploy application [default: AppECS-CLUSTER-SERVICE, or the one that deploys --service]
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    application: Option<String>,
    /// Deployment group [default: DgpECS-CLUSTER-SERVICE, or the one that deploys --service]
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    deployment_group: Option<String>,
    #[command(flatten)]
    service: ServiceFlags,
}

impl GroupFlags {
    /// Whether none of them is given.
    pub(crate) fn is_empty(&self) -> bool {
        self.application.is_none() && self.deployment_group.is_none() && self.service.is_empty()
    }
}

/// The group and the service that are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) application: String,
    /// Whether the name of the application is assumed.
    pub(crate) application_assumed: bool,
    pub(crate) group: String,
    /// Whether the name of the group is assumed.
    pub(crate) group_assumed: bool,
    pub(crate) service: Option<ServiceName>,
}

faults! {
    /// The faults of naming a group.
    pub(crate) const FORMS;

    /// The group deploys another service.
    fn other_service(group: &str, has: &str, wanted: &str) [
        group = shown(group), has = shown(has), wanted = shown(wanted),
    ] => "DEP23" Configuration "deployment group {group} deploys {has}, not {wanted}",
        "name the group of this service, or the service of this group";
    /// Neither the names nor a service to derive them from.
    fn no_group() => "DEP27" Configuration "neither --application and --deployment-group nor --service is given",
        "give --application and --deployment-group, or --service CLUSTER/SERVICE for the names that AWS gives them";
}

impl Wanted {
    /// The names of the flags. Those that are not given are the ones that the ECS console and the AWS CLI give.
    pub(crate) fn of(flags: GroupFlags) -> Result<Wanted, Fault> {
        let GroupFlags { application, deployment_group, service } = flags;
        let service = service.named()?;
        let default = service.as_ref().map(ServiceName::codedeploy_names).unzip();
        let (application_assumed, group_assumed) = (application.is_none(), deployment_group.is_none());
        let application = application.or(default.0).ok_or_else(no_group)?;
        let group = deployment_group.or(default.1).ok_or_else(no_group)?;
        Ok(Wanted { application, application_assumed, group, group_assumed, service })
    }

    /// `APPLICATION/GROUP`.
    pub(crate) fn full(&self) -> String {
        format!("{}/{}", self.application, self.group)
    }

    /// Whether a name is assumed.
    pub(crate) fn assumes(&self) -> bool {
        self.application_assumed || self.group_assumed
    }

    /// The service that the group deploys, if it is the one that is wanted.
    pub(crate) fn deployed<'g>(&self, group: &'g Group) -> Result<&'g EcsService, Fault> {
        let same = |one: &EcsService, other: &ServiceName| {
            short_name(&one.cluster) == other.cluster && short_name(&one.service) == other.service
        };
        let full = |it: &EcsService| format!("{}/{}", short_name(&it.cluster), short_name(&it.service));
        match (group.ecs_services.first(), &self.service) {
            (Some(has), Some(wanted)) if same(has, wanted) => Ok(has),
            (Some(has), None) => Ok(has),
            (has, service) => Err(other_service(
                &self.full(),
                &has.map_or_else(|| "no service".to_owned(), full),
                &service.as_ref().map_or_else(|| "one".to_owned(), ServiceName::full),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, FromArgMatches as _};
    use expect_test::{Expect, expect};

    use super::*;

    fn check(line: &[&str], cluster: &str, service: &str, expect: &Expect) {
        let command = GroupFlags::augment_args(Command::new("deploy").no_binary_name(true));
        let flags = GroupFlags::from_arg_matches(&command.get_matches_from(line)).unwrap();
        let ecs_services = vec![EcsService { cluster: cluster.to_owned(), service: service.to_owned() }];
        let group = Group { ecs_services, ..Group::default() };
        let found = Wanted::of(flags).and_then(|wanted| {
            let deploys = wanted.deployed(&group)?;
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

    #[test]
    fn a_group_is_assumed_if_either_name_is() {
        let assumes = |line: &[&str]| {
            let command = GroupFlags::augment_args(Command::new("deploy").no_binary_name(true));
            let flags = GroupFlags::from_arg_matches(&command.get_matches_from(line)).unwrap();
            Wanted::of(flags).unwrap().assumes()
        };
        let [service, application, group] =
            [["--service", "main/web"], ["--application", "a"], ["--deployment-group", "g"]];
        assert!(assumes(&service) && assumes(&[service, application].concat()) && assumes(&[service, group].concat()));
        assert!(!assumes(&[application, group].concat()));
    }

    /// The ECS console keeps 46 characters of each name.
    #[test]
    fn long_names_are_cut_in_the_names_that_are_assumed() {
        for (length, kept) in [(45, 45), (46, 46), (47, 46)] {
            let (cluster, service) = ("c".repeat(length), "s".repeat(length));
            let line = ["--service", &format!("{cluster}/{service}")];
            let command = GroupFlags::augment_args(Command::new("deploy").no_binary_name(true));
            let flags = GroupFlags::from_arg_matches(&command.get_matches_from(line)).unwrap();
            let wanted = Wanted::of(flags).unwrap();
            let names =
                ["AppECS", "DgpECS"].map(|prefix| format!("{prefix}-{}-{}", "c".repeat(kept), "s".repeat(kept)));
            assert_eq!([&wanted.application, &wanted.group], [&names[0], &names[1]]);
            assert!(wanted.assumes() && wanted.application_assumed && wanted.group_assumed);
        }
    }
}
