//! The Jenkinsfiles and the shared library of the step image: real Groovy runs them against stubbed steps, and each
//! `sh` runs for real, as the durable-task plugin does it, with our program against the fake AWS.

mod groovy;
mod library;
mod pipelines;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use e2e::{
    fake_aws::{
        Credentials, FakeAws,
        codedeploy::{Group, Scenario},
        faults::Fault,
        s3::Bucket,
        sts::Role,
    },
    programs, samples,
    scratch::Scratch,
    secrets,
};
use serde_json::{Value, json};

const ACCOUNT: &str = "111111111111";
const REGION: &str = "eu-west-1";
const SPEED: u32 = 600;

/// A service, its deployment group, and all that the Jenkinsfiles name.
struct Scene {
    aws: FakeAws,
    keys: Credentials,
    external_id: String,
    scratch: Scratch,
    fast: bool,
}

fn group() -> Group {
    Group::ecs("shop", "shop", "prod", "shop")
}

impl Scene {
    fn new(group: Group, scenario: Scenario) -> Scene {
        let aws = FakeAws::start();
        aws.clock().speed(f64::from(SPEED));
        let arn = |revision: u64| format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/shop-web:{revision}");
        for revision in [1, 2] {
            let task = samples::task_definition(ACCOUNT, REGION, "shop-web", revision, "x");
            aws.add_task_definition(&samples::with_container(&task, "web").to_string());
        }
        let service = samples::service(ACCOUNT, REGION, "prod", "shop", &arn(1));
        aws.add_service(ACCOUNT, REGION, "prod", &samples::with_container(&service, "web"));
        aws.add_group(ACCOUNT, REGION, group);
        aws.add_bucket(Bucket::new("shop-revisions", ACCOUNT, REGION));
        aws.set_scenario("shop", "shop", scenario);
        let external_id = secrets::planted("external id of a role");
        let role = Role::new("arn:aws:iam::111111111111:role/codedeploy-deployer", &["*"]);
        aws.add_role(role.trusting(ACCOUNT).with_external_id(&external_id));
        let keys = aws.session(ACCOUNT, "jenkins", &["*"]);
        let scratch = Scratch::new();
        // Of a build before.
        for name in ["deployment", "deployment-shop-shop"] {
            scratch.write(&format!("workspace/{name}.xml"), "<testsuites/>");
            scratch.write(&format!("workspace/{name}.md"), "# an older deployment");
        }
        Scene { aws, keys, external_id, scratch, fast: true }
    }

    /// Deployments take as long as they really do, and AWS is not near: for an abort in their middle.
    fn in_real_time(mut self) -> Scene {
        self.aws.clock().speed(1.0);
        self.aws.set_latency(Duration::from_millis(300));
        self.fast = false;
        self
    }

    /// What the harness has to know to run a build here.
    fn plan(&self) -> Value {
        let path = format!("{}:/usr/bin:/bin", programs::command_line().parent().expect("a folder").display());
        let keys = variables(&self.keys);
        let mut pod = keys.clone();
        pod["AWS_REGION"] = json!(REGION);
        json!({
            "library": groovy::library(),
            "workspace": self.scratch.path().join("workspace"),
            "variables": {
                "JOB_NAME": "shop/deploy", "BUILD_NUMBER": "7", "BUILD_TAG": "jenkins-shop-deploy-7",
                "AWS_ENDPOINT_URL": self.aws.url(), "AWS_EC2_METADATA_DISABLED": "true",
            },
            // Jenkins does not pass on what the agent has, unless it is named.
            "agent": {"PATH": "/usr/bin:/bin", "HOME": "/home/jenkins", "AWS_REGION": REGION},
            "image": {"PATH": path, "HOME": "/"},
            "pod": pod,
            "params": {},
            "sessions": [keys],
            "secrets": {
                "deployer-keys": {"key": self.keys.access_key_id, "secret": self.keys.secret_access_key},
                "deployer-external-id": {"text": self.external_id},
            },
            "clock": self.fast.then(|| json!({
                "real": millis(since_1970()),
                "simulated": millis(Duration::from_secs_f64(self.aws.clock().seconds())),
                "speed": SPEED,
            })),
        })
    }

    fn file(&self, name: &str) -> Option<String> {
        std::fs::read_to_string(self.scratch.path().join("workspace").join(name)).ok()
    }

    fn count(&self, action: &str) -> usize {
        self.aws.calls(action).len()
    }
}

#[expect(clippy::disallowed_methods, reason = "the harness compares it with the real time of another process")]
fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970")
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).expect("milliseconds")
}

/// The variables that `withAWS` sets.
fn variables(keys: &Credentials) -> Value {
    json!({
        "AWS_ACCESS_KEY_ID": keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": keys.secret_access_key,
        "AWS_SESSION_TOKEN": keys.session_token,
    })
}

/// The records of a step, in their order.
fn steps<'a>(build: &'a Value, name: &str) -> Vec<&'a Value> {
    build["steps"].as_array().expect("the steps").iter().filter(|step| step["step"] == name).collect()
}

/// The `sh` steps that do more than remove what another build has left.
fn calls(build: &Value) -> Vec<&Value> {
    let cleans = |script: &str| script.starts_with("rm -f ") && script.trim().lines().count() == 1;
    let steps = steps(build, "sh").into_iter();
    steps.filter(|step| !step["script"].as_str().is_some_and(cleans)).collect()
}

/// What holds of every build, whatever came of it: it ran as far as it should, and no secret is in anything it said.
fn sound(build: &Value) {
    assert!(build["crash"].is_null(), "{}\n{}", build["crash"].as_str().unwrap_or_default(), build["log"]);
    secrets::capture("a Jenkins build", build.to_string().as_bytes());
    for step in calls(build) {
        let script = step["script"].as_str().expect("a script");
        let last = script.lines().rfind(|line| !line.trim().is_empty()).unwrap_or_default().trim();
        assert!(last.starts_with("exec codedeploy-artifact "), "an abort would not reach the program: {script}");
    }
}
