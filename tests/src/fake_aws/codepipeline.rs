//! CodePipeline (JSON 1.1): jobs, each of which accepts one final result.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{Call, FakeAws, Principal, Refusal, json_answer};
use crate::http::Answer;

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// Made, not yet handed to a worker.
    Created,
    /// In progress: the only state in which a result is accepted.
    InProgress,
    /// Ended by `PutJobSuccessResult`.
    Succeeded,
    /// Ended by `PutJobFailureResult`.
    Failed,
}

/// A job and what was reported of it.
#[derive(Debug, Clone)]
pub struct Job {
    /// Where it is.
    pub state: JobState,
    /// The input members of each accepted result. More than one means that the fake is wrong.
    pub results: Vec<Value>,
    /// How many results were refused because the job had already ended.
    pub late_results: usize,
    account: String,
    details: Value,
}

#[derive(Debug, Default)]
pub(super) struct CodePipeline {
    jobs: HashMap<String, Job>,
}

impl FakeAws {
    /// Adds a job of that account in progress, as a job of a Lambda action is from the start.
    pub fn add_job(&self, account: &str, id: &str) {
        self.add_job_in(account, id, JobState::InProgress);
    }

    /// Adds a job in that state.
    pub fn add_job_in(&self, account: &str, id: &str, state: JobState) {
        let details =
            json!({"id": id, "accountId": account, "data": {"pipelineContext": {"pipelineName": "pipeline"}}});
        let job = Job { state, results: Vec::new(), late_results: 0, account: account.to_owned(), details };
        self.state().codepipeline.jobs.insert(id.to_owned(), job);
    }

    /// What `GetJobDetails` says in `jobDetails` from now on.
    pub fn set_job_details(&self, id: &str, details: Value) {
        if let Some(job) = self.state().codepipeline.jobs.get_mut(id) {
            job.details = details;
        }
    }

    /// A job that was added.
    pub fn job(&self, id: &str) -> Job {
        self.state().codepipeline.jobs.get(id).cloned().expect("a job that was added")
    }
}

impl CodePipeline {
    pub(super) fn answer(&mut self, caller: &Principal, call: &Call) -> Result<Answer, Refusal> {
        if !caller.may(&call.action()) {
            return Err(Refusal::denied(caller, &call.action(), "*"));
        }
        let body = call.json();
        let end = match call.operation.as_str() {
            "PutJobSuccessResult" => Some(JobState::Succeeded),
            "PutJobFailureResult" => Some(JobState::Failed),
            "GetJobDetails" => None,
            other => {
                let message = format!("this fake has no codepipeline:{other}");
                return Err(Refusal::new(400, "UnknownOperationException", message));
            }
        };
        validate(&call.operation, &body)?;
        let id = body["jobId"].as_str().unwrap_or_default();
        let job = self.jobs.get_mut(id).filter(|job| job.account == caller.account);
        let job = job.ok_or_else(|| Refusal::new(400, "JobNotFoundException", format!("Job not found: {id}")))?;
        let Some(end) = end else { return Ok(json_answer(200, &json!({"jobDetails": job.details}))) };
        if job.state != JobState::InProgress {
            job.late_results += usize::from(!job.results.is_empty());
            let message = format!("Job is not in a valid state for this operation: {:?}", job.state);
            return Err(Refusal::new(400, "InvalidJobStateException", message));
        }
        job.state = end;
        job.results.push(body.clone());
        Ok(Answer::new(200, "application/x-amz-json-1.1", ""))
    }
}

/// The constraints of botocore's model, all that fail in one message as AWS does.
fn validate(operation: &str, body: &Value) -> Result<(), Refusal> {
    let mut found = Findings::default();
    found.text(body, "/jobId", true, (36, 36), is_job_id);
    let any = |_: &str| true;
    match operation {
        "PutJobFailureResult" => {
            found.text(body, "/failureDetails/type", true, (1, usize::MAX), is_failure_type);
            found.text(body, "/failureDetails/message", true, (1, 5000), any);
            found.text(body, "/failureDetails/externalExecutionId", false, (1, 1500), any);
        }
        "PutJobSuccessResult" => {
            found.text(body, "/continuationToken", false, (1, 2048), any);
            found.text(body, "/executionDetails/summary", false, (1, 2048), any);
            found.text(body, "/executionDetails/externalExecutionId", false, (1, 1500), any);
            found.text(body, "/currentRevision/revision", body.get("currentRevision").is_some(), (1, 1500), any);
            found.text(body, "/currentRevision/changeIdentifier", body.get("currentRevision").is_some(), (1, 100), any);
            found.variables(body);
        }
        _ => {}
    }
    let count = found.texts.len();
    if count > 0 {
        let errors = if count == 1 { "error" } else { "errors" };
        let message = format!("{count} validation {errors} detected: {}", found.texts.join("; "));
        return Err(Refusal::new(400, "ValidationException", message));
    }
    let variables = body["outputVariables"].as_object().map_or(0, size);
    if variables > OUTPUT_VARIABLES_LIMIT {
        let message = format!("Output variables are {variables} bytes, more than {OUTPUT_VARIABLES_LIMIT}");
        return Err(Refusal::new(400, "OutputVariablesSizeExceededException", message));
    }
    Ok(())
}

/// All output variables of an action together, in bytes (CodePipeline quotas).
const OUTPUT_VARIABLES_LIMIT: usize = 122_880;

fn size(variables: &Map<String, Value>) -> usize {
    variables.iter().map(|(key, value)| key.len() + value.as_str().map_or(0, str::len)).sum()
}

#[derive(Default)]
struct Findings {
    texts: Vec<String>,
}

impl Findings {
    fn text(&mut self, body: &Value, at: &str, required: bool, length: (usize, usize), fits: impl Fn(&str) -> bool) {
        let name = at.trim_start_matches('/').replace('/', ".");
        match body.pointer(at) {
            None | Some(Value::Null) if !required => {}
            None | Some(Value::Null) => self.refuse(&format!("null at '{name}'"), "Member must not be null"),
            Some(Value::String(text)) => {
                let characters = text.chars().count();
                let shown = format!("'{}' at '{name}'", text.chars().take(60).collect::<String>());
                if characters < length.0 {
                    self.refuse(&shown, &format!("Member must have length greater than or equal to {}", length.0));
                } else if characters > length.1 {
                    self.refuse(&shown, &format!("Member must have length less than or equal to {}", length.1));
                } else if !fits(text) {
                    self.refuse(&shown, "Member must satisfy the pattern or enum value set of the model");
                }
            }
            Some(_) => self.refuse(&format!("of another type at '{name}'"), "Member must be a string"),
        }
    }

    fn variables(&mut self, body: &Value) {
        let Some(variables) = body.get("outputVariables") else { return };
        if body.get("continuationToken").is_some() {
            self.refuse("at 'outputVariables'", "Member must not be given together with a continuationToken");
        }
        for (key, value) in variables.as_object().into_iter().flatten() {
            let fits = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "@-_".contains(c));
            if !fits || !value.is_string() {
                self.refuse(&format!("'{key}' at 'outputVariables'"), "Map keys must match [A-Za-z0-9@\\-_]+");
            }
        }
    }

    fn refuse(&mut self, value: &str, constraint: &str) {
        self.texts.push(format!("Value {value} failed to satisfy constraint: {constraint}"));
    }
}

fn is_job_id(text: &str) -> bool {
    let hexadecimal = |part: &str| part.chars().all(|c| c.is_ascii_digit() || ('a'..='f').contains(&c));
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.split('-').all(hexadecimal)
}

fn is_failure_type(text: &str) -> bool {
    matches!(
        text,
        "JobFailed"
            | "ConfigurationError"
            | "PermissionError"
            | "RevisionOutOfSync"
            | "RevisionUnavailable"
            | "SystemUnavailable"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_validated_as_the_model_says() {
        const ID: &str = "11111111-abcd-1111-abcd-111111abcdef";
        let failure =
            |kind: &str, message: &str| json!({"jobId": ID, "failureDetails": {"type": kind, "message": message}});
        let success = |key: &str, value: &str| json!({"jobId": ID, "outputVariables": {key: value}});
        let check = |operation: &str, body: &Value, expect: &str| {
            let code = validate(operation, body).err().map_or_else(|| "ok".to_owned(), |refusal| refusal.code);
            assert_eq!(code, expect, "{operation} {}", body.to_string().chars().take(200).collect::<String>());
        };
        check("PutJobFailureResult", &failure("JobFailed", "x"), "ok");
        check("PutJobFailureResult", &failure("JobFailed", &"é".repeat(5000)), "ok");
        check("PutJobFailureResult", &failure("JobFailed", &"x".repeat(5001)), "ValidationException");
        check("PutJobFailureResult", &failure("JobFailed", ""), "ValidationException");
        check("PutJobFailureResult", &failure("Other", "x"), "ValidationException");
        check("PutJobFailureResult", &json!({"jobId": ID}), "ValidationException");
        check("PutJobSuccessResult", &json!({"jobId": ID}), "ok");
        check("PutJobSuccessResult", &json!({"jobId": ID.to_uppercase()}), "ValidationException");
        check("PutJobSuccessResult", &json!({"jobId": "1"}), "ValidationException");
        check("PutJobSuccessResult", &json!({"jobId": ID, "executionDetails": {"summary": ""}}), "ValidationException");
        check("PutJobSuccessResult", &success("a-b_c@D1", ""), "ok");
        check("PutJobSuccessResult", &success("a.b", ""), "ValidationException");
        check("PutJobSuccessResult", &success("key", &"x".repeat(122_877)), "ok");
        check("PutJobSuccessResult", &success("key", &"x".repeat(122_878)), "OutputVariablesSizeExceededException");
    }
}
