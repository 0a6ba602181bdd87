//! The hook function that tests the green tasks: exactly one result of each invocation, before its deadline, and no
//! request to any host but the configured one.

use std::time::Duration;

use e2e::{
    environment::Environment,
    fake_aws::{Credentials, FakeAws, faults::Fault},
    programs,
    runtime_api::{Invocation, Lambda, Outcome},
    target::Target,
};
use serde_json::{Value, json};

mod results;
mod storm;
mod targets;
mod tls;

const ACCOUNT: &str = "111111111111";
const REGION: &str = "eu-west-1";
const TIMEOUT: Duration = Duration::from_secs(20);
const PUT: &str = "codedeploy:PutLifecycleEventHookExecutionStatus";

/// Green tasks, and an account with the function.
struct Stage {
    aws: FakeAws,
    target: Target,
    function: Credentials,
}

/// An invocation for CodeDeploy.
struct Tested {
    /// Whether the checks passed.
    passed: bool,
    invocation: Invocation,
    /// The last line of the log with an error, without its level.
    error: String,
    log: String,
}

impl Stage {
    fn new() -> Stage {
        let aws = FakeAws::start();
        let function = aws.session(ACCOUNT, "gate", &[PUT, "cloudwatch:DescribeAlarms"]);
        Stage { aws, target: Target::start(None), function }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.target.port())
    }

    fn environment(&self, checks: &Value) -> Environment {
        Environment::of_lambda(&self.aws.url(), REGION, &self.function)
            .with("CHECKS", &checks.to_string())
            .with("CHECKS_URL", &self.url())
            .with("AWS_LAMBDA_LOG_LEVEL", "TRACE")
    }

    fn lambda(&self, checks: &Value) -> Lambda {
        Lambda::start(programs::gate(), self.environment(checks))
    }

    /// Runs these checks for a hook of CodeDeploy.
    fn test(&self, checks: &Value) -> Tested {
        self.invoke(self.environment(checks), TIMEOUT)
    }

    fn invoke(&self, environment: Environment, timeout: Duration) -> Tested {
        let mut lambda = Lambda::start(programs::gate(), environment);
        let event = self.aws.add_hook(ACCOUNT);
        let invocation = lambda.invoke(&event.to_string(), timeout);
        let log = lambda.log();
        let hook = self.aws.hook(&event);
        assert_eq!(hook.results.len(), 1, "{invocation:?}\n{log}");
        let passed = hook.results[0] == "Succeeded";
        let expect = json!({"hookStatus": if passed { "SUCCEEDED" } else { "FAILED" }});
        assert_eq!(answer(&invocation), expect, "{log}");
        let mut errors = log.lines().filter_map(|line| line.trim_start().strip_prefix("ERROR "));
        let error = errors.next_back().unwrap_or_default().trim().to_owned();
        Tested { passed, invocation, error, log }
    }
}

/// What the function answered.
fn answer(invocation: &Invocation) -> Value {
    let body = match &invocation.outcome {
        Outcome::Response(body) => Some(body),
        _ => None,
    };
    serde_json::from_str(body.unwrap_or_else(|| unreachable!("{invocation:?}"))).unwrap()
}

/// The event of a lifecycle hook of Amazon ECS.
fn ecs_event(stage: &str, weight: u8) -> Value {
    let service = "arn:aws:ecs:eu-west-1:111111111111:service/prod/shop";
    let revision = "arn:aws:ecs:eu-west-1:111111111111:service-revision/prod/shop/2";
    json!({
        "executionId": "e-1",
        "lifecycleStage": stage,
        "resourceArn": "arn:aws:ecs:eu-west-1:111111111111:service-deployment/prod/shop/x",
        "executionDetails": {
            "serviceArn": service,
            "targetServiceRevisionArn": revision,
            "testTrafficWeights": {revision: weight},
            "productionTrafficWeights": {}
        }
    })
}

/// The ID of a deployment whose checks failed, and the log of the function.
pub(crate) fn failed() -> (String, String) {
    let stage = Stage::new();
    let mut lambda = stage.lambda(&json!({"checks": [{"path": "/ok"}, {"path": "/error"}]}));
    let event = stage.aws.add_hook(ACCOUNT);
    lambda.invoke(&event.to_string(), TIMEOUT);
    (event["DeploymentId"].as_str().unwrap().to_owned(), lambda.log())
}
