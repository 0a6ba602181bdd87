//! Calls to services that have no SDK crate here, because only one or two of their operations are needed and a crate for each
//! would double the size of the program.
//!
//! A call is made of the same parts as those of the SDK: its orchestrator with retries and time limits, Signature Version 4,
//! user agent, clock-skew correction, and the region, credentials, endpoint settings and HTTP client of [`Aws`].

mod endpoint;
mod operation;
mod xml;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
#[cfg(feature = "command-line")]
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use serde_json::Value;

use crate::answer::{Facts, refused};
use crate::call::Call;
use crate::config::Aws;
use crate::error::{AwsError, Cause};

/// A service, as far as calls to it need it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Service {
    /// The name in `AWS_ENDPOINT_URL_NAME`, as the SDK for it has it: `Secrets Manager`.
    pub(crate) id: &'static str,
    /// The name in the signature: `secretsmanager`.
    pub(crate) signing: &'static str,
    /// What the host begins with: `api.ecr`.
    pub(crate) host: &'static str,
    pub(crate) protocol: Protocol,
}

/// How operations are named and arguments are sent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Protocol {
    /// [AWS JSON 1.1](https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html) with the prefix of `X-Amz-Target`.
    Json(&'static str),
    /// [Query](https://smithy.io/2.0/aws/protocols/aws-query-protocol.html) and its variant of EC2, with the API version. The
    /// answers are XML.
    Query(&'static str),
    /// [REST JSON](https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html).
    Rest,
}

/// The arguments of a call.
#[derive(Debug, Clone)]
pub(crate) enum Arguments {
    /// For [`Protocol::Json`].
    Json(Value),
    /// For [`Protocol::Query`].
    Form(Vec<(String, String)>),
    /// For [`Protocol::Rest`]: the path of a GET request, percent-encoded, with its query.
    Path(String),
    /// For [`Protocol::Rest`]: such a path, and what is posted to it.
    #[cfg(feature = "command-line")]
    Post(String, Value),
}

/// Sends one call and returns its answer; XML as [`xml::read`] has it.
///
/// `cause` says what an error of the service means, as for [`Call::answer`].
pub(crate) async fn send(
    aws: &Aws,
    service: &Service,
    call: &Call,
    arguments: Arguments,
    cause: impl FnOnce(&Call, &Facts) -> Cause,
) -> Result<Value, AwsError> {
    let (iam_service, name) = call.action.split_once(':').unwrap_or((service.signing, call.action));
    let operation = operation::signed(aws.sdk(), service, (iam_service, name), &call.region);
    // Boxed, because the future of the SDK has some 20 KiB.
    let answer = Box::pin(operation.invoke(Outgoing { protocol: service.protocol, name, arguments })).await;
    call.answer(answer, cause)
}

/// [`send`] for a service whose errors mean what they mean everywhere, except that `None` is returned for one of the codes
/// that say that there is no such thing.
pub(crate) async fn find(
    aws: &Aws,
    service: &Service,
    call: &Call,
    arguments: Arguments,
    missing: &[&str],
) -> Result<Option<Value>, AwsError> {
    match send(aws, service, call, arguments, refused).await {
        Err(error) if missing.contains(&error.aws_code()) => Ok(None),
        answer => answer.map(Some),
    }
}

/// [`send`] for each page of an answer, until there are no more or `page` returns false. `arguments` are those of the page
/// behind a token, and `next` is where an answer has the token of the next one.
pub(crate) async fn pages(
    aws: &Aws,
    service: &Service,
    call: &Call,
    arguments: impl Fn(Option<&str>) -> Arguments,
    next: &str,
    cause: fn(&Call, &Facts) -> Cause,
    mut page: impl FnMut(&Value) -> bool,
) -> Result<(), AwsError> {
    let mut token: Option<String> = None;
    loop {
        let answer = send(aws, service, call, arguments(token.as_deref()), cause).await?;
        let after = text(&answer, next).filter(|token| !token.is_empty()).map(str::to_owned);
        if !page(&answer) || after.is_none() {
            return Ok(());
        }
        if after == token {
            // It would go on for ever.
            return Err(call.no_part());
        }
        token = after;
    }
}

/// Gets the JSON behind a presigned URL, such as the one that `call` answered.
pub(crate) async fn download(aws: &Aws, call: &Call, url: &str) -> Result<Value, AwsError> {
    let (host, path) = host_and_path(url);
    let outgoing = Outgoing { protocol: Protocol::Rest, name: "Get", arguments: Arguments::Path(path.to_owned()) };
    call.answer(Box::pin(operation::presigned(aws.sdk(), host).invoke(outgoing)).await, refused)
}

/// Posts JSON to a URL that is not of AWS. The answer is not read.
#[cfg(feature = "command-line")]
pub(crate) async fn post(aws: &Aws, url: &str, body: &Value) -> Result<(), SdkError<ErrorMetadata, HttpResponse>> {
    let (host, path) = host_and_path(url);
    let arguments = Arguments::Post(path.to_owned(), body.clone());
    let outgoing = Outgoing { protocol: Protocol::Rest, name: "Post", arguments };
    Box::pin(operation::posted(aws.sdk(), host).invoke(outgoing)).await.map(drop)
}

/// The two parts of a URL; the path with its query.
fn host_and_path(url: &str) -> (&str, &str) {
    let after = url.find("://").map_or(0, |scheme| scheme + 3);
    let path = url.get(after..).and_then(|rest| rest.find(['/', '?'])).map_or(url.len(), |path| after + path);
    url.split_at_checked(path).unwrap_or((url, ""))
}

/// A request before it has an endpoint.
#[derive(Debug)]
struct Outgoing {
    protocol: Protocol,
    name: &'static str,
    arguments: Arguments,
}

impl Outgoing {
    fn request(self) -> Result<HttpRequest, BoxError> {
        let Outgoing { protocol, name, arguments } = self;
        let (kind, body) = match (protocol, arguments) {
            (_, Arguments::Path(path)) => {
                let mut request = HttpRequest::new(SdkBody::empty());
                request.set_uri(path)?;
                return Ok(request);
            }
            #[cfg(feature = "command-line")]
            (_, Arguments::Post(path, body)) => {
                let mut request = HttpRequest::new(SdkBody::from(body.to_string()));
                request.set_method("POST")?;
                request.set_uri(path)?;
                request.headers_mut().insert("content-type", "application/json");
                return Ok(request);
            }
            (_, Arguments::Json(body)) => ("application/x-amz-json-1.1", body.to_string()),
            (Protocol::Query(version), Arguments::Form(fields)) => {
                let own = [("Action".to_owned(), name.to_owned()), ("Version".to_owned(), version.to_owned())];
                ("application/x-www-form-urlencoded", form(own.into_iter().chain(fields)))
            }
            (_, Arguments::Form(fields)) => ("application/x-www-form-urlencoded", form(fields)),
        };
        let length = body.len().to_string();
        let mut request = HttpRequest::new(SdkBody::from(body));
        request.set_method("POST")?;
        let headers = request.headers_mut();
        headers.insert("content-type", kind);
        headers.insert("content-length", length);
        if let Protocol::Json(prefix) = protocol {
            headers.insert("x-amz-target", format!("{prefix}.{name}"));
        }
        Ok(request)
    }
}

fn form(fields: impl IntoIterator<Item = (String, String)>) -> String {
    let field = |(name, value): (String, String)| format!("{name}={}", encoded(&value));
    fields.into_iter().map(field).collect::<Vec<_>>().join("&")
}

/// The fields of a list of texts, as [`Protocol::Query`] has them: `NAME.member.1`.
pub(crate) fn members<'t>(name: &str, texts: impl IntoIterator<Item = &'t str>) -> Vec<(String, String)> {
    let field = |(place, text): (usize, &str)| (format!("{name}.member.{place}"), text.to_owned());
    (1..).zip(texts).map(field).collect()
}

/// Percent-encoded: all but letters, digits and `-._~`.
pub(crate) fn encoded(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// The text at a pointer of an answer, such as `/Role/Arn`.
pub(crate) fn text<'v>(answer: &'v Value, pointer: &str) -> Option<&'v str> {
    answer.pointer(pointer).and_then(Value::as_str)
}

/// The items of the list at a pointer of an answer; none if there is no list.
pub(crate) fn list<'v>(answer: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> {
    answer.pointer(pointer).and_then(Value::as_array).into_iter().flatten()
}

fn incoming(protocol: Protocol, response: &HttpResponse) -> Result<Value, OrchestratorError<ErrorMetadata>> {
    let body = response.body().bytes().unwrap_or_default();
    let value = match protocol {
        Protocol::Query(_) => xml::read(body),
        // Nothing is nothing: an error of a gateway may have no body.
        _ if body.is_empty() => Some(Value::Null),
        _ => serde_json::from_slice(body).ok(),
    };
    if response.status().is_success() {
        return value.ok_or_else(|| OrchestratorError::response("neither JSON nor XML".into()));
    }
    let kind = response.headers().get("x-amzn-errortype");
    Err(OrchestratorError::operation(error(&value.unwrap_or_default(), kind)))
}

/// An error answer of any of the protocols. The code comes with a name space before it or a URL behind it.
fn error(body: &Value, kind: Option<&str>) -> ErrorMetadata {
    // Query: `Error` in the root. EC2: `Errors` with one of them.
    let inner = body.get("Error").or_else(|| body.pointer("/Errors/Error")).unwrap_or(body);
    let any = |names: &[&str]| names.iter().find_map(|name| text(inner, name));
    let code = kind.or_else(|| any(&["/__type", "/code", "/Code"])).unwrap_or_default();
    let code = code.rsplit('#').next().unwrap_or_default();
    let code = code.split(':').next().unwrap_or_default();
    let mut error = ErrorMetadata::builder().code(code);
    if let Some(message) = any(&["/message", "/Message"]) {
        error = error.message(message);
    }
    error.build()
}

#[cfg(test)]
pub(crate) use endpoint::documented;

#[cfg(test)]
mod tests;
