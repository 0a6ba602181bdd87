//! What the example `jenkins` gives to a build: its outputs, on the real command line, against the fake AWS with the
//! names and ARNs that Terraform made. The fake lets each role do what its policies name, and no more.

use std::{collections::BTreeMap, time::Duration};

use e2e::{
    environment::Environment,
    fake_aws::{
        Call, Credentials, FakeAws,
        codedeploy::{Group, OnTimeout, Scenario},
        logs::Written,
        s3::Bucket,
        sts::Role,
    },
    moto::{DEFAULT_ACCOUNT, outsider},
    programs::{Output, Run},
    samples,
    scratch::Scratch,
};
use serde_json::{Value, json};

use crate::{
    example::{EXTERNAL_ID, Example, JENKINS, REGION},
    privilege::{self, Called},
};

/// An hour is six seconds, and half a minute where tasks that have stopped are to be looked at: they are soon gone.
const FAST: u32 = 600;
const SLOW: u32 = 120;

/// What a container that stopped has logged last.
const LAST_LINE: &str = "cannot bind to port 80";

/// A build on Jenkins.
struct Build {
    aws: FakeAws,
    keys: Credentials,
    outputs: Value,
    scratch: Scratch,
    speed: u32,
}

/// Runs every verb with the arguments that Terraform says, and gives the calls that it made.
pub(crate) fn uses_every_verb(example: &Example) -> Vec<Called> {
    let mut build = Build::of(example);
    let artifact = build.scratch.path().join("artifact.zip").display().to_string();
    let container = build.outputs["service"]["container_name"].as_str().expect("a container").to_owned();
    let image = format!("{container}=registry.example/web:build-7");
    build.succeeds("generate", &["--artifact", &artifact, "--images", &image]);
    build.succeeds("deploy", &["--artifact", &artifact, "--register"]);

    let newest = build.aws.deployments()[0]["deploymentId"].as_str().expect("an id").to_owned();
    build.succeeds("status", &[&newest]);
    build.succeeds("wait", &[&newest]);

    let revision = format!("{}appspec.yml", build.outputs["command_line"]["revisions"].as_str().expect("a folder"));
    let family = build.outputs["service"]["task_definition_family"].as_str().expect("a family");
    let first = format!("arn:aws:ecs:{REGION}:{DEFAULT_ACCOUNT}:task-definition/{family}:1");
    build.succeeds("upload", &[&artifact, "--to", &revision, "--task-definition", &first]);
    let created = build.succeeds("deploy", &["--revision", &revision, "--no-wait", "--output", "json"]);
    let id = id_of(&created);
    build.succeeds("wait", &[&id, "--until", "ready"]);
    build.succeeds("continue", &[&id]);
    build.succeeds("wait", &[&id]);
    build.succeeds("rollback", &["--yes"]);

    let id = id_of(&build.succeeds("deploy", &["--revision", &revision, "--no-wait", "--output", "json"]));
    build.succeeds("stop", &[&id, "--wait"]);
    let codedeploy = &build.outputs["codedeploy"];
    let name = |name: &str| codedeploy[name].as_str().expect("a name");
    build.aws.set_scenario(name("application_name"), name("group_name"), Scenario::NeverHealthy);
    build.speed = SLOW;
    build.aws.clock().speed(f64::from(build.speed));
    let failed = build.run("deploy", &["--revision", &revision]);
    assert!([10, 11].contains(&failed.code), "a service that never gets healthy: {}", failed.stderr);
    assert!(format!("{}{}", failed.text(), failed.stderr).contains(LAST_LINE), "{}\n{}", failed.text(), failed.stderr);

    assert!(!build.aws.calls("ecs:DescribeTasks").is_empty(), "why: {}\n{}", failed.text(), failed.stderr);
    let calls = build.aws.all_calls();
    let denied: Vec<_> = calls.iter().filter(|call| call.status == 403).map(Call::action).collect();
    assert!(denied.is_empty(), "the fake denied {denied:?}");
    calls.iter().filter_map(called).collect()
}

impl Build {
    fn of(example: &Example) -> Build {
        let outputs = example.outputs();
        let aws = FakeAws::start();
        aws.clock().speed(f64::from(FAST));
        let actions = privilege::actions(example, DEFAULT_ACCOUNT);
        for role in outputs["role_arns"].as_object().expect("three roles").values().filter_map(Value::as_str) {
            let actions: Vec<&str> = actions[role].iter().map(String::as_str).collect();
            aws.add_role(Role::new(role, &actions).trusting(DEFAULT_ACCOUNT).with_external_id(EXTERNAL_ID));
        }
        let text = |object: &str, name: &str| outputs[object][name].as_str().expect("a text").to_owned();
        let (cluster, service) = (text("service", "cluster_name"), text("service", "service_name"));
        let asked = |args: &[&str]| example.moto.aws(REGION, &outsider(), args);
        let mut described = asked(&[
            "ecs",
            "describe-task-definition",
            "--include",
            "TAGS",
            "--task-definition",
            &text("service", "task_definition_family"),
        ]);
        // A time is a number on the wire, and text from the command line of AWS.
        described["taskDefinition"].as_object_mut().expect("a task definition").shift_remove("registeredAt");
        let arn = aws.add_task_definition(&described.to_string());
        let live = asked(&["ecs", "describe-services", "--cluster", &cluster, "--services", &service]);
        let live = &live["services"][0];
        let mut sample = samples::service(DEFAULT_ACCOUNT, REGION, &cluster, &service, &arn);
        for member in ["loadBalancers", "networkConfiguration"] {
            sample[member] = live[member].clone();
            sample["taskSets"][0][member] = live[member].clone();
        }
        aws.add_service(DEFAULT_ACCOUNT, REGION, &cluster, &sample);
        let (application, group) = (text("codedeploy", "application_name"), text("codedeploy", "group_name"));
        let names = ["--application-name", &application, "--deployment-group-name", &group];
        let info = asked(&[&["deploy", "get-deployment-group"], &names[..]].concat())["deploymentGroupInfo"].clone();
        let pair = &info["loadBalancerInfo"]["targetGroupPairInfoList"][0]["targetGroups"];
        let target_group = |index: usize| pair[index]["name"].as_str().expect("a target group");
        let group = Group::ecs(&application, &group, &cluster, &service)
            .config(info["deploymentConfigName"].as_str().expect("a deployment config"))
            .target_groups(target_group(0), target_group(1))
            .ready_wait(15, OnTimeout::Continue)
            .alarms(&["errors"]);
        aws.add_group(DEFAULT_ACCOUNT, REGION, group);
        let logs = &described["taskDefinition"]["containerDefinitions"][0]["logConfiguration"]["options"];
        let log_group = logs["awslogs-group"].as_str().expect("a log group");
        aws.add_log(log_group, "ecs/container/*", Written::Lately, &[LAST_LINE]);
        let bucket = text("command_line", "revisions");
        let bucket = bucket.trim_start_matches("s3://").split('/').next().expect("a bucket").to_owned();
        aws.add_bucket(Bucket::new(&bucket, DEFAULT_ACCOUNT, REGION));
        let keys = aws.session(DEFAULT_ACCOUNT, JENKINS.rsplit('/').next().expect("a name"), &["sts:AssumeRole"]);
        Build { aws, keys, outputs, scratch: Scratch::new(), speed: FAST }
    }

    fn succeeds(&self, verb: &str, more: &[&str]) -> Output {
        let output = self.run(verb, more);
        assert_eq!(output.code, 0, "{verb} {more:?}: {}\n{}", output.text(), output.stderr);
        output
    }

    /// The verb with what the build knows, what Terraform says, and the external ids of Jenkins' own store.
    fn run(&self, verb: &str, more: &[&str]) -> Output {
        let said = self.outputs["command_line"]["arguments"][verb].as_array().expect("arguments for the verb");
        let said: Vec<&str> = said.iter().filter_map(Value::as_str).collect();
        let mut args = [&[verb], more, &said[..]].concat();
        for (role, id) in [
            ("--role-arn", "--external-id"),
            ("--deploy-role-arn", "--deploy-external-id"),
            ("--stop-role-arn", "--stop-external-id"),
        ] {
            if said.contains(&role) {
                args.extend([id, EXTERNAL_ID]);
            }
        }
        let begun = Duration::from_secs_f64(self.aws.clock().seconds()).as_millis();
        let mut environment = Environment::of_aws(&self.aws.url(), REGION, &self.keys)
            .with("CODEDEPLOY_ARTIFACT_TIME_SCALE", &format!("{}@{begun}", self.speed));
        for (name, value) in self.outputs["command_line"]["environment"].as_object().expect("variables") {
            environment = environment.with(name, value.as_str().expect("a text"));
        }
        Run::new(args).environment(environment).run()
    }
}

fn id_of(created: &Output) -> String {
    let text = created.text();
    let last: Value = serde_json::from_str(text.lines().last().unwrap_or_default()).expect("JSON in the last line");
    last["deployment"]["id"].as_str().expect("an id").to_owned()
}

/// A call that reached the fake, as IAM sees it.
fn called(call: &Call) -> Option<Called> {
    let form = || {
        let text = call.request.text();
        let fields = text.split('&').filter_map(|field| field.split_once('='));
        let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        fields.map(|(name, value)| (name.to_owned(), json!(decoded(value)))).collect::<Value>()
    };
    let headers = ["x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"];
    let headers = headers.iter().filter_map(|name| Some(((*name).to_owned(), call.request.header(name)?.to_owned())));
    Some(Called {
        role: privilege::role_of(call.caller.as_deref()?)?,
        service: call.service.clone(),
        operation: call.operation.clone(),
        region: call.region.clone(),
        parameters: if call.service == "sts" { form() } else { call.json() },
        path: call.request.path.clone(),
        headers: headers.collect::<BTreeMap<_, _>>(),
    })
}
