//! A service under CodeDeploy in the fake AWS, for containers that share the network of this machine.

use std::time::{Duration, Instant};

use e2e::{
    environment::Environment,
    fake_aws::{Credentials, FakeAws, codedeploy::Group},
    samples,
};

pub(crate) const ACCOUNT: &str = "111111111111";
pub(crate) const REGION: &str = "eu-west-1";
const SPEED: u32 = 600;

/// A service `main/web`, its group `shop/web`, and two revisions of its task definition.
pub(crate) struct Stage {
    pub(crate) aws: FakeAws,
    pub(crate) keys: Credentials,
    speed: u32,
}

pub(crate) fn group() -> Group {
    Group::ecs("shop", "web", "main", "web")
}

/// The AppSpec of the second revision.
pub(crate) fn appspec() -> String {
    samples::appspec(&arn(2)).to_string()
}

/// The command that deploys it, for a shell in the folder of the AppSpec.
pub(crate) const DEPLOY: &str =
    "codedeploy-artifact deploy --appspec appspec.json --application shop --deployment-group web";

fn arn(revision: u64) -> String {
    format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/web:{revision}")
}

impl Stage {
    /// One whose time runs six hundred times as fast.
    pub(crate) fn new(group: Group) -> Stage {
        Stage::with_speed(group, SPEED)
    }

    /// One in the time of the world.
    pub(crate) fn in_real_time(group: Group) -> Stage {
        Stage::with_speed(group, 1)
    }

    fn with_speed(group: Group, speed: u32) -> Stage {
        let aws = FakeAws::start();
        aws.clock().speed(f64::from(speed));
        for revision in [1, 2] {
            aws.add_task_definition(&samples::task_definition(ACCOUNT, REGION, "web", revision, "x").to_string());
        }
        aws.add_service(ACCOUNT, REGION, "main", &samples::service(ACCOUNT, REGION, "main", "web", &arn(1)));
        aws.add_group(ACCOUNT, REGION, group);
        let keys = aws.session(ACCOUNT, "deployer", &["*"]);
        Stage { aws, keys, speed }
    }

    /// What `withAWS` sets, and the speed. The path of the agent is not handed on by Jenkins.
    pub(crate) fn environment(&self) -> Environment {
        let environment =
            Environment::of_aws(&self.aws.url(), REGION, &self.keys).without("PATH").without("SSL_CERT_FILE");
        if self.speed == 1 {
            return environment;
        }
        let begun = Duration::from_secs_f64(self.aws.clock().seconds()).as_millis();
        environment.with("CODEDEPLOY_ARTIFACT_TIME_SCALE", &format!("{}@{begun}", self.speed))
    }

    /// Waits until there is a deployment; its id.
    pub(crate) fn deployment(&self) -> String {
        let started = Instant::now();
        loop {
            if let Some(deployment) = self.aws.deployments().first() {
                return deployment["deploymentId"].as_str().expect("an id").to_owned();
            }
            assert!(started.elapsed() < Duration::from_secs(30), "no deployment was created");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
