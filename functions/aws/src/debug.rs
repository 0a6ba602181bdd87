//! What `--debug` prints: where the settings come from, and one line for each request.
//!
//! A line consists of named parts of a request and its answer: never a body, an authentication header or the value of a
//! variable. Nothing is read or measured unless [`to`] was called.

mod wire;

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Instant;

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use codedeploy_core::text::{self, LINE, safe};
use http_body_util::{BodyExt as _, Collected, Limited};

use crate::answer::request_id;
use crate::unsent::root;
use wire::{error_code, signer, what};

static SINK: OnceLock<fn(&str)> = OnceLock::new();

/// Passes all lines from now on to `sink`, without line breaks.
pub fn to(sink: fn(&str)) {
    let _ = SINK.set(sink);
}

pub(crate) fn is_on() -> bool {
    SINK.get().is_some()
}

/// Prints a line.
pub(crate) fn line(text: impl FnOnce() -> String) {
    if let Some(sink) = SINK.get() {
        sink(&text::line(&text()));
    }
}

/// The maximum number of sessions, and of requests to be retried, that are stored.
const MOST: usize = 64;

/// Stored information for later requests.
#[derive(Default)]
struct Memory {
    /// Key IDs of the sessions of roles, and the role.
    roles: VecDeque<(String, String)>,
    /// Calls whose last attempt failed, by the ID that the SDK gives to a call, and when.
    failed: VecDeque<(String, Instant)>,
}

fn memory() -> MutexGuard<'static, Memory> {
    static MEMORY: Mutex<Memory> = Mutex::new(Memory { roles: VecDeque::new(), failed: VecDeque::new() });
    MEMORY.lock().unwrap_or_else(PoisonError::into_inner)
}

fn keep<T>(list: &mut VecDeque<T>, item: T) {
    if list.len() == MOST {
        list.pop_front();
    }
    list.push_back(item);
}

/// From now on requests with these credentials are those of the role.
pub(crate) fn assumed(role: &str, session: &Credentials) {
    if is_on() {
        keep(&mut memory().roles, (session.access_key_id().to_owned(), role.to_owned()));
    }
}

/// A request in progress. If it is dropped, its line says that it was given up: the SDK drops a request that takes too
/// long.
pub(crate) struct Sent {
    /// The line so far.
    line: String,
    /// The rest of it, after what came of the request.
    rest: String,
    /// The ID of the call.
    call: String,
    begun: Instant,
    told: bool,
}

impl Sent {
    /// `proxy` is `HOST:PORT`. `None` without `--debug`.
    pub(crate) fn begin(request: &HttpRequest, proxy: Option<&str>) -> Option<Sent> {
        if !is_on() {
            return None;
        }
        let begun = Instant::now();
        let header = |name: &str| request.headers().get(name).unwrap_or_default();
        let (key, region) = signer(header("authorization"));
        let mut line = what(request);
        let mut part = |name: &str, value: &str| line.extend([" ", name, "=", value]);
        if let Some(region) = region {
            part("region", region);
        }
        let of = |name: &str| header("amz-sdk-request").split("; ").find_map(|pair| pair.strip_prefix(name));
        if let (Some(attempt), Some(most)) = (of("attempt="), of("max=")) {
            part("attempt", &format!("{attempt}/{most}"));
        }
        let call = header("amz-sdk-invocation-id").to_owned();
        let mut memory = memory();
        let before = memory.failed.iter().position(|(failed, _)| *failed == call);
        if let Some((_, ended)) = before.and_then(|at| memory.failed.remove(at)) {
            part("backoff", &format!("{}ms", (begun - ended).as_millis()));
        }
        let mut rest = String::new();
        if let Some((_, role)) = memory.roles.iter().find(|(of, _)| Some(of.as_str()) == key) {
            rest.extend([" role=", role]);
        }
        if let Some(proxy) = proxy {
            rest.extend([" proxy=", proxy]);
        }
        Some(Sent { line, rest, call, begun, told: false })
    }

    /// The answer, or why there is none, and its line. The body of a download is not read; any other body is, as the
    /// SDK would do next.
    pub(crate) async fn end(
        mut self,
        answer: Result<HttpResponse, ConnectorError>,
        is_download: bool,
    ) -> Result<HttpResponse, ConnectorError> {
        let mut answer = answer.inspect_err(|error| self.tell(&failed(error), None))?;
        let mut said = format!("status={}", answer.status().as_u16());
        if !(is_download && answer.status().is_success()) {
            let body = std::mem::replace(answer.body_mut(), SdkBody::taken()).collect().await.map(Collected::to_bytes);
            match &body {
                Ok(bytes) if !answer.status().is_success() => {
                    said.extend(error_code(&answer, bytes).into_iter().flat_map(|code| [" error=", code]));
                }
                Ok(_) => {}
                Err(error) => said.extend([" ", &failed(&**error)]),
            }
            *answer.body_mut() = match body {
                Ok(bytes) => SdkBody::from(bytes.to_vec()),
                // A body that breaks off stays one.
                Err(_) => SdkBody::from_body_1_x(Limited::new(SdkBody::from("x"), 0)),
            };
        }
        self.tell(&said, request_id(&answer));
        Ok(answer)
    }

    fn tell(&mut self, said: &str, request_id: Option<&str>) {
        self.told = true;
        let ended = Instant::now();
        if said != "status=200" && !self.call.is_empty() {
            keep(&mut memory().failed, (std::mem::take(&mut self.call), ended));
        }
        let id = request_id.map(|id| format!(" request-id={}", text::shown(id))).unwrap_or_default();
        let Sent { line: what, rest, begun, .. } = &*self;
        line(|| format!("{what} {said} duration={}ms{id}{rest}", (ended - *begun).as_millis()));
    }
}

/// Why there is no answer, in the words of the system.
fn failed(error: &(dyn StdError + 'static)) -> String {
    format!("error=\"{}\"", safe(&root(error), LINE))
}

impl Drop for Sent {
    fn drop(&mut self) {
        if !self.told {
            self.tell("error=\"no response in time\"", None);
        }
    }
}
