//! A run of a pipeline that Terraform made: the actions of AWS are played, the generate action is the real function.

use std::{collections::BTreeMap, time::Duration};

use e2e::{
    environment::Environment,
    job_event::JobEvent,
    moto::{DEFAULT_ACCOUNT, outsider},
    programs,
    python::Python,
    runtime_api::{Lambda, Outcome},
    scratch::Scratch,
    secrets, unique,
};
use serde_json::{Value, json};

use crate::{
    aws,
    example::{Example, REGION},
};

const SCRIPT: &str = include_str!("aws/pipeline.py");

/// An execution of the pipeline.
pub(crate) struct Run {
    /// The image that was built, and the calls of Docker; null without a build.
    pub(crate) built: Value,
    /// What `PutJobSuccessResult` was called with; null if the function was not invoked.
    pub(crate) result: Value,
    /// `deployment`, `appspec` and `registered`, as CodeDeploy and ECS show them.
    pub(crate) deployed: Value,
    /// The pipeline and its artifact store.
    sourced: Value,
    /// The object of each artifact.
    artifacts: BTreeMap<String, Value>,
}

impl Run {
    /// Whether the generate action is in another stage than the deploy action.
    pub(crate) fn generates_in_own_stage(&self) -> bool {
        let stages = self.sourced["pipeline"]["stages"].as_array().unwrap();
        stages.iter().any(|stage| stage["name"] == "Generate")
    }
}

/// Runs the one pipeline of the example from source to deployment.
pub(crate) fn run(example: &Example) -> Run {
    let sourced = aws::run(SCRIPT, &environment(example), &json!({"pipeline": name(example), "do": "source"}));
    let artifacts = serde_json::from_value(sourced["artifacts"].clone()).unwrap();
    let stages: Vec<Value> = sourced["pipeline"]["stages"].as_array().unwrap().clone();
    stages_of(
        example,
        &stages[1..],
        Run { built: Value::Null, result: Value::Null, deployed: Value::Null, sourced, artifacts },
    )
}

/// Rolls the stage Deploy back to that execution: its actions run again, with the artifacts of that execution.
/// <https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html>
pub(crate) fn rolls_back(example: &Example, target: Run) -> Run {
    let stages = target.sourced["pipeline"]["stages"].as_array().unwrap().clone();
    let deploy: Vec<Value> = stages.into_iter().filter(|stage| stage["name"] == "Deploy").collect();
    stages_of(example, &deploy, Run { result: Value::Null, deployed: Value::Null, ..target })
}

/// Runs the actions of the stages, in their order.
fn stages_of(example: &Example, stages: &[Value], mut run: Run) -> Run {
    for action in stages.iter().flat_map(|stage| stage["actions"].as_array().unwrap()) {
        match action["actionTypeId"]["provider"].as_str().unwrap() {
            "Lambda" => run.result = generate(example, &run.sourced, &mut run.artifacts),
            "CodeBuild" => {
                let asked = json!({"pipeline": name(example), "do": "build", "artifacts": run.artifacts});
                run.built = aws::run(SCRIPT, &environment(example), &asked);
                let artifact = run.built["artifact"].as_str().expect("an artifact").to_owned();
                run.artifacts.insert(artifact, run.built["key"].clone());
            }
            "CodeDeployToECS" => {
                let asked = json!({"pipeline": name(example), "do": "deploy", "artifacts": run.artifacts});
                run.deployed = aws::run(SCRIPT, &environment(example), &asked);
            }
            other => panic!("no test plays the provider {other}"),
        }
    }
    run
}

fn environment(example: &Example) -> Environment {
    Environment::of_aws(&example.moto.url(), REGION, &outsider())
}

/// The one pipeline of the example.
fn name(example: &Example) -> Value {
    let names = example.inventory(DEFAULT_ACCOUNT)["pipeline"].clone();
    let [name] = names.as_array().expect("a list of pipelines").as_slice() else { panic!("one pipeline: {names}") };
    name.clone()
}

fn invoke_action(sourced: &Value) -> &Value {
    let mut actions = sourced["actions"].as_array().unwrap().iter();
    actions.find(|action| action["actionTypeId"]["provider"] == "Lambda").expect("an Invoke action")
}

/// Runs the generate action as CodePipeline and Lambda do: the job with the session of the action's role, the process
/// with the function's environment and the session of its role. Adds the artifact that it has made.
fn generate(example: &Example, sourced: &Value, artifacts: &mut BTreeMap<String, Value>) -> Value {
    let action = invoke_action(sourced);
    let (pipeline, store) = (&sourced["pipeline"], &sourced["pipeline"]["artifactStore"]);
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let action_role = action["roleArn"].as_str().unwrap_or(pipeline["roleArn"].as_str().unwrap());
    let keys = example.moto.assume(action_role);
    secrets::plant("secret access key of the job", &keys.secret_access_key);
    let bucket = text(&store["location"]);
    let mut event = JobEvent::new(DEFAULT_ACCOUNT, &keys).encryption_key(&text(&store["encryptionKey"]["id"]));
    if let Some(request) = action["configuration"].get("UserParameters") {
        let request = text(request);
        let scratch = Scratch::new();
        let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../functions/core/request.schema.json");
        let python = Python::shared().expect("moto needs it as well");
        assert_eq!(python.invalid(schema, &[&scratch.write("request.json", &request)]), "", "{request}");
        event = event.user_parameters(&request);
    }
    for input in action["inputArtifacts"].as_array().unwrap() {
        let name = text(&input["name"]);
        event = event.input(&name, &bucket, artifacts[&name].as_str().unwrap());
    }
    for output in action["outputArtifacts"].as_array().unwrap() {
        let name = text(&output["name"]);
        let cut = |text: &str, length: usize| text.chars().take(length).collect::<String>();
        let end = unique::name("a");
        let key = format!("{}/{}/{end}", cut(&text(&pipeline["name"]), 20), cut(&name, 10));
        event = event.output(&name, &bucket, &key);
        artifacts.insert(name, json!(key));
    }
    let outcome = function(example, &text(&action["configuration"]["FunctionName"])).invoke(&event.text(), JOB).outcome;
    assert!(matches!(outcome, Outcome::Response(_)), "{outcome:?}");
    let mut results = results(example, event.id());
    assert_eq!(results.len(), 1, "a job gets exactly one result: {results:?}");
    let result = results.remove(0);
    assert_eq!(result["action"], "PutJobSuccessResult", "{}", result["parameters"]);
    result["parameters"].clone()
}

/// Loses a job as Lambda does when it gives an invocation up: the record goes to the function's on-failure destination.
/// What that reports.
pub(crate) fn loses_a_job(example: &Example) -> Value {
    let sourced = aws::run(SCRIPT, &environment(example), &json!({"pipeline": name(example), "do": "source"}));
    let function_name = invoke_action(&sourced)["configuration"]["FunctionName"].as_str().expect("a function");
    let args = ["lambda", "get-function-event-invoke-config", "--function-name", function_name];
    let configured = example.moto.aws(REGION, &outsider(), &args);
    let destination = configured["DestinationConfig"]["OnFailure"]["Destination"].as_str().expect("a destination");
    let watchdog = destination.rsplit(':').next().expect("a name");
    let event = JobEvent::new(DEFAULT_ACCOUNT, &example.moto.session(DEFAULT_ACCOUNT));
    let killed = json!({"errorType": "Runtime.ExitError", "errorMessage": "signal: killed"});
    let record = event.record("RetriesExhausted", &killed);
    let outcome = function(example, watchdog).invoke(&record, JOB).outcome;
    assert!(matches!(outcome, Outcome::Response(_)), "{outcome:?}");
    let results = results(example, event.id());
    assert_eq!(results.len(), 1, "a job gets exactly one result: {results:?}");
    assert_eq!(results[0]["action"], "PutJobFailureResult");
    results[0]["parameters"].clone()
}

/// The longest that the job may take: the function's timeout in the examples is 60 seconds.
const JOB: Duration = Duration::from_mins(1);

/// The function with what Terraform gave it: its environment and its role.
fn function(example: &Example, name: &str) -> Lambda {
    let args = ["lambda", "get-function-configuration", "--function-name", name];
    let configuration = example.moto.aws(REGION, &outsider(), &args);
    let keys = example.moto.assume(configuration["Role"].as_str().expect("a role"));
    let mut environment = Environment::of_lambda(&example.moto.url(), REGION, &keys);
    for (name, value) in configuration["Environment"]["Variables"].as_object().into_iter().flatten() {
        environment = environment.with(name, value.as_str().expect("a text"));
    }
    Lambda::start(programs::lambda(), environment)
}

/// The results of the job that moto has recorded.
fn results(example: &Example, job: &str) -> Vec<Value> {
    let mut calls = example.moto.recorded();
    calls.retain(|call| call["service"] == "codepipeline" && call["parameters"]["jobId"] == job);
    calls
}
