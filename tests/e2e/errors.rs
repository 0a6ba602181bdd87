//! Bad inputs, each played against the real function and, where it exists there, the real command line: one clear line
//! with its code, a hint, the failure type that CodePipeline keeps and the exit code that a script sees.
//!
//! The numbers are those of the product's list of bad inputs; one module for each area of it.

mod appspec;
mod archive;
mod codes;
mod event;
mod mutated_events;
mod packed;
mod table;
mod task_definition;
mod user_parameters;

use std::time::Duration;

use codedeploy_core::artifact::request::with_flags;
use e2e::{
    environment::Environment,
    fake_aws::{Credentials, FakeAws, codepipeline::JobState, s3::Bucket},
    job_event::JobEvent,
    programs::{self, Run},
    runtime_api::{Lambda, Outcome},
    samples,
    scratch::Scratch,
    secrets,
};
use serde_json::{Value, json};

const TOOLS: &str = "111111111111";
const REGION: &str = "eu-west-1";
const KEY: &str = "arn:aws:kms:eu-west-1:111111111111:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d21234";
const TIMEOUT: Duration = Duration::from_secs(30);

/// The kind of fault: the failure type of CodePipeline and the exit code of the command line.
type Who = (&'static str, i32);
const CONFIGURATION: Who = ("ConfigurationError", 2);
const INPUT: Who = ("JobFailed", 3);
const NOT_FOUND: Who = ("RevisionUnavailable", 3);
const DENIED: Who = ("PermissionError", 4);

/// One bad input and what must be said of it.
struct Row {
    number: u8,
    parameters: String,
    flags: Option<Vec<String>>,
    /// The zip of the input artifact `Source`.
    source: Option<Vec<u8>>,
    event: Box<dyn Fn(JobEvent) -> JobEvent>,
    at_function: bool,
    asks_nobody: bool,
    says: String,
    who: Who,
}

/// A row whose request comes in by `UserParameters`, and by the flags of the same names.
#[expect(clippy::needless_pass_by_value, reason = "the rows of a table are made in place")]
fn row(number: u8, parameters: Value) -> Row {
    let flags = Some(flags(&parameters));
    Row { flags, ..text_row(number, &parameters.to_string()) }
}

/// A row with `UserParameters` that no command line can be made of.
fn text_row(number: u8, parameters: &str) -> Row {
    Row {
        number,
        parameters: parameters.to_owned(),
        flags: None,
        source: None,
        event: Box::new(|event| event),
        at_function: true,
        asks_nobody: false,
        says: String::new(),
        who: CONFIGURATION,
    }
}

/// A row of the command line alone.
fn flag_row(number: u8, flags: &[&str]) -> Row {
    let flags = flags.iter().map(|flag| (*flag).to_owned()).collect();
    Row { flags: Some(flags), at_function: false, ..text_row(number, "") }
}

/// A row of the function alone, with an event that differs from a usual one.
fn event_row(number: u8, change: impl Fn(JobEvent) -> JobEvent + 'static) -> Row {
    Row { event: Box::new(change), ..text_row(number, r#"{"task_definition":"app"}"#) }
}

impl Row {
    fn source(self, zip: Vec<u8>) -> Row {
        Row { source: Some(zip), ..self }
    }

    /// Nothing is sent to AWS but the report.
    fn asks_nobody(self) -> Row {
        Row { asks_nobody: true, ..self }
    }

    /// `CODE: message`, all of it; on the command line, the parameters in backquotes are flags.
    fn says(self, says: impl Into<String>, who: Who) -> Row {
        Row { says: says.into(), who, ..self }
    }
}

/// `--name=VALUE` for every parameter: maps as `KEY=VALUE`, other structures as JSON.
fn flags(parameters: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let mut flags = Vec::new();
    for (name, value) in parameters.as_object().into_iter().flatten() {
        let flag = format!("--{}", name.replace('_', "-"));
        match value.as_object().filter(|_| matches!(name.as_str(), "images" | "hooks" | "variables")) {
            Some(map) => flags.extend(map.iter().map(|(key, value)| format!("{flag}={key}={}", text(value)))),
            None => flags.push(format!("{flag}={}", text(value))),
        }
    }
    flags
}

/// A pipeline with its function, and a task definition `app:7`.
struct World {
    aws: FakeAws,
    function: Credentials,
    action: Credentials,
}

impl World {
    fn new() -> World {
        let aws = FakeAws::start();
        let function = aws.session(TOOLS, "function", &["ecs:*", "codepipeline:PutJob*", "sts:AssumeRole"]);
        let action = aws.session(TOOLS, "action", &["s3:*", "kms:*"]);
        aws.add_bucket(Bucket::new("artifacts", TOOLS, REGION).requiring_kms());
        let world = World { aws, function, action };
        world.add_task_definition("app", 7, |_| ());
        world
    }

    /// Registers a task definition that differs from the sample.
    fn add_task_definition(&self, family: &str, revision: u64, change: impl FnOnce(&mut Value)) {
        let secret = secrets::planted("environment value of a container");
        let mut answer = samples::task_definition(TOOLS, REGION, family, revision, &secret);
        change(&mut answer["taskDefinition"]);
        self.aws.add_task_definition(&answer.to_string());
    }

    fn lambda(&self, settings: &[(&str, &str)]) -> Lambda {
        let environment = Environment::of_lambda(&self.aws.url(), REGION, &self.function);
        let environment = settings.iter().fold(environment, |all, (name, value)| all.with(name, value));
        Lambda::start(programs::lambda(), environment)
    }

    /// A new job with one input artifact and one output artifact.
    fn event(&self, row: &Row) -> JobEvent {
        let key = format!("pipe/Source/{}.zip", row.number);
        let event = JobEvent::new(TOOLS, &self.action).user_parameters(&row.parameters).output(
            "Files",
            "artifacts",
            "pipe/Files/abc.zip",
        );
        let event = match &row.source {
            None => event,
            Some(zip) => {
                self.aws.put_object("artifacts", &key, zip.clone(), None);
                event.input("Source", "artifacts", &key)
            }
        };
        (row.event)(event)
    }

    /// Plays rows in the function and on the command line, and shows all that differ.
    fn play(&self, settings: &[(&str, &str)], rows: &[Row]) {
        let mut lambda = self.lambda(settings);
        let mut wrong: Vec<String> = Vec::new();
        for row in rows {
            if row.at_function {
                let found = self.at_function(&mut lambda, row);
                wrong.extend(differs(row, "the function", &format!("{} {}", row.who.0, row.says), &found));
            }
            if let Some(flags) = &row.flags {
                let found = self.at_command_line(row, flags);
                let says = with_flags(&row.says);
                wrong.extend(differs(row, "the command line", &format!("{} {says}", row.who.1), &found));
            }
        }
        assert!(wrong.is_empty(), "{} of {} rows differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
        let log = lambda.log();
        assert!(!log.contains("panicked"), "{log}");
    }

    /// `TYPE CODE: message` of the one failure that is reported, and on the next line its hint.
    fn at_function(&self, lambda: &mut Lambda, row: &Row) -> String {
        let event = self.event(row);
        self.aws.add_job(TOOLS, event.id());
        let before = self.aws.all_calls().len();
        let found = self.reported(lambda, event.id(), &event.text());
        let calls: Vec<String> = self.aws.all_calls().iter().skip(before).map(e2e::fake_aws::Call::action).collect();
        assert!(!row.asks_nobody || calls == ["codepipeline:PutJobFailureResult"], "row {}: {calls:?}", row.number);
        assert!(!calls.iter().any(|call| call == "s3:PutObject"), "row {}: {calls:?}", row.number);
        found
    }

    /// The warnings of a request that is fulfilled, as `CODE: message`: the same in the function's log and in the JSON of
    /// `generate`.
    fn warned(&self, parameters: &Value) -> Vec<String> {
        let mut lambda = self.lambda(&[("AWS_LAMBDA_LOG_LEVEL", "warn")]);
        let event = self.event(&row(0, parameters.clone()));
        self.aws.add_job(TOOLS, event.id());
        lambda.invoke(&event.text(), TIMEOUT);
        let job = self.aws.job(event.id());
        assert_eq!(job.state, JobState::Succeeded, "{parameters}: {:?}", job.results);
        let scratch = Scratch::new();
        let artifact = scratch.path().join("artifact.zip").display().to_string();
        let args = ["generate".to_owned(), "--output=json".to_owned(), format!("--artifact={artifact}")];
        let environment = Environment::of_aws(&self.aws.url(), REGION, &self.function);
        let done = Run::new(args.into_iter().chain(flags(parameters))).environment(environment).run();
        assert_eq!(done.code, 0, "{parameters}: {}", done.stderr);
        let json = done.json();
        let warnings = json["warnings"].as_array().unwrap().iter();
        let text = |warning: &Value, name: &str| warning[name].as_str().unwrap().to_owned();
        let warnings = warnings.inspect(|warning| assert_eq!(warning["severity"], "warning", "{warning}"));
        let warnings = warnings.map(|warning| format!("{}: {}", text(warning, "code"), text(warning, "message")));
        let warnings: Vec<String> = warnings.collect();
        let log = lambda.log();
        let logged = log.lines().filter(|line| line.contains("WARN")).count();
        assert_eq!(logged, warnings.len(), "{parameters}: {log}");
        for warning in &warnings {
            assert!(log.contains(warning), "{parameters}: {warning} in {log}");
        }
        warnings
    }

    fn reported(&self, lambda: &mut Lambda, id: &str, event: &str) -> String {
        let done = lambda.invoke(event, TIMEOUT);
        let job = self.aws.job(id);
        if !matches!(done.outcome, Outcome::Response(_)) || job.state != JobState::Failed || job.results.len() != 1 {
            return format!("{:?} {:?} {:?}", done.outcome, job.state, job.results);
        }
        let details = &job.results[0]["failureDetails"];
        secrets::capture("a failure message", details.to_string().as_bytes());
        let text = |name: &str| details[name].as_str().unwrap_or_default().to_owned();
        format!("{} {}", text("type"), without_request(&text("message")))
    }

    /// `EXIT CODE: message`, and on the next line its hint. Nothing is written, and the JSON says the same.
    fn at_command_line(&self, row: &Row, flags: &[String]) -> String {
        let scratch = Scratch::new();
        let artifact = scratch.path().join("artifact.zip").display().to_string();
        let mut args = vec!["generate".to_owned(), "--output=json".to_owned(), format!("--artifact={artifact}")];
        args.extend_from_slice(flags);
        if let Some(zip) = &row.source {
            args.push(format!("--input-artifact=Source={}", scratch.write("source.zip", zip).display()));
        }
        let environment = Environment::of_aws(&self.aws.url(), REGION, &self.function);
        let before = self.aws.all_calls().len();
        let done = Run::new(args).environment(environment).in_folder(scratch.path()).run();
        let calls = self.aws.all_calls().len() - before;
        assert!(!row.asks_nobody || calls == 0, "row {}: {calls} calls", row.number);
        assert!(!std::path::Path::new(&artifact).exists(), "row {}: an artifact was written", row.number);
        let said = done.stderr.strip_prefix("error: ").unwrap_or(&done.stderr);
        let json = &done.json()["error"];
        let text = |name: &str| json[name].as_str().unwrap_or_default();
        // The code stands beside the message, not in it.
        let json = format!("{}: {}\nhint: {}\n", text("code"), text("message"), text("hint"));
        assert!(json == said || !said.contains("\nhint: "), "row {}: {json} and {said}", row.number);
        format!("{} {}", done.code, without_request(said))
    }
}

/// AWS's request ids differ from run to run.
fn without_request(text: &str) -> String {
    let Some((before, rest)) = text.split_once(" (request ") else { return text.to_owned() };
    let after = rest.split_once(')').map_or("", |(_, after)| after);
    format!("{before}{after}")
}

/// What is wrong with a report, where something is.
fn differs(row: &Row, way: &str, expect: &str, found: &str) -> Option<String> {
    let mut lines = found.trim_end().lines();
    let message = lines.next().unwrap_or_default();
    let hint = lines.next().and_then(|line| line.strip_prefix("hint: ")).unwrap_or_default();
    let rest: Vec<&str> = lines.collect();
    let hinted = hint.len() > 5 && !hint.ends_with('.') && rest.is_empty();
    let same = message == expect && hinted;
    (!same).then(|| format!("row {} in {way}\n  expected {expect}\n  found    {found}", row.number))
}

#[test]
fn a_report_that_differs_is_seen() {
    let row = row(27, json!({"task_definition": "app"})).says("PAR13: no container", CONFIGURATION);
    let check =
        |found: &str, seen: bool| assert_eq!(differs(&row, "x", "2 PAR13: no", found).is_some(), seen, "{found}");
    check("2 PAR13: no\nhint: set another name\n", false);
    check("3 PAR13: no\nhint: set another name\n", true);
    check("2 PAR13: no container\nhint: set another name\n", true);
    check("2 PAR13: no\n", true);
    check("2 PAR13: no\nhint: \n", true);
    check("2 PAR13: no\nhint: set another name\nand more\n", true);
}
