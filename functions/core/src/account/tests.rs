use std::collections::BTreeMap;

use expect_test::{Expect, expect};

use super::facts::*;
use super::*;
use crate::artifact::appspec::{AppSpec, Hook, Network};
use crate::artifact::service::{Controller, LoadBalancer, Service};
use crate::artifact::task_definition::TaskDefinition;
use crate::deployment::{Alarms, EcsService, FiredAlarm, Group};
use crate::fault::Explain;
use crate::fault::finding::{Finding, Severity};

const REGION: &str = "eu-west-1";
const HOOK: &str = "arn:aws:lambda:eu-west-1:111111111111:function:check";
const IMAGE: &str = "111111111111.dkr.ecr.eu-west-1.amazonaws.com/web:1.4.2";
const SECRET: &str = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:db-AbCdEf";
const TASK_ROLE: &str = "arn:aws:iam::111111111111:role/task";
const SERVICE_ROLE: &str = "arn:aws:iam::111111111111:role/codedeploy";
const PRODUCTION: &str = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/main/1/prod";
const TEST: &str = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/main/1/test";

fn target_group(name: &str) -> String {
    format!("arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/{name}/1")
}

/// An artifact and an account in which every rule has something to check and passes.
struct World {
    appspec: AppSpec,
    task_definition: serde_json::Value,
    facts: Facts,
}

fn one<T>(name: &str, value: T) -> Named<T> {
    BTreeMap::from([(name.to_owned(), Fact::Known(value))])
}

impl World {
    fn good() -> World {
        let network =
            Network::new(vec!["subnet-12345678".to_owned()], vec!["sg-12345678".to_owned()], "DISABLED").unwrap();
        let mut appspec = AppSpec::new("<TASK_DEFINITION>", "web", 8080);
        appspec.network = Some(network);
        appspec.hooks = vec![(Hook::AfterInstall, HOOK.to_owned())];
        let task_definition = serde_json::json!({
            "family": "web", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "512", "memory": "1024",
            "taskRoleArn": TASK_ROLE, "executionRoleArn": TASK_ROLE,
            "containerDefinitions": [{
                "name": "web", "image": IMAGE, "portMappings": [{"containerPort": 8080}],
                "secrets": [{"name": "DB", "valueFrom": format!("{SECRET}:password::")}, {"name": "P", "valueFrom": "/web/p"}],
                "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/ecs/web", "awslogs-region": REGION}},
            }],
        });
        let pair = |name: &str| {
            let found = TargetGroup {
                arn: target_group(name),
                target_type: "ip".to_owned(),
                protocol: "HTTP".to_owned(),
                vpc: "vpc-1".to_owned(),
                load_balancers: vec!["lb".to_owned()],
                health_check: HealthCheck { port: "traffic-port".to_owned(), ..HealthCheck::default() },
            };
            (name.to_owned(), Fact::Known(found))
        };
        let listener = |arn: &str| {
            let forwards = vec![(target_group("blue"), 100), (target_group("green"), 0)];
            let rules = vec![ListenerRule { arn: None, forwards }];
            (arn.to_owned(), Fact::Known(Listener { name: "HTTPS:443".to_owned(), rules, ..Listener::default() }))
        };
        let role = |arn: &str, service: &str| {
            (arn.to_owned(), Fact::Known(Role { arn: arn.to_owned(), trusts: vec![service.to_owned()] }))
        };
        let allowed = |permission: String| (permission, Fact::Known(Decision::Allowed));
        let facts = Facts {
            region: REGION.to_owned(),
            service: Fact::Known(Service {
                cluster: "prod".to_owned(),
                name: "shop".to_owned(),
                controller: Controller::CodeDeploy,
                deployment: None,
                task_definition: None,
                load_balancers: vec![LoadBalancer {
                    container_name: "web".to_owned(),
                    container_port: 8080,
                    target_group: Some(target_group("blue")),
                }],
                platform_version: None,
                network: None,
                capacity_provider_strategy: Vec::new(),
                own_network: None,
                account: Some("111111111111".to_owned()),
                desired_count: 2,
            }),
            group: Fact::Known(Group {
                application: "shop".to_owned(),
                name: "shop".to_owned(),
                ecs_services: vec![EcsService { cluster: "prod".to_owned(), service: "shop".to_owned() }],
                target_groups: vec!["blue".to_owned(), "green".to_owned()],
                production_routes: vec![PRODUCTION.to_owned()],
                test_routes: vec![TEST.to_owned()],
                service_role: Some(SERVICE_ROLE.to_owned()),
                alarms: Alarms { enabled: true, names: vec!["5xx".to_owned()], ..Alarms::default() },
                ..Group::default()
            }),
            target_groups: [pair("blue"), pair("green")].into(),
            listeners: [listener(PRODUCTION), listener(TEST)].into(),
            functions: one(HOOK, Function { arn: HOOK.to_owned(), state: "Active".to_owned() }),
            roles: [role(TASK_ROLE, "ecs-tasks.amazonaws.com"), role(SERVICE_ROLE, "codedeploy.amazonaws.com")].into(),
            permissions: [
                allowed(format!("lambda:InvokeFunction {HOOK}")),
                allowed(format!("iam:PassRole {TASK_ROLE}")),
            ]
            .into(),
            images: one(
                IMAGE,
                Image { platforms: vec!["linux/arm64".to_owned(), "linux/amd64".to_owned()], unread: None },
            ),
            secrets: one(SECRET, Secret::default()),
            parameters: one("/web/p", ()),
            log_groups: one("/ecs/web", ()),
            subnets: one("subnet-12345678", Subnet { vpc: "vpc-1".to_owned(), free: 200 }),
            security_groups: one("sg-12345678", "vpc-1".to_owned()),
            active: Fact::Known(Vec::new()),
            alarms: Fact::Known(Vec::new()),
            scaling: Fact::Known(Some(Scaling { least: 1, most: 4, suspended: Suspended::default() })),
            quotas: BTreeMap::from([("L-3032A538".to_owned(), Fact::Known(6))]),
        };
        World { appspec, task_definition, facts }
    }

    fn outcomes(&self) -> Vec<Outcome> {
        let (task_definition, _) = TaskDefinition::read(&self.task_definition.to_string(), "taskdef.json").unwrap();
        let subject = Subject {
            appspec: Some((&self.appspec, "appspec.yml")),
            task_definition: Some((&task_definition, "taskdef.json")),
        };
        check(&subject, &self.facts, &|_| false)
    }

    fn service(&mut self) -> &mut Service {
        known(&mut self.facts.service)
    }

    fn group(&mut self) -> &mut Group {
        known(&mut self.facts.group)
    }
}

fn known<T>(fact: &mut Fact<T>) -> &mut T {
    match fact {
        Fact::Known(value) => value,
        other => panic!("{}", matches!(other, Fact::Missing(_))),
    }
}

fn named<'m, T>(facts: &'m mut Named<T>, name: &str) -> &'m mut T {
    known(facts.get_mut(name).unwrap())
}

fn missing<T>(facts: &mut Named<T>, name: &str) {
    facts.insert(name.to_owned(), Fact::Missing(format!("{name} not found in {REGION}")));
}

fn denied<T>(action: &str) -> Fact<T> {
    Fact::NotChecked(NotChecked { needs: Some(action.to_owned()), why: "access denied".to_owned(), later: false })
}

/// The rules that do not pass in a world that is changed like this.
fn states(change: impl FnOnce(&mut World)) -> Vec<(&'static str, State)> {
    let mut world = World::good();
    change(&mut world);
    let outcomes = world.outcomes();
    outcomes.iter().map(|it| (it.rule.code, it.state())).filter(|(_, state)| *state != State::Passed).collect()
}

/// The first finding of that rule.
fn finding(code: &str, change: impl FnOnce(&mut World), expect: &Expect) {
    let mut world = World::good();
    change(&mut world);
    let outcome = world.outcomes().into_iter().find(|it| it.rule.code == code).unwrap();
    expect.assert_eq(&outcome.findings.first().map(super::super::fault::finding::Finding::report).unwrap_or_default());
}

#[test]
fn a_good_world_passes_every_rule() {
    assert_eq!(states(|_| {}), []);
    assert_eq!(World::good().outcomes().len(), RULES.len());
}

/// A world for each rule in which it alone finds something.
#[test]
fn each_rule_finds_what_it_is_for() {
    type Change = fn(&mut World);
    let error = State::Found(Severity::Error);
    let warning = State::Found(Severity::Warning);
    let cases: Vec<(&str, State, Change)> = vec![
        ("ACC01", error, |it| it.service().controller = Controller::EcsRolling),
        ("ACC02", error, |it| it.group().ecs_services[0].service = "api".to_owned()),
        ("ACC03", error, |it| named(&mut it.facts.target_groups, "green").target_type = "instance".to_owned()),
        ("ACC03", error, |it| missing(&mut it.facts.target_groups, "green")),
        ("ACC03", error, |it| named(&mut it.facts.target_groups, "green").load_balancers = vec!["other".to_owned()]),
        ("ACC03", warning, |it| named(&mut it.facts.target_groups, "green").health_check.path = "/other".to_owned()),
        ("ACC03", warning, |it| named(&mut it.facts.target_groups, "green").protocol = "HTTPS".to_owned()),
        ("ACC04", error, |it| {
            named(&mut it.facts.listeners, TEST).rules[0].forwards = vec![(target_group("green"), 1)];
        }),
        ("ACC04", error, |it| missing(&mut it.facts.listeners, TEST)),
        ("ACC05", error, |it| named(&mut it.facts.listeners, PRODUCTION).rules[0].forwards.reverse_weights()),
        ("ACC05", error, |it| it.group().production_routes.clear()),
        ("ACC06", error, |it| named(&mut it.facts.functions, HOOK).state = "Failed".to_owned()),
        ("ACC06", warning, |it| named(&mut it.facts.functions, HOOK).state = "Inactive".to_owned()),
        ("ACC07", error, |it| named(&mut it.facts.roles, SERVICE_ROLE).trusts = vec!["ec2.amazonaws.com".to_owned()]),
        ("ACC07", error, |it| missing(&mut it.facts.roles, SERVICE_ROLE)),
        ("ACC08", error, |it| it.decide("lambda:InvokeFunction", HOOK, Decision::Denied { explicitly: false })),
        ("ACC08", error, |it| it.decide("lambda:InvokeFunction", HOOK, Decision::Denied { explicitly: true })),
        ("ACC09", error, |it| named(&mut it.facts.roles, TASK_ROLE).trusts.clear()),
        ("ACC10", error, |it| it.decide("iam:PassRole", TASK_ROLE, Decision::Denied { explicitly: false })),
        ("ACC10", error, |it| it.decide("iam:PassRole", TASK_ROLE, Decision::Denied { explicitly: true })),
        ("ACC12", error, |it| {
            it.task_definition["runtimePlatform"] = serde_json::json!({"operatingSystemFamily":
            "WINDOWS_SERVER_2022_CORE"});
        }),
        ("ACC12", error, |it| named(&mut it.facts.images, IMAGE).platforms = vec!["linux/arm64".to_owned()]),
        ("ACC13", error, |it| missing(&mut it.facts.secrets, SECRET)),
        ("ACC13", error, |it| named(&mut it.facts.secrets, SECRET).deleted = true),
        ("ACC14", error, |it| missing(&mut it.facts.parameters, "/web/p")),
        ("ACC15", error, |it| missing(&mut it.facts.log_groups, "/ecs/web")),
        ("ACC16", error, |it| *named(&mut it.facts.security_groups, "sg-12345678") = "vpc-2".to_owned()),
        ("ACC16", error, |it| named(&mut it.facts.subnets, "subnet-12345678").vpc = "vpc-2".to_owned()),
        ("ACC17", warning, |it| named(&mut it.facts.subnets, "subnet-12345678").free = 1),
        ("ACC18", error, |it| it.facts.active = Fact::Known(vec!["d-1".to_owned()])),
        ("ACC19", error, |it| {
            it.facts.alarms = Fact::Known(vec![FiredAlarm { name: "5xx".to_owned(), ..FiredAlarm::default() }]);
        }),
        ("ACC20", warning, |it| {
            it.facts.scaling = Fact::Known(Some(Scaling {
                suspended: Suspended { scale_out: true, ..Suspended::default() },
                ..Scaling::default()
            }));
        }),
        ("ACC21", error, |it| {
            it.facts.quotas.insert("L-3032A538".to_owned(), Fact::Known(1));
        }),
    ];
    for (place, (code, state, change)) in cases.into_iter().enumerate() {
        assert_eq!(states(change), [(code, state)], "{place}");
    }
    // These are seen by a rule that depends on them as well, which does not pass then.
    let check = |code, change: Change| assert!(states(change).contains(&(code, error)), "{code}");
    check("ACC01", |it| it.facts.service = Fact::Missing("service \"prod/shop\" not found".to_owned()));
    check("ACC02", |it| it.facts.group = Fact::Missing("deployment group not found".to_owned()));
    check("ACC03", |it| it.group().target_groups.truncate(1));
    check("ACC03", |it| it.service().load_balancers[0].target_group = Some(target_group("other")));
    check("ACC06", |it| missing(&mut it.facts.functions, HOOK));
    check("ACC09", |it| missing(&mut it.facts.roles, TASK_ROLE));
    check("ACC11", |it| missing(&mut it.facts.images, IMAGE));
    check("ACC16", |it| missing(&mut it.facts.subnets, "subnet-12345678"));
    check("ACC16", |it| it.facts.target_groups.values_mut().for_each(|fact| known(fact).vpc = "vpc-3".to_owned()));
    check("ACC03", |it| named(&mut it.facts.target_groups, "blue").vpc = "vpc-3".to_owned());
}

#[test]
fn listeners_that_a_deployment_is_changing_are_not_checked() {
    let found = states(|it| {
        it.facts.active = Fact::Known(vec!["d-1".to_owned()]);
        named(&mut it.facts.listeners, PRODUCTION).rules[0].forwards = vec![(target_group("green"), 1)];
    });
    assert_eq!(found, [("ACC05", State::NotChecked), ("ACC18", State::Found(Severity::Error))]);
}

/// What `judge` makes of a world: the codes that fail the run, or those that do not.
fn judged(strict: bool, change: impl FnOnce(&mut World)) -> Result<Vec<String>, Vec<String>> {
    let mut world = World::good();
    change(&mut world);
    let codes = |findings: &[Finding]| -> Vec<String> {
        findings.iter().map(|it| format!("{} {}", it.severity.name(), it.code)).collect()
    };
    let own = Finding { severity: Severity::Note, ..unchecked_of("ACC20") };
    judge(vec![own], &world.outcomes(), strict).map(|it| codes(&it)).map_err(|it| codes(&it.findings))
}

fn unchecked_of(code: &'static str) -> Finding {
    let mut outcome = super::Outcome::new(rule(code).unwrap());
    outcome.unknown(&NotChecked::because("x"));
    unchecked(&outcome, true).next().unwrap()
}

#[test]
fn a_run_fails_on_errors_and_if_strict_on_warnings_and_on_what_was_not_checked() {
    let said = |codes: &[&str]| codes.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
    let both = |it: &mut World| {
        named(&mut it.facts.subnets, "subnet-12345678").free = 1;
        it.facts.images.insert(IMAGE.to_owned(), denied("ecr:BatchGetImage"));
    };
    let notes = ["warning ACC17", "note ACC20", "note ACC11", "note ACC12"];
    assert_eq!(judged(false, both), Ok(said(&notes)));
    assert_eq!(judged(true, both), Err(said(&["warning ACC17", "warning ACC11", "warning ACC12"])));
    assert_eq!(judged(true, |_| {}), Ok(said(&["note ACC20"])));
    let error = |it: &mut World| {
        both(it);
        missing(&mut it.facts.log_groups, "/ecs/web");
    };
    assert_eq!(judged(false, error), Err(said(&["error ACC15"])));
    let all = ["error ACC15", "warning ACC17", "warning ACC11", "warning ACC12"];
    assert_eq!(judged(true, error), Err(said(&all)), "the worst first");
    // There is nothing yet that a permission or a change could make checkable.
    let placeholder = |it: &mut World| it.task_definition["containerDefinitions"][0]["image"] = "<IMAGE1_NAME>".into();
    assert_eq!(judged(true, placeholder), Ok(said(&["note ACC20", "note ACC11", "note ACC12"])));
}

#[test]
fn what_was_not_checked_says_what_it_needs() {
    let mut world = World::good();
    world.facts.images.insert(IMAGE.to_owned(), denied("ecr:BatchGetImage"));
    let error = judge(Vec::new(), &world.outcomes(), true).unwrap_err();
    expect![[r#"
        ACC11: not checked: needs ecr:BatchGetImage (The images exist in Amazon ECR)
        hint: allow ecr:BatchGetImage to the role that reads, or add ACC11 to `ignore`"#]]
    .assert_eq(&error.findings[0].report());
    assert_eq!(Explain::kind(&error), crate::fault::Kind::Denied);
}

/// No rule passes on a call that was denied, and the outcome names the permission.
#[test]
fn each_rule_without_its_permission_is_not_checked() {
    type Change = fn(&mut World);
    let cases: Vec<(&[&str], &str, Change)> = vec![
        (&["ACC01"], "ecs:DescribeServices", |it| it.facts.service = denied("ecs:DescribeServices")),
        (&["ACC02"], "codedeploy:GetDeploymentGroup", |it| it.facts.group = denied("codedeploy:GetDeploymentGroup")),
        (&["ACC03"], "x:TargetGroups", |it| deny(&mut it.facts.target_groups, "x:TargetGroups")),
        (&["ACC04", "ACC05"], "x:Listeners", |it| deny(&mut it.facts.listeners, "x:Listeners")),
        (&["ACC06", "ACC08"], "x:Function", |it| deny(&mut it.facts.functions, "x:Function")),
        (&["ACC07", "ACC09", "ACC10"], "iam:GetRole", |it| deny(&mut it.facts.roles, "iam:GetRole")),
        (&["ACC08", "ACC10"], "iam:Simulate", |it| deny(&mut it.facts.permissions, "iam:Simulate")),
        (&["ACC11", "ACC12"], "ecr:BatchGetImage", |it| deny(&mut it.facts.images, "ecr:BatchGetImage")),
        (&["ACC13"], "x:DescribeSecret", |it| deny(&mut it.facts.secrets, "x:DescribeSecret")),
        (&["ACC14"], "x:DescribeParameters", |it| deny(&mut it.facts.parameters, "x:DescribeParameters")),
        (&["ACC15"], "x:DescribeLogGroups", |it| deny(&mut it.facts.log_groups, "x:DescribeLogGroups")),
        (&["ACC16", "ACC17"], "ec2:DescribeSubnets", |it| deny(&mut it.facts.subnets, "ec2:DescribeSubnets")),
        (&["ACC16"], "ec2:DescribeSG", |it| deny(&mut it.facts.security_groups, "ec2:DescribeSG")),
        (&["ACC18"], "x:ListDeployments", |it| it.facts.active = denied("x:ListDeployments")),
        (&["ACC19"], "x:DescribeAlarms", |it| it.facts.alarms = denied("x:DescribeAlarms")),
        (&["ACC20"], "x:ScalableTargets", |it| it.facts.scaling = denied("x:ScalableTargets")),
        (&["ACC21"], "x:GetServiceQuota", |it| {
            it.facts.quotas.insert("L-3032A538".to_owned(), denied("x:GetServiceQuota"));
        }),
    ];
    for (codes, action, change) in cases {
        let mut world = World::good();
        change(&mut world);
        let outcomes = world.outcomes();
        for code in codes {
            let outcome = outcomes.iter().find(|it| it.rule.code == *code).unwrap();
            assert_eq!(outcome.state(), State::NotChecked, "{code} {action}");
            assert_eq!(outcome.not_checked[0].to_string(), format!("needs {action}"), "{code}");
        }
        let passing = outcomes.iter().filter(|it| it.state() == State::Passed).count();
        assert!(passing < RULES.len() && outcomes.iter().all(|it| it.findings.is_empty()), "{action}");
    }
    // Nothing at all was answered: not a single rule passes.
    let mut world = World::good();
    world.facts = Facts::default();
    assert!(world.outcomes().iter().all(|it| it.state() == State::NotChecked), "{:#?}", world.outcomes());
}

fn deny<T>(facts: &mut Named<T>, action: &str) {
    for fact in facts.values_mut() {
        *fact = denied(action);
    }
}

trait ReverseWeights {
    fn reverse_weights(&mut self);
}

impl ReverseWeights for Vec<(String, u32)> {
    fn reverse_weights(&mut self) {
        for (_, weight) in self {
            *weight = 100 - *weight;
        }
    }
}

impl World {
    fn decide(&mut self, action: &str, resource: &str, decision: Decision) {
        self.facts.permissions.insert(format!("{action} {resource}"), Fact::Known(decision));
    }
}

/// CodeDeploy accepts the listener, but the requests of the rule reach no task. A rule of another service is left alone.
#[test]
fn a_rule_that_forwards_elsewhere_comes_with_the_command_that_sets_it_right() {
    let rules = |stale: Vec<(String, u32)>| {
        let rule = |arn: &str, forwards| ListenerRule { arn: Some(arn.to_owned()), forwards };
        let default =
            ListenerRule { arn: None, forwards: vec![(target_group("green"), 0), (target_group("blue"), 100)] };
        vec![rule("arn:stale", stale), rule("arn:other", vec![(target_group("api-green"), 1)]), default]
    };
    finding(
        "ACC04",
        |it| named(&mut it.facts.listeners, TEST).rules = rules(vec![(target_group("green"), 1)]),
        &expect![[r#"
            ACC04: rule arn:stale of the test listener HTTPS:443 forwards to green, not to blue, the target group of the primary task set: its requests reach no task
            hint: run `aws elbv2 modify-rule --rule-arn arn:stale --actions Type=forward,TargetGroupArn=arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/blue/1 --region eu-west-1`"#]],
    );
    finding(
        "ACC05",
        |it| {
            let weights = vec![(target_group("green"), 100), (target_group("blue"), 0)];
            named(&mut it.facts.listeners, PRODUCTION).rules = rules(weights);
        },
        &expect![[r#"
            ACC05: rule arn:stale of the production listener HTTPS:443 forwards to green, not to blue, the target group of the primary task set: its requests reach no task
            hint: run `aws elbv2 modify-rule --rule-arn arn:stale --actions Type=forward,TargetGroupArn=arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/blue/1 --region eu-west-1`"#]],
    );
    let serving = vec![(target_group("green"), 0), (target_group("blue"), 100)];
    assert_eq!(states(|it| named(&mut it.facts.listeners, PRODUCTION).rules = rules(serving)), []);
    let active = |it: &mut World| {
        it.facts.active = Fact::Known(vec!["d-1".to_owned()]);
        named(&mut it.facts.listeners, PRODUCTION).rules = rules(vec![(target_group("green"), 100)]);
    };
    assert!(states(active).contains(&("ACC05", State::NotChecked)));
}

#[test]
fn a_listener_that_forwards_elsewhere_comes_with_the_command_that_sets_it_right() {
    finding(
        "ACC04",
        |it| named(&mut it.facts.listeners, TEST).rules[0].forwards = vec![(target_group("green"), 1)],
        &expect![[r#"
            ACC04: the test listener HTTPS:443 (arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/main/1/test) forwards to green, not to blue, the target group of the primary task set: CodeDeploy fails with "Primary taskset target group must be behind listener"
            hint: run `aws elbv2 modify-listener --listener-arn arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/main/1/test --default-actions Type=forward,TargetGroupArn=arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/blue/1 --region eu-west-1`"#]],
    );
    finding(
        "ACC05",
        |it| {
            let rule = ListenerRule { arn: Some("arn:rule".to_owned()), forwards: vec![(target_group("green"), 1)] };
            let default = ListenerRule { arn: None, forwards: Vec::new() };
            named(&mut it.facts.listeners, PRODUCTION).rules = vec![rule, default];
        },
        &expect![[r#"
            ACC05: the production listener HTTPS:443 (arn:aws:elasticloadbalancing:eu-west-1:111111111111:listener/app/main/1/prod) forwards to green, not to blue, the target group of the primary task set: CodeDeploy fails with "Primary taskset target group must be behind listener"
            hint: run `aws elbv2 modify-rule --rule-arn arn:rule --actions Type=forward,TargetGroupArn=arn:aws:elasticloadbalancing:eu-west-1:111111111111:targetgroup/blue/1 --region eu-west-1`"#]],
    );
}

#[test]
fn a_permission_that_depends_on_conditions_is_neither_allowed_nor_denied() {
    let depends = Decision::Depends(vec!["aws:SourceVpc".to_owned()]);
    let found = states(|it| it.decide("iam:PassRole", TASK_ROLE, depends));
    assert_eq!(found, [("ACC10", State::NotChecked)]);
}

#[test]
fn an_image_of_one_platform_or_elsewhere_is_not_passed() {
    let single = states(|it| named(&mut it.facts.images, IMAGE).platforms.clear());
    assert_eq!(single, [("ACC12", State::NotChecked)]);
    for image in ["<IMAGE1_NAME>", "nginx:1.27", "public.ecr.aws/nginx/nginx:1.27"] {
        let elsewhere = states(|it| it.task_definition["containerDefinitions"][0]["image"] = image.into());
        assert_eq!(elsewhere, [("ACC11", State::NotChecked), ("ACC12", State::NotChecked)], "{image}");
    }
}

#[test]
fn what_an_artifact_does_not_have_is_not_applicable() {
    let none = states(|it| {
        it.appspec.hooks.clear();
        it.group().test_routes.clear();
        it.group().alarms = Alarms::default();
        it.facts.scaling = Fact::Known(None);
        let container = it.task_definition["containerDefinitions"][0].as_object_mut().unwrap();
        container.remove("secrets");
        container.remove("logConfiguration");
    });
    let codes: Vec<&str> = none.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, ["ACC04", "ACC06", "ACC08", "ACC13", "ACC14", "ACC15", "ACC19", "ACC20"]);
    assert!(none.iter().all(|(_, state)| *state == State::NotApplicable), "{none:?}");
}

#[test]
fn without_a_file_its_rules_are_not_checked() {
    let outcomes = check(&Subject::default(), &World::good().facts, &|code| code == "ACC01");
    let state = |code: &str| outcomes.iter().find(|it| it.rule.code == code).unwrap().state();
    assert_eq!(state("ACC01"), State::Skipped);
    for code in ["ACC06", "ACC08", "ACC09", "ACC10", "ACC11", "ACC12", "ACC13", "ACC14", "ACC15", "ACC21"] {
        assert_eq!(state(code), State::NotChecked, "{code}");
    }
}

#[test]
fn references_are_read_in_all_their_forms() {
    let item = |name: &str| Item { name: name.to_owned(), path: String::new() };
    assert_eq!(item(&format!("{SECRET}:key:AWSCURRENT:")).secret_id(), SECRET);
    assert_eq!(item(SECRET).secret_id(), SECRET);
    assert_eq!(item("registry").secret_id(), "registry");
    assert_eq!(item("arn:aws:ssm:eu-west-1:1:parameter/a/b").parameter_names(), ["/a/b"]);
    assert_eq!(item("arn:aws:ssm:eu-west-1:1:parameter/a").parameter_names(), ["a", "/a"]);
    assert_eq!(item("/a/b").parameter_names(), ["/a/b"]);
    assert_eq!(item(HOOK).function(), (HOOK, None));
    assert_eq!(item(&format!("{HOOK}:live")).function(), (HOOK, Some("live")));
    assert_eq!(item("check:live").function(), ("check", Some("live")));
    let image = EcrImage::parse("111111111111.dkr-ecr.us-east-1.on.aws/a/b@sha256:00").unwrap();
    assert_eq!((&*image.account, image.region.as_str(), &*image.repository), ("111111111111", "us-east-1", "a/b"));
    assert_eq!((image.digest.as_deref(), &*image.tag), (Some("sha256:00"), "latest"));
    for other in ["web", "localhost:5000/web", "public.ecr.aws/a/b", "1.dkr.ecr.eu-west-1.amazonaws.com/web"] {
        assert_eq!(EcrImage::parse(other), None, "{other}");
    }
}

#[test]
fn the_text_shows_every_rule_once() {
    let mut world = World::good();
    world.facts.images.clear();
    world.facts.quotas.insert("L-3032A538".to_owned(), denied("servicequotas:GetServiceQuota"));
    world.facts.active = Fact::Known(vec!["d-1".to_owned()]);
    let outcomes = world.outcomes();
    expect![[r#"
          ACC01  passed          The ECS service exists, is active and is deployed by CodeDeploy
          ACC02  passed          The deployment group exists and deploys the service
          ACC03  passed          The two target groups exist and fit the tasks
          ACC04  passed          The test listener forwards to the target group of the primary task set
          ACC05  passed          The production listener forwards to the target group of the primary task set
          ACC06  passed          The Lambda functions of the hooks exist and can be invoked
          ACC07  passed          The CodeDeploy service role exists and trusts CodeDeploy
          ACC08  passed          The CodeDeploy service role may invoke the hooks
          ACC09  passed          The task role and the task execution role exist and trust ECS tasks
          ACC10  passed          The CodeDeploy service role may pass the roles of the task
          ACC11  not checked     The images exist in Amazon ECR (not checked: 111111111111.dkr.ecr.eu-west-1.amazonaws.com/web:1.4.2 was not looked up)
          ACC12  not checked     The images are built for the CPU architecture of the task (not checked: image 111111111111.dkr.ecr.eu-west-1.amazonaws.com/web:1.4.2 was not looked up)
          ACC13  passed          The secrets exist in AWS Secrets Manager
          ACC14  passed          The parameters exist in Systems Manager Parameter Store
          ACC15  passed          The log groups exist
          ACC16  passed          The subnets and security groups exist in the VPC of the target groups
          ACC17  passed          The subnets have free addresses for a second task set
          ACC18  error           No other deployment of the group is active
          ACC19  passed          No alarm of the group is in ALARM
          ACC20  passed          Auto scaling of the service is not suspended
          ACC21  not checked     The vCPU quota of Fargate has room for a second task set (not checked: needs servicequotas:GetServiceQuota)
        17 rules passed, 1 error, 3 not checked"#]]
    .assert_eq(&format!("{}\n{}", lines(&outcomes).join("\n"), summary(&outcomes)));
    let json = to_json(&outcomes);
    assert_eq!(json.as_array().unwrap().len(), RULES.len());
    assert_eq!(json[17]["status"], "error");
    assert_eq!(json[20]["not_checked"][0]["needs"], "servicequotas:GetServiceQuota");
}
