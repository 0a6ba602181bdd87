//! One request to the configured host. There is no proxy, no other host and no cookie; redirects are followed on the same
//! host only.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use codedeploy_core::fault::{Fault, safe, shown};
use http_body_util::{BodyExt as _, Empty};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{HeaderMap, HeaderValue};
use hyper::{Request, Response, body::Incoming};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

use crate::config::{Check, Method, Target};
use crate::faults;
use crate::verdict::{Answer, Search};

/// The largest headers of an answer, in bytes.
const HEADERS: usize = 64 << 10;
/// The largest body of an answer, in bytes. It is not kept.
const BODY: usize = 1 << 20;
/// The longest time for one of several addresses of the host, so that the next one is tried.
const CONNECT: Duration = Duration::from_secs(3);
/// The most redirects that are followed.
const REDIRECTS: usize = 5;
/// What is wrong with half an answer, or with none.
const CLOSED: &str = "the connection was closed before the answer was complete";
/// The longest part of a foreign message, in characters.
const QUOTED: usize = 200;

/// The configured host, and how it is reached.
#[derive(Clone)]
pub struct Client {
    target: Target,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// A connection that is kept between requests.
#[derive(Default)]
pub struct Connection(Option<(SendRequest<Empty<Bytes>>, tokio::task::AbortHandle)>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.close();
    }
}

impl Connection {
    fn close(&mut self) {
        if let Some((_, driver)) = self.0.take() {
            driver.abort();
        }
    }
}

impl Client {
    /// A client for that host. With HTTPS, reads the certificates of the authorities.
    ///
    /// # Errors
    /// `GAT04` without certificates.
    pub fn new(target: &Target) -> Result<Client, Fault> {
        let tls = if target.https { Some(tls(target)?) } else { None };
        Ok(Client { target: target.clone(), tls })
    }

    /// Sends the request of a check and reads its answer. The time is that from sending to the end of the body: a new
    /// connection is opened before.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn send(&self, connection: &mut Connection, check: &Check) -> Result<(Answer, Duration), String> {
        let deadline = Instant::now() + check.timeout;
        let mut path = check.path.clone();
        for redirects in 0.. {
            let sent = self.once(connection, check, &path, deadline).await;
            if sent.is_err() {
                connection.close();
            }
            let (answer, time) = sent?;
            let is_redirect = (300..400).contains(&answer.status) && check.follow_redirects && redirects < REDIRECTS;
            let next = answer.location.as_deref().filter(|_| is_redirect).and_then(|to| self.target.path_of(to));
            match next {
                Some(next) => path = next.strip_prefix(&self.target.prefix).unwrap_or(&next).to_owned(),
                None => return Ok((answer, time)),
            }
        }
        Err("too many redirects".to_owned())
    }

    async fn once(
        &self,
        connection: &mut Connection,
        check: &Check,
        path: &str,
        deadline: Instant,
    ) -> Result<(Answer, Duration), String> {
        let reused = connection.0.as_ref().is_some_and(|(sender, _)| !sender.is_closed());
        if !reused {
            self.open(connection, check, deadline).await?;
        }
        match self.exchange(connection, check, path, deadline).await {
            // The host may close an idle connection at any time. GET and HEAD can be repeated.
            Err(Lost { closed: true, .. }) if reused => {
                connection.close();
                self.open(connection, check, deadline).await?;
                self.exchange(connection, check, path, deadline).await.map_err(|lost| lost.why)
            }
            answer => answer.map_err(|lost| lost.why),
        }
    }

    async fn open(&self, connection: &mut Connection, check: &Check, deadline: Instant) -> Result<(), String> {
        connection.close();
        let late = || format!("no connection to {} within {} s", self.target.url(), check.timeout.as_secs_f64());
        let stream = match timeout_at(deadline, self.connect()).await {
            Ok(stream) => {
                stream.map_err(|error| format!("cannot connect to {}: {}", self.target.url(), of_io(&error)))?
            }
            Err(_) => return Err(late()),
        };
        let Some((connector, name)) = &self.tls else {
            *connection = handshake(TokioIo::new(stream)).await?;
            return Ok(());
        };
        match timeout_at(deadline, connector.connect(name.clone(), stream)).await {
            Ok(Ok(stream)) => *connection = handshake(TokioIo::new(stream)).await?,
            Ok(Err(error)) => return Err(format!("no TLS with {}: {}", self.target.url(), of_io(&error))),
            Err(_) => return Err(late()),
        }
        Ok(())
    }

    /// Tries the addresses of the host one after the other.
    async fn connect(&self) -> io::Result<TcpStream> {
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the host has no address");
        for address in tokio::net::lookup_host((self.target.host.as_str(), self.target.port)).await? {
            match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    stream.set_nodelay(true)?;
                    return Ok(stream);
                }
                Ok(Err(error)) => last = error,
                Err(_) => last = io::ErrorKind::TimedOut.into(),
            }
        }
        Err(last)
    }

    async fn exchange(
        &self,
        connection: &mut Connection,
        check: &Check,
        path: &str,
        deadline: Instant,
    ) -> Result<(Answer, Duration), Lost> {
        let Some((sender, _)) = &mut connection.0 else { return Err(Lost::of("no connection".to_owned())) };
        let request = self.request(check, path).map_err(|error| Lost::of(format!("cannot be sent: {error}")))?;
        let started = Instant::now();
        let seconds = check.timeout.as_secs_f64();
        let response = match timeout_at(deadline, sender.send_request(request)).await {
            Ok(response) => response.map_err(|error| Lost::broken(&error))?,
            Err(_) => return Err(Lost::of(format!("no answer within {seconds} s"))),
        };
        match timeout_at(deadline, read(check, response)).await {
            Ok(answer) => answer.map(|answer| (answer, started.elapsed())).map_err(Lost::of),
            Err(_) => Err(Lost::of(format!("the answer was not complete within {seconds} s"))),
        }
    }

    fn request(&self, check: &Check, path: &str) -> Result<Request<Empty<Bytes>>, hyper::http::Error> {
        let mut request = Request::builder()
            .method(check.method.name())
            .uri(format!("{}{path}", self.target.prefix))
            .header("host", &self.target.host_header)
            .header("user-agent", concat!("deployment-gate/", env!("CARGO_PKG_VERSION")))
            .header("accept", "*/*");
        for (name, value) in &check.request_headers {
            let mut value = HeaderValue::from_str(value)?;
            value.set_sensitive(true);
            if let Some(headers) = request.headers_mut() {
                headers.insert(hyper::header::HeaderName::from_bytes(name.as_bytes())?, value);
            }
        }
        request.body(Empty::new())
    }
}

/// Why there is no answer.
struct Lost {
    why: String,
    /// Whether the host closed the connection before it answered.
    closed: bool,
}

impl Lost {
    fn of(why: String) -> Lost {
        Lost { why, closed: false }
    }

    fn broken(error: &hyper::Error) -> Lost {
        Lost {
            why: of_hyper(error),
            closed: error.is_incomplete_message() || error.is_canceled() || error.is_closed() || is_reset(error),
        }
    }
}

async fn handshake<S>(stream: TokioIo<S>) -> Result<Connection, String>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let opened = http1::Builder::new().max_buf_size(HEADERS).handshake(stream).await;
    let (sender, connection) = opened.map_err(|error| of_hyper(&error))?;
    // Its error is that of the request, too.
    let driver = tokio::spawn(async move { drop(connection.await) });
    Ok(Connection(Some((sender, driver.abort_handle()))))
}

async fn read(check: &Check, response: Response<Incoming>) -> Result<Answer, String> {
    let (head, mut body) = response.into_parts();
    let header = |name: &str| header(&head.headers, name);
    let headers = check.response_headers.iter().map(|(name, _)| header(name)).collect();
    let (mut search, mut bytes) = (Search::new(&check.body_contains), 0);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| of_hyper(&error))?;
        let Some(data) = frame.data_ref() else { continue };
        bytes += data.len();
        if bytes > BODY {
            return Err(format!("the body is larger than {} KiB", BODY >> 10));
        }
        search.add(data);
    }
    let found = if check.method == Method::Head { Vec::new() } else { search.found() };
    Ok(Answer { status: head.status.as_u16(), location: header("location"), headers, found })
}

/// The value of a header; those of several with one name together, as a proxy would join them.
fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<_> = headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn of_hyper(error: &hyper::Error) -> String {
    // Hyper has a method for this, but only with the feature of its server.
    if error.is_parse() && error.to_string() == "message head is too large" {
        return format!("the headers of the answer are larger than {} KiB, or too many", HEADERS >> 10);
    }
    if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        return CLOSED.to_owned();
    }
    if error.is_parse() {
        return format!("the answer is not HTTP: {}", safe(&error.to_string(), QUOTED));
    }
    let mut root: &dyn std::error::Error = error;
    while let Some(source) = root.source() {
        root = source;
    }
    match root.downcast_ref::<io::Error>() {
        Some(error) if error.kind() == io::ErrorKind::UnexpectedEof => CLOSED.to_owned(),
        Some(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
            format!("the answer is not HTTP: {}", safe(&error.to_string(), QUOTED))
        }
        Some(error) => format!("the connection failed: {}", of_io(error)),
        None => format!("the answer cannot be read: {}", safe(&root.to_string(), QUOTED)),
    }
}

fn is_reset(error: &hyper::Error) -> bool {
    let source = std::error::Error::source(error).and_then(|source| source.downcast_ref::<io::Error>());
    source.is_some_and(|error| matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe))
}

/// The message of an error without the number that the system has for it.
fn of_io(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset => "connection reset".to_owned(),
        io::ErrorKind::TimedOut => format!("no answer within {} s", CONNECT.as_secs()),
        io::ErrorKind::UnexpectedEof => "the connection was closed".to_owned(),
        _ => safe(&error.to_string(), QUOTED),
    }
}

fn tls(target: &Target) -> Result<(TlsConnector, ServerName<'static>), Fault> {
    let found = match &target.ca_file {
        // Not SSL_CERT_FILE, which holds for calls to AWS as well: a wrong one would prevent the report.
        Some(file) => rustls_native_certs::load_certs_from_paths(Some(file.as_ref()), None),
        None => rustls_native_certs::load_native_certs(),
    };
    let mut roots = RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 {
        let problem = found.errors.first().map_or_else(|| "the system has none".to_owned(), ToString::to_string);
        return Err(faults::no_certificates(&shown(&problem)));
    }
    let name = ServerName::try_from(target.server_name.clone());
    let name = name.map_err(|_| faults::wrong_value("server_name", "a host name", "this text"))?;
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| faults::no_certificates(&error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok((TlsConnector::from(Arc::new(config)), name))
}
