//! The rules, in the order in which they are shown.

mod group;
mod hooks;
mod images;
mod listeners;
mod network;
mod references;
mod roles;
mod service;
mod state;
mod target_groups;

use super::facts::Facts;
use super::needs::{Needs, Subject};
use super::outcome::{Outcome, Rule};
use super::seen::Seen;
use crate::fault::Form;
use crate::text::suggest::did_you_mean;

/// All rules.
pub static RULES: &[Rule] = &[
    Rule {
        code: "ACC01",
        title: "The ECS service exists, is active and is deployed by CodeDeploy",
        page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-bluegreen.html",
        check: service::check,
    },
    Rule {
        code: "ACC02",
        title: "The deployment group exists and deploys the service",
        page: "https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-create-ecs.html",
        check: group::check,
    },
    Rule {
        code: "ACC03",
        title: "The two target groups exist and fit the tasks",
        page: "https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-create-load-balancer-for-ecs.html",
        check: target_groups::check,
    },
    Rule {
        code: "ACC04",
        title: "The test listener forwards to the target group of the primary task set",
        page: "https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-create-load-balancer-for-ecs.html",
        check: listeners::test,
    },
    Rule {
        code: "ACC05",
        title: "The production listener forwards to the target group of the primary task set",
        page: "https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-groups-create-load-balancer-for-ecs.html",
        check: listeners::production,
    },
    Rule {
        code: "ACC06",
        title: "The Lambda functions of the hooks exist and can be invoked",
        page: "https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html",
        check: hooks::exist,
    },
    Rule {
        code: "ACC07",
        title: "The CodeDeploy service role exists and trusts CodeDeploy",
        page: "https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html",
        check: roles::service_role,
    },
    Rule {
        code: "ACC08",
        title: "The CodeDeploy service role may invoke the hooks",
        page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/codedeploy_IAM_role.html",
        check: hooks::invoked,
    },
    Rule {
        code: "ACC09",
        title: "The task role and the task execution role exist and trust ECS tasks",
        page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
        check: roles::task_roles,
    },
    Rule {
        code: "ACC10",
        title: "The CodeDeploy service role may pass the roles of the task",
        page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/codedeploy_IAM_role.html",
        check: roles::passed,
    },
    Rule {
        code: "ACC11",
        title: "The images exist in Amazon ECR",
        page: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-pull-errors.html",
        check: images::exist,
    },
    Rule {
        code: "ACC12",
        title: "The images are built for the CPU architecture of the task",
        page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-arm64.html",
        check: images::architecture,
    },
    Rule {
        code: "ACC13",
        title: "The secrets exist in AWS Secrets Manager",
        page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
        check: references::secrets,
    },
    Rule {
        code: "ACC14",
        title: "The parameters exist in Systems Manager Parameter Store",
        page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-ssm-paramstore.html",
        check: references::parameters,
    },
    Rule {
        code: "ACC15",
        title: "The log groups exist",
        page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html",
        check: references::log_groups,
    },
    Rule {
        code: "ACC16",
        title: "The subnets and security groups exist in the VPC of the target groups",
        page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-networking.html",
        check: network::vpc,
    },
    Rule {
        code: "ACC17",
        title: "The subnets have free addresses for a second task set",
        page: "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html",
        check: network::addresses,
    },
    Rule {
        code: "ACC18",
        title: "No other deployment of the group is active",
        page: "https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_CreateDeployment.html",
        check: state::active,
    },
    Rule {
        code: "ACC19",
        title: "No alarm of the group is in ALARM",
        page: "https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-create-alarms.html",
        check: state::alarms,
    },
    Rule {
        code: "ACC20",
        title: "Auto scaling of the service is not suspended",
        page: "https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html",
        check: state::scaling,
    },
    Rule {
        code: "ACC21",
        title: "The vCPU quota of Fargate has room for a second task set",
        page: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html",
        check: state::quota,
    },
];

/// The texts of the findings.
pub(super) const FORMS: &[&[Form]] = &[
    service::FORMS,
    group::FORMS,
    target_groups::FORMS,
    listeners::FORMS,
    hooks::FORMS,
    roles::FORMS,
    images::FORMS,
    references::FORMS,
    network::FORMS,
    state::FORMS,
];

/// One outcome for each rule, in their order; those that `skip` names are not checked.
pub fn check(subject: &Subject<'_>, facts: &Facts, skip: &dyn Fn(&str) -> bool) -> Vec<Outcome> {
    let needs = Needs::of(subject);
    let seen = Seen { subject, needs: &needs, facts };
    let outcome = |rule: &'static Rule| {
        let mut outcome = Outcome::new(rule);
        outcome.skipped = skip(rule.code);
        if !outcome.skipped {
            (rule.check)(&seen, &mut outcome);
        }
        outcome
    };
    RULES.iter().map(outcome).collect()
}

/// The rule with that code, or the code that may have been meant.
///
/// # Errors The most similar code of a rule, if there is one.
pub fn rule(code: &str) -> Result<&'static Rule, Option<String>> {
    let found = RULES.iter().find(|rule| rule.code.eq_ignore_ascii_case(code));
    found.ok_or_else(|| did_you_mean(code, RULES.iter().map(|rule| rule.code)).map(std::string::ToString::to_string))
}
