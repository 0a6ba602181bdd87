//! Asks AWS for the facts that the rules are about: load balancer, roles, network and what may change from hour to hour.

use std::collections::BTreeMap;

use codedeploy_core::account::facts::{Decision, Named};
use codedeploy_core::account::{Fact, Facts, Needs, NotChecked, Subject};
use codedeploy_core::artifact::service::Service;
use codedeploy_core::deployment::{DeploymentStatus, Group};
use codedeploy_core::fault::shown;

use super::ask::{Ask, Wanted, item};
use super::calls::Calls;
use crate::cloudwatch::alarms_in_alarm;
use crate::codedeploy::{DeploymentFilter, list_deployments};
use crate::config::Aws;
use crate::{auto_scaling, ec2, elb, iam, lambda, quotas};

/// Asks for everything else that the rules are about, once the service and the group are known or known to be unknown.
pub(super) async fn gather(
    calls: Calls,
    subject: &Subject<'_>,
    service: Fact<Service>,
    group: Fact<Group>,
    wanted: Wanted<'_>,
) -> Facts {
    let needs = Needs::of(subject);
    let ask =
        Ask { calls, needs: &needs, account: service.known().and_then(|service| service.account.clone()), wanted };
    let region = ask.calls.aws.region().unwrap_or_default().to_owned();
    let known = Facts { region, service, group, ..Facts::default() };
    let (balancing, roles, artifact, network, state) = tokio::join!(
        ask.balancing(&known),
        ask.roles(&known),
        ask.artifact(),
        ask.network(subject, &known),
        ask.state(&known),
    );
    Facts {
        target_groups: balancing.target_groups,
        listeners: balancing.listeners,
        functions: roles.functions,
        roles: roles.roles,
        permissions: roles.permissions,
        images: artifact.images,
        secrets: artifact.secrets,
        parameters: artifact.parameters,
        log_groups: artifact.log_groups,
        subnets: network.subnets,
        security_groups: network.security_groups,
        active: state.active,
        alarms: state.alarms,
        scaling: state.scaling,
        quotas: state.quotas,
        ..known
    }
}

impl Ask<'_> {
    async fn balancing(&self, known: &Facts) -> Facts {
        let Some(group) = known.group.known() else { return Facts::default() };
        let names = group.target_groups.iter().filter(|_| self.wants(&["ACC03", "ACC16"])).cloned();
        let mut routes = Vec::new();
        for (code, of) in [("ACC04", &group.test_routes), ("ACC05", &group.production_routes)] {
            routes.extend(of.iter().filter(|_| self.wants(&[code])).cloned());
        }
        let (target_groups, listeners) = tokio::join!(
            self.calls.each(
                names,
                async |aws: Aws, name: String| elb::target_group(&aws, &name).await,
                |name, region| { format!("target group {} not found in {region}", shown(name)) }
            ),
            self.calls.each(
                routes,
                async |aws: Aws, arn: String| elb::listener(&aws, &arn).await,
                |arn, region| { format!("listener {} not found in {region}", shown(arn)) }
            ),
        );
        Facts { target_groups, listeners, ..Facts::default() }
    }

    /// Hooks, roles, and what the service role may do with both.
    async fn roles(&self, known: &Facts) -> Facts {
        let service_role = known.group.known().and_then(|group| group.service_role.clone());
        let mut of: Vec<String> = Vec::new();
        if self.wants(&["ACC07"]) {
            of.extend(service_role.clone());
        }
        if self.wants(&["ACC09", "ACC10"]) {
            of.extend(self.needs.roles.iter().map(|role| role.name.clone()));
        }
        let hooks = self.needs.hooks.iter().filter(|_| self.wants(&["ACC06", "ACC08"])).map(|hook| hook.name.clone());
        let (here, elsewhere) = self.here(of);
        let (mut roles, functions) = tokio::join!(
            self.calls.each(
                here,
                async |aws: Aws, role: String| iam::role(&aws, item(&role).role_name()).await,
                |role, _| { format!("role {} not found", shown(role)) }
            ),
            self.calls.each(
                hooks,
                async |aws: Aws, hook: String| {
                    let item = item(&hook);
                    let (name, qualifier) = item.function();
                    lambda::function(&aws, name, qualifier).await
                },
                |hook, region| format!("function {} not found in {region}", shown(hook)),
            ),
        );
        roles.extend(elsewhere);
        let mut permissions = Named::new();
        if let Some(role) = service_role {
            let invoked = functions.values().filter_map(Fact::known).map(|function| function.arn.clone());
            let passed = self.needs.roles.iter().filter_map(|it| Some(roles.get(&it.name)?.known()?.arn.clone()));
            let invoked: Vec<String> = invoked.filter(|_| self.wants(&["ACC08"])).collect();
            let passed: Vec<String> = passed.filter(|_| self.wants(&["ACC10"])).collect();
            let to_ecs = Some(("iam:PassedToService", "ecs-tasks.amazonaws.com"));
            let (invoke, pass) = tokio::join!(
                self.may(&role, "lambda:InvokeFunction", invoked, None),
                self.may(&role, "iam:PassRole", passed, to_ecs),
            );
            permissions.extend(invoke.into_iter().chain(pass));
        }
        Facts { roles, functions, permissions, ..Facts::default() }
    }

    /// What a role may do with each of the resources.
    async fn may(
        &self,
        role: &str,
        action: &'static str,
        mut resources: Vec<String>,
        context: Option<(&str, &str)>,
    ) -> Named<Decision> {
        resources.sort_unstable();
        resources.dedup();
        if resources.is_empty() {
            return Named::new();
        }
        let question = async { iam::simulate(&self.calls.aws, role, action, &resources, context).await.map(Some) };
        let answer = self.calls.ask(question, String::new).await;
        let of = |resource: &String| {
            let decision = answer.as_known().map(|found| found.iter().find(|(name, _)| name == resource));
            let fact = match decision {
                Ok(Some((_, decision))) => Fact::Known(decision.clone()),
                Ok(None) => Fact::NotChecked(NotChecked::because("the simulation has no result for it")),
                Err(why) => Fact::NotChecked(why),
            };
            (format!("{action} {resource}"), fact)
        };
        resources.iter().map(of).collect()
    }

    async fn network(&self, subject: &Subject<'_>, known: &Facts) -> Facts {
        let Some(network) = subject.network(known.service.known()) else { return Facts::default() };
        let aws = &self.calls.aws;
        let subnets = async {
            if !self.wants(&["ACC16", "ACC17"]) {
                return Named::new();
            }
            let question = async { ec2::subnets(aws, network.subnets()).await.map(Some) };
            found("subnet", network.subnets(), &self.calls.ask(question, String::new).await)
        };
        let groups = async {
            if !self.wants(&["ACC16"]) {
                return Named::new();
            }
            let question = async { ec2::security_groups(aws, network.security_groups()).await.map(Some) };
            found("security group", network.security_groups(), &self.calls.ask(question, String::new).await)
        };
        let (subnets, security_groups) = tokio::join!(subnets, groups);
        Facts { subnets, security_groups, ..Facts::default() }
    }

    async fn state(&self, known: &Facts) -> Facts {
        let (service, group) = (known.service.known(), known.group.known());
        let aws = &self.calls.aws;
        let active = async {
            let Some(group) = group.filter(|_| self.wants(&["ACC04", "ACC05", "ACC18"])) else {
                return Fact::default();
            };
            let filter = DeploymentFilter {
                application: &group.application,
                group: &group.name,
                statuses: DeploymentStatus::ACTIVE,
                created_after_ms: None,
                limit: 1,
            };
            self.calls.ask(async { list_deployments(aws, &filter).await.map(Some) }, String::new).await
        };
        let alarms = async {
            let Some(group) = group.filter(|_| self.wants(&["ACC19"])) else { return Fact::default() };
            let watched = group.alarms.watched();
            if watched.is_empty() {
                return Fact::Known(Vec::new());
            }
            self.calls.ask(async { alarms_in_alarm(aws, watched).await.map(Some) }, String::new).await
        };
        let scaling = async {
            let Some(service) = service.filter(|_| self.wants(&["ACC20"])) else { return Fact::default() };
            let question = async { auto_scaling::scaling(aws, &service.cluster, &service.name).await.map(Some) };
            self.calls.ask(question, String::new).await
        };
        let quota = async {
            let Some(code) = service.and(self.needs.quota.as_deref()).filter(|_| self.wants(&["ACC21"])) else {
                return BTreeMap::new();
            };
            let fact = self.calls.ask(async { quotas::fargate(aws, code).await.map(Some) }, String::new).await;
            BTreeMap::from([(code.to_owned(), fact)])
        };
        let (active, alarms, scaling, quotas) = tokio::join!(active, alarms, scaling, quota);
        Facts { active, alarms, scaling, quotas, ..Facts::default() }
    }
}

/// One fact for each ID, of an answer about all of them.
fn found<T: Clone>(what: &str, ids: &[String], answer: &Fact<BTreeMap<String, T>>) -> Named<T> {
    let of = |id: &String| {
        let fact = match answer.as_known() {
            Ok(found) => match found.get(id) {
                Some(found) => Fact::Known(found.clone()),
                None => Fact::Missing(format!("{what} {} not found", shown(id))),
            },
            Err(why) => Fact::NotChecked(why),
        };
        (id.clone(), fact)
    };
    ids.iter().map(of).collect()
}
