//! A fake AWS with its own state: it answers as botocore's models require, refuses as AWS does, fails on command,
//! proceeds on a clock that a test can speed up, and records every call with its answer.
//!
//! One endpoint serves all services, as `AWS_ENDPOINT_URL` expects. Who calls, in which region and which service, is
//! read from the request's Signature Version 4 scope; the signature itself is not checked. The resources of an account
//! are visible only with credentials of that account.

mod cbor;
pub mod clock;
mod cloudwatch;
pub mod codedeploy;
pub mod codepipeline;
pub mod ecs;
mod elb;
pub mod faults;
mod inventory;
pub mod logs;
mod partition;
mod replay;
pub mod s3;
mod sns;
pub mod sts;
mod wire;

pub use wire::Call;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{
    http::{Answer, Received, Server},
    secrets, unique,
};
use clock::{Clock, Millis};
use faults::Script;
use wire::{Refusal, call, expired, in_cbor, json_answer, json_text_answer};

/// A running fake at [`FakeAws::url`]; it stops when the value is dropped.
pub struct FakeAws {
    state: Arc<Mutex<State>>,
    clock: Clock,
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

#[derive(Default)]
struct State {
    clock: Clock,
    principals: HashMap<String, Principal>,
    ecs: ecs::Ecs,
    codedeploy: codedeploy::CodeDeploy,
    s3: s3::S3,
    sts: sts::Sts,
    codepipeline: codepipeline::CodePipeline,
    elb: elb::Elb,
    sns: sns::Sns,
    inventory: inventory::Inventory,
    logs: logs::Logs,
    faults: Script,
    replay: replay::Replay,
    latency: Duration,
    calls: Vec<Call>,
}

/// The owner of a key and its permissions: every list must allow an action.
#[derive(Debug, Clone)]
struct Principal {
    account: String,
    arn: String,
    session_token: String,
    allow: Vec<Vec<String>>,
    region: String,
    chained: bool,
    expires: Option<Millis>,
}

impl Principal {
    fn may(&self, action: &str) -> bool {
        self.allow.iter().all(|list| list.iter().any(|pattern| faults::matches(pattern, action)))
    }
}

impl FakeAws {
    /// Starts an AWS in which nothing exists yet.
    pub fn start() -> FakeAws {
        let clock = Clock::default();
        let state = Arc::new(Mutex::new(State { clock: clock.clone(), ..State::default() }));
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
        FakeAws { state, clock, server }
    }

    /// The time that everything in this AWS follows.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The value for `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// `127.0.0.1:PORT`
    pub(crate) fn address(&self) -> std::net::SocketAddr {
        self.server.address()
    }

    /// New credentials of a role session in that account, which may do what the IAM-like patterns allow (`*`, `s3:*`,
    /// `codepipeline:PutJob*`). The secret parts are known to the leak scan: no program may show them.
    pub fn session(&self, account: &str, role: &str, allow: &[&str]) -> Credentials {
        let allow = vec![allow.iter().map(|pattern| (*pattern).to_owned()).collect()];
        let arn = format!("arn:aws:sts::{account}:assumed-role/{role}/session");
        self.state().issue(account, arn, allow, false)
    }

    /// Accepts credentials of another AWS as a session in that account that may do anything here.
    pub fn adopt(&self, credentials: &Credentials, account: &str) {
        let principal = Principal {
            account: account.to_owned(),
            arn: format!("arn:aws:sts::{account}:assumed-role/adopted/session"),
            session_token: credentials.session_token.clone(),
            allow: vec![vec!["*".to_owned()]],
            region: String::new(),
            chained: false,
            expires: None,
        };
        self.state().principals.insert(credentials.access_key_id.clone(), principal);
    }

    /// The credentials are refused as expired from that long on, on the fake's clock. Those of `AssumeRole` expire by
    /// themselves.
    pub fn expire(&self, credentials: &Credentials, after: Duration) {
        self.state().expire(&credentials.access_key_id, after);
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

/// A test that fails while it holds the lock must not hide its message behind a poisoned lock.
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
        let (account, region, expires) = (account.to_owned(), String::new(), None);
        let principal = Principal { account, arn, session_token, allow, region, chained, expires };
        self.principals.insert(credentials.access_key_id.clone(), principal);
        credentials
    }

    fn expire(&mut self, access_key_id: &str, after: Duration) {
        let at = self.clock.now() + Millis::try_from(after.as_millis()).unwrap_or(Millis::MAX / 2);
        if let Some(principal) = self.principals.get_mut(access_key_id) {
            principal.expires = Some(at);
        }
    }

    fn answer(&mut self, received: Received) -> (Duration, Answer) {
        let mut call = call(received);
        let action = call.action();
        call.fault = self.faults.next(&action);
        call.caller = self.principals.get(&call.access_key_id).map(|principal| principal.arn.clone());
        let instead = call.fault.as_ref().and_then(|fault| fault.instead(&call.service));
        let answered = instead.unwrap_or_else(|| self.carry_out(&call));
        let answer = answered.unwrap_or_else(|refusal| refusal.render(call.shape()));
        let mut answer = partition::said(&call, answer);
        if call.is_cbor() {
            answer = in_cbor(answer);
        }
        if let Some(fault) = &call.fault {
            answer = fault.spoil(answer);
        }
        (call.status, call.answer) = (answer.status, answer.body.clone());
        call.answer_headers = answer.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        self.calls.push(call);
        (self.latency, answer)
    }

    fn carry_out(&mut self, call: &Call) -> Result<Answer, Refusal> {
        let now = self.clock.now();
        let caller = self.caller(call, now)?;
        if let Some(body) = self.replay.next(call) {
            // Of the services with the query protocol, only CloudWatch has recordings.
            return Ok(if call.is_query() { cloudwatch::in_xml(&body) } else { json_answer(200, &body) });
        }
        self.codedeploy.settle(now);
        match call.service.as_str() {
            "codedeploy" => {
                let world = codedeploy::World { ecs: &self.ecs, s3: &self.s3, now };
                self.codedeploy.answer(&caller, call, world)
            }
            "ecs" => self.ecs.answer(&caller, call, ecs::World { codedeploy: &self.codedeploy, now }),
            "elasticloadbalancing" => self.balance(&caller, call, now),
            "cloudwatch" => cloudwatch::answer(&self.codedeploy, &caller, call, now),
            "logs" if logs::OPERATIONS.contains(&call.operation.as_str()) => {
                self.logs.answer(&self.codedeploy, &caller, call, now)
            }
            "s3" => self.s3.answer(&caller, call),
            "sns" => self.sns.answer(&caller, call),
            "sts" => self.assume(&caller, call),
            "codepipeline" => self.codepipeline.answer(&caller, call),
            "application-autoscaling" if call.operation == "RegisterScalableTarget" => {
                self.inventory.register_scalable_target(&caller, call)
            }
            service if inventory::SERVICES.contains(&service) => self.inventory.answer(&caller, call),
            other => Err(Refusal::new(400, "UnknownOperationException", format!("this fake has no service `{other}`"))),
        }
    }

    fn caller(&self, call: &Call, now: Millis) -> Result<Principal, Refusal> {
        let (unknown, message) = match call.shape() {
            "s3" => ("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records."),
            "sns" | "sts" | "elasticloadbalancing" | "iam" | "monitoring" => {
                ("InvalidClientTokenId", "The security token included in the request is invalid.")
            }
            _ => ("UnrecognizedClientException", "The security token included in the request is invalid."),
        };
        let token = call.request.header("x-amz-security-token");
        let status = if ["ecs", "codedeploy"].contains(&call.service.as_str()) { 400 } else { 403 };
        let principal = self
            .principals
            .get(&call.access_key_id)
            .filter(|principal| token == Some(principal.session_token.as_str()))
            .map(|principal| Principal { region: call.region.clone(), ..principal.clone() })
            .ok_or_else(|| Refusal::new(status, unknown, message))?;
        if principal.expires.is_some_and(|expires| now >= expires) {
            return Err(expired(call.shape()));
        }
        Ok(principal)
    }
}
