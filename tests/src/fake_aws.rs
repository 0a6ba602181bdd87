//! An AWS that owns its state: it answers as botocore's models say, refuses as AWS does, fails on command and
//! remembers every call.
//!
//! One endpoint serves all services, as `AWS_ENDPOINT_URL` expects. Who calls, in which region and which service, is
//! read from the request's Signature Version 4 scope; the signature itself is not checked. What lives in an account is
//! seen only with credentials of that account.

pub mod codepipeline;
pub mod ecs;
pub mod faults;
pub mod s3;
pub mod sts;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    http::{Answer, Received, Server},
    secrets, unique,
};
use faults::{Fault, Script};

/// A running fake. Clients find it through [`FakeAws::url`]; it stops when the value is dropped.
pub struct FakeAws {
    state: Arc<Mutex<State>>,
    server: Server,
}

/// Keys as AWS hands them out. `Debug` shows the access key id only.
#[derive(Clone)]
pub struct Credentials {
    /// `ASIA…`; what the fake knows the caller by.
    pub access_key_id: String,
    /// A planted secret.
    pub secret_access_key: String,
    /// A planted secret.
    pub session_token: String,
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credentials({}, ***)", self.access_key_id)
    }
}

/// One request that reached the fake.
#[derive(Debug, Clone)]
pub struct Call {
    /// `ecs`, `s3`, `sts` or `codepipeline`; what else was signed for, as it was.
    pub service: String,
    /// The operation, such as `PutObject`.
    pub operation: String,
    /// The access key id of the request; empty when it was not signed.
    pub access_key_id: String,
    /// The ARN of the caller, where the fake knows the key.
    pub caller: Option<String>,
    /// The region that the request was signed for.
    pub region: String,
    /// The request as it arrived.
    pub request: Received,
    /// When it had arrived.
    pub at: Instant,
    /// What went wrong on purpose.
    pub fault: Option<Fault>,
    /// The HTTP status of the answer, whether or not it was delivered.
    pub status: u16,
}

impl Call {
    /// `service:operation`, the way that IAM names it.
    pub fn action(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }

    /// The JSON body; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.request.body).unwrap_or_default()
    }
}

#[derive(Default)]
struct State {
    principals: HashMap<String, Principal>,
    ecs: ecs::Ecs,
    s3: s3::S3,
    sts: sts::Sts,
    codepipeline: codepipeline::CodePipeline,
    faults: Script,
    latency: Duration,
    calls: Vec<Call>,
}

/// Who a key belongs to and what it may do: every one of the lists must allow an action.
#[derive(Debug, Clone)]
struct Principal {
    account: String,
    arn: String,
    session_token: String,
    allow: Vec<Vec<String>>,
    region: String,
    chained: bool,
}

impl Principal {
    fn may(&self, action: &str) -> bool {
        self.allow.iter().all(|list| list.iter().any(|pattern| faults::matches(pattern, action)))
    }
}

/// An error answer before it takes the shape of its service.
#[derive(Debug)]
struct Refusal {
    status: u16,
    code: String,
    message: String,
}

impl Refusal {
    fn new(status: u16, code: &str, message: impl Into<String>) -> Refusal {
        Refusal { status, code: code.to_owned(), message: message.into() }
    }

    /// IAM's words, which users search for and which the product quotes.
    fn denied(caller: &Principal, action: &str, resource: &str) -> Refusal {
        let message = format!(
            "User: {} is not authorized to perform: {action} on resource: {resource} \
             because no identity-based policy allows the {action} action",
            caller.arn
        );
        Refusal::new(403, "AccessDenied", message)
    }

    fn render(self, service: &str) -> Answer {
        let Refusal { status, code, message } = self;
        let request_id = unique::job_id();
        match service {
            "s3" => Answer::new(status, "application/xml", s3::error_body(&code, &message, &request_id))
                .with("x-amz-request-id", request_id),
            "sts" => Answer::new(status, "text/xml", sts::error_body(&code, &message, &request_id))
                .with("x-amzn-requestid", request_id),
            // IAM's refusal has its own code, status and capital `Message` in the JSON protocols.
            _ if code == "AccessDenied" => {
                json_answer(400, &json!({"__type": "AccessDeniedException", "Message": message}))
            }
            _ => json_answer(status, &json!({"__type": code, "message": message})),
        }
    }
}

fn json_answer(status: u16, body: &Value) -> Answer {
    json_text_answer(status, body.to_string())
}

fn json_text_answer(status: u16, body: String) -> Answer {
    Answer::new(status, "application/x-amz-json-1.1", body).with("x-amzn-requestid", unique::job_id())
}

impl FakeAws {
    /// Starts an AWS in which nothing exists yet.
    pub fn start() -> FakeAws {
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let server = Server::start(move |received| {
            let (latency, answer) = lock(&shared).answer(received);
            async move {
                if !latency.is_zero() {
                    tokio::time::sleep(latency).await;
                }
                answer
            }
        });
        FakeAws { state, server }
    }

    /// The value for `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// New credentials of a role session in that account, which may do what the IAM-like patterns allow
    /// (`*`, `s3:*`, `codepipeline:PutJob*`). The secret parts are planted: no program may show them.
    pub fn session(&self, account: &str, role: &str, allow: &[&str]) -> Credentials {
        let allow = vec![allow.iter().map(|pattern| (*pattern).to_owned()).collect()];
        let arn = format!("arn:aws:sts::{account}:assumed-role/{role}/session");
        self.state().issue(account, arn, allow, false)
    }

    /// Knows credentials that another AWS handed out, as a session in that account which may do anything here.
    pub fn adopt(&self, credentials: &Credentials, account: &str) {
        let principal = Principal {
            account: account.to_owned(),
            arn: format!("arn:aws:sts::{account}:assumed-role/adopted/session"),
            session_token: credentials.session_token.clone(),
            allow: vec![vec!["*".to_owned()]],
            region: String::new(),
            chained: false,
        };
        self.state().principals.insert(credentials.access_key_id.clone(), principal);
    }

    /// Every answer comes that much later.
    pub fn set_latency(&self, latency: Duration) {
        self.state().latency = latency;
    }

    /// Closes all connections, as AWS does with those that were idle while a function was frozen.
    pub fn hang_up(&self) {
        self.server.hang_up();
    }

    /// Every call so far, in the order of arrival.
    pub fn all_calls(&self) -> Vec<Call> {
        self.state().calls.clone()
    }

    /// The calls so far of an action (`s3:PutObject`, `s3:*`).
    pub fn calls(&self, action: &str) -> Vec<Call> {
        self.state().calls.iter().filter(|call| faults::matches(action, &call.action())).cloned().collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

/// A test that failed while it held the lock must not hide its own message behind a poisoned one.
fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    fn issue(&mut self, account: &str, arn: String, allow: Vec<Vec<String>>, chained: bool) -> Credentials {
        let credentials = Credentials {
            access_key_id: format!("ASIA{}", &unique::secret().to_uppercase()[..16]),
            secret_access_key: unique::secret(),
            session_token: unique::secret(),
        };
        secrets::plant("secret access key", &credentials.secret_access_key);
        secrets::plant("session token", &credentials.session_token);
        let session_token = credentials.session_token.clone();
        let principal =
            Principal { account: account.to_owned(), arn, session_token, allow, region: String::new(), chained };
        self.principals.insert(credentials.access_key_id.clone(), principal);
        credentials
    }

    fn answer(&mut self, received: Received) -> (Duration, Answer) {
        let mut call = call(received);
        let action = call.action();
        call.fault = self.faults.next(&action);
        call.caller = self.principals.get(&call.access_key_id).map(|principal| principal.arn.clone());
        let instead = call.fault.as_ref().and_then(|fault| fault.instead(&call.service));
        let answered = instead.unwrap_or_else(|| self.carry_out(&call));
        let mut answer = answered.unwrap_or_else(|refusal| refusal.render(&call.service));
        if let Some(fault) = &call.fault {
            answer = fault.spoil(answer);
        }
        call.status = answer.status;
        self.calls.push(call);
        (self.latency, answer)
    }

    fn carry_out(&mut self, call: &Call) -> Result<Answer, Refusal> {
        let caller = self.caller(call)?;
        match call.service.as_str() {
            "ecs" => self.ecs.answer(&caller, call),
            "s3" => self.s3.answer(&caller, call),
            "sts" => self.assume(&caller, call),
            "codepipeline" => self.codepipeline.answer(&caller, call),
            other => Err(Refusal::new(400, "UnknownOperationException", format!("this fake has no service `{other}`"))),
        }
    }

    fn caller(&self, call: &Call) -> Result<Principal, Refusal> {
        let (unknown, message) = match call.service.as_str() {
            "s3" => ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
            "sts" => ("InvalidClientTokenId", "The security token included in the request is invalid."),
            _ => ("UnrecognizedClientException", "The security token included in the request is invalid."),
        };
        let token = call.request.header("x-amz-security-token");
        self.principals
            .get(&call.access_key_id)
            .filter(|principal| token == Some(principal.session_token.as_str()))
            .map(|principal| Principal { region: call.region.clone(), ..principal.clone() })
            .ok_or_else(|| Refusal::new(if call.service == "ecs" { 400 } else { 403 }, unknown, message))
    }
}

/// Reads `Credential=KEY/DATE/REGION/SERVICE/aws4_request` and finds the operation where the service's protocol has it.
fn call(request: Received) -> Call {
    let scope = request.header("authorization").and_then(|value| value.split("Credential=").nth(1)).unwrap_or_default();
    let mut scope = scope.split(',').next().unwrap_or_default().split('/').map(str::to_owned);
    let access_key_id = scope.next().unwrap_or_default();
    let region = scope.nth(1).unwrap_or_default();
    let target = request.header("x-amz-target").and_then(|target| target.split('.').nth(1));
    let service = scope.next().unwrap_or_else(|| "s3".to_owned());
    let operation = match (service.as_str(), target) {
        ("s3", _) => s3::operation(&request).to_owned(),
        ("sts", _) => sts::form(&request.text()).remove("Action").unwrap_or_default(),
        (_, target) => target.unwrap_or_default().to_owned(),
    };
    let (at, caller, fault, status) = (Instant::now(), None, None, 0);
    Call { service, operation, access_key_id, caller, region, request, at, fault, status }
}
