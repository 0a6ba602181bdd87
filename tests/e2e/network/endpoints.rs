//! The host of each call: of every partition, with FIPS and dual-stack, and where the user names another one. Which hosts
//! are right is said by botocore.

use std::{collections::BTreeSet, sync::OnceLock, time::Duration};

use e2e::{
    fake_aws::{
        codedeploy::{Group, Scenario},
        codepipeline::JobState,
        s3::Bucket,
        sts::Role,
    },
    job_event::JobEvent,
    programs,
    python::Worker,
    runtime_api::Lambda,
};
use expect_test::expect;
use serde_json::json;

use super::*;

/// What the environment of a program says of its endpoints.
#[derive(Debug, Clone, Copy)]
struct Kind {
    region: &'static str,
    partition: &'static str,
    fips: bool,
    dual: bool,
}

const fn kind(region: &'static str, partition: &'static str, fips: bool, dual: bool) -> Kind {
    Kind { region, partition, fips, dual }
}

const KINDS: [Kind; 7] = [
    kind("eu-west-1", "aws", false, true),
    kind("us-east-1", "aws", true, false),
    kind("us-east-1", "aws", true, true),
    kind("us-gov-west-1", "aws-us-gov", false, false),
    kind("us-gov-west-1", "aws-us-gov", true, false),
    kind("cn-north-1", "aws-cn", false, false),
    kind("cn-north-1", "aws-cn", false, true),
];

impl Kind {
    fn arn(self, rest: &str) -> String {
        format!("arn:{}:{rest}", self.partition)
    }

    fn environment(self, office: &Office) -> Environment {
        let mut environment = office.proxied().with("AWS_REGION", self.region).with("AWS_DEFAULT_REGION", self.region);
        for (on, variable) in [(self.fips, "AWS_USE_FIPS_ENDPOINT"), (self.dual, "AWS_USE_DUALSTACK_ENDPOINT")] {
            if on {
                environment = environment.with(variable, "true");
            }
        }
        environment
    }

    /// As botocore has them, with the port of a tunnel.
    fn hosts(self, services: &[&str]) -> BTreeSet<String> {
        static BOTO: OnceLock<Option<Worker>> = OnceLock::new();
        let worker = BOTO.get_or_init(|| Worker::start(include_str!("hosts.py"))).as_ref().expect("Python, as before");
        let hosts = worker.ask(&json!([self.region, self.fips, self.dual]));
        services
            .iter()
            .map(|service| format!("{}:443", hosts[*service].as_str().expect("a host of botocore")))
            .collect()
    }
}

fn asked(office: &Office) -> BTreeSet<String> {
    office.gateway.asked().into_iter().collect()
}

/// The table by which the library's own test judges the hosts of services that have no SDK crate here.
#[test]
fn the_table_of_hosts_is_that_of_botocore() {
    let Some(boto) = Worker::start(include_str!("every_host.py")) else { return };
    let rows = boto.ask(&json!(null));
    let rows: Vec<&str> = rows.as_array().expect("rows").iter().filter_map(serde_json::Value::as_str).collect();
    expect_test::expect_file!["../../../functions/aws/fixtures/hosts.tsv"].assert_eq(&(rows.join("\n") + "\n"));
}

/// A job that assumes a role, describes a service, and puts its artifact with a key of the partition.
#[test]
fn the_function_asks_the_hosts_that_botocore_asks() {
    let check = |kind: Kind| {
        let Some(office) = Office::in_region(kind.region, Rule::Open) else { return };
        let Kind { region, .. } = kind;
        let reader = kind.arn("iam::111111111111:role/reader");
        office.aws.add_bucket(Bucket::new("artifacts", ACCOUNT, region).requiring_kms());
        office.aws.add_role(Role::new(&reader, &["ecs:*"]).trusting(ACCOUNT));
        let arn = format!("arn:aws:ecs:{region}:{ACCOUNT}:task-definition/app:7");
        office.aws.add_service(ACCOUNT, region, "main", &samples::service(ACCOUNT, region, "main", "web", &arn));
        let key = kind.arn(&format!("kms:{region}:{ACCOUNT}:key/k"));
        let event = JobEvent::new(ACCOUNT, &office.keys)
            .output("Files", "artifacts", "out")
            .encryption_key(&key)
            .user_parameters(&json!({"service": "main/web", "role_arn": reader}));
        office.aws.add_job(ACCOUNT, event.id());
        let environment = Environment::of_lambda("", region, &office.keys).without("AWS_ENDPOINT_URL");
        let environment =
            kind.environment(&office).iter().fold(environment, |all, (name, value)| all.with(name, value));
        let mut lambda = Lambda::start(programs::lambda(), environment.with("ALLOWED_ROLE_ARNS", &reader));
        lambda.invoke(&event.text(), Duration::from_secs(30));
        let job = office.aws.job(event.id());
        assert_eq!(job.state, JobState::Succeeded, "{kind:?}: {:?}\n{}", job.results, lambda.log());
        assert_eq!(asked(&office), kind.hosts(&["codepipeline", "ecs", "s3", "sts"]), "{kind:?}");
        let object = office.aws.object("artifacts", "out").expect("an output artifact");
        assert_eq!(object.kms_key, Some(key), "{kind:?}");
        let reported = office.aws.calls("codepipeline:PutJobSuccessResult")[0].json();
        let made = kind.arn(&format!("ecs:{region}:{ACCOUNT}:task-definition/app:7"));
        assert_eq!(reported["outputVariables"]["task_definition_arn"], made, "{kind:?}");
    };
    std::thread::scope(|scope| KINDS.map(|kind| scope.spawn(move || check(kind))).map(|run| run.join().unwrap()));
}

/// A deployment that fails on an alarm is looked at with every service that the command line knows, S3 left out.
#[test]
fn the_command_line_asks_the_hosts_that_botocore_asks() {
    let check = |kind: Kind| {
        let Some(office) = Office::in_region(kind.region, Rule::Open) else { return };
        let Kind { region, .. } = kind;
        let arn = |revision| format!("arn:aws:ecs:{region}:{ACCOUNT}:task-definition/app:{revision}");
        let next = samples::task_definition(ACCOUNT, region, "app", 8, "x");
        office.aws.add_task_definition(&next.to_string());
        office.aws.add_service(ACCOUNT, region, "main", &samples::service(ACCOUNT, region, "main", "web", &arn(7)));
        let group =
            Group::ecs("shop", "web", "main", "web").config("CodeDeployDefault.ECSLinear10PercentEvery1Minutes");
        office.aws.add_group(ACCOUNT, region, group.alarms(&["errors"]));
        office.aws.set_scenario("shop", "web", Scenario::AlarmAt(20));
        let reader = kind.arn("iam::111111111111:role/reader");
        office.aws.add_role(Role::new(&reader, &["*"]).trusting(ACCOUNT));
        let wanted = kind.arn(&format!("ecs:{region}:{ACCOUNT}:task-definition/app:8"));
        let appspec = office.file("appspec.json", &samples::appspec(&wanted).to_string());
        office.aws.clock().speed(600.0);
        let begun = Duration::from_secs_f64(office.aws.clock().seconds()).as_millis();
        let environment = kind.environment(&office).with("CODEDEPLOY_ARTIFACT_TIME_SCALE", &format!("600@{begun}"));
        let args = ["deploy", "--appspec", &appspec, "--application", "shop", "--deployment-group", "web"];
        let run = |more: &[&str]| {
            Run::new([&args[..], &["--role-arn", &reader], more].concat()).environment(environment.clone()).run()
        };
        let dry = run(&["--dry-run"]);
        assert_eq!(dry.code, 0, "{kind:?}: {}", dry.stderr);
        assert_eq!(asked(&office), kind.hosts(&["cloudwatch", "codedeploy", "ecs", "elbv2", "sts"]), "{kind:?}");
        let failed = run(&[]);
        assert_eq!(failed.code, 10, "{kind:?}: {}", failed.stderr);
        assert!(failed.stderr.contains("ALARM_ACTIVE"), "{kind:?}: {}", failed.stderr);
        assert_eq!(asked(&office), kind.hosts(&["cloudwatch", "codedeploy", "ecs", "elbv2", "sts"]), "{kind:?}");
    };
    std::thread::scope(|scope| KINDS.map(|kind| scope.spawn(move || check(kind))).map(|run| run.join().unwrap()));
}

#[test]
fn an_endpoint_of_a_service_goes_before_that_of_all_and_both_can_be_ignored() {
    let Some(office) = Office::with(Rule::Open) else { return };
    let asked = |variables: &[(&str, &str)]| {
        let before = asked(&office);
        let environment = variables.iter().fold(office.proxied(), |all, (name, value)| all.with(name, value));
        let output = generate(&environment);
        let hosts: Vec<String> = asked(&office).difference(&before).cloned().collect();
        (output.code, hosts.join(" "))
    };
    let all = ("AWS_ENDPOINT_URL", "https://all.eu-west-1.amazonaws.com:8443");
    let ecs = ("AWS_ENDPOINT_URL_ECS", "https://ecs.eu-west-1.api.aws");
    let ignored = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    assert_eq!(asked(&[all]), (0, "all.eu-west-1.amazonaws.com:8443".to_owned()));
    assert_eq!(asked(&[all, ecs]), (0, "ecs.eu-west-1.api.aws:443".to_owned()));
    assert_eq!(asked(&[all, ecs, ignored]), (0, "ecs.eu-west-1.amazonaws.com:443".to_owned()));
}

/// S3 knows that China has no FIPS endpoints; other services would be asked for at a name that nobody has.
#[test]
fn an_endpoint_that_does_not_exist_is_a_matter_of_the_configuration() {
    let Some(office) = Office::in_region("cn-north-1", Rule::Open) else { return };
    let arn = format!("arn:aws-cn:ecs:cn-north-1:{ACCOUNT}:task-definition/app:7");
    let appspec = office.file("appspec.json", &samples::appspec(&arn).to_string());
    let environment = kind("cn-north-1", "aws-cn", true, false).environment(&office);
    let output = Run::new(["upload", &appspec, "--to", "s3://artifacts/a.json"]).environment(environment).run();
    expect![[r#"
        exit 2
        error: NET05: s3:PutObject on s3://artifacts/a.json in cn-north-1: no endpoint: Partition does not support FIPS
        hint: unset AWS_USE_FIPS_ENDPOINT or AWS_USE_DUALSTACK_ENDPOINT, or set AWS_ENDPOINT_URL
    "#]]
    .assert_eq(&seen(&output, &[]));
    assert_eq!(office.gateway.asked(), [""; 0]);
}
