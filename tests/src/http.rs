//! The HTTP/1.1 server under every fake: one thread, one handler, and answers that can go wrong on purpose.

use std::{
    collections::VecDeque,
    convert::Infallible,
    fmt,
    future::Future,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    thread::JoinHandle,
    time::Duration,
};

use bytes::Bytes;
use http_body::Frame;
use http_body_util::BodyExt;
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, oneshot},
    time::Sleep,
};

/// A request as it arrived: nothing decoded, header names in lower case.
#[derive(Debug, Clone)]
pub struct Received {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, still percent-encoded.
    pub path: String,
    /// What follows the question mark, still percent-encoded; empty without one.
    pub query: String,
    /// Names in lower case, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Bytes,
}

impl Received {
    /// The value of the first header of that (lower-case) name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as text, with replacement characters where it is not UTF-8.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// How an answer is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// As a healthy server does.
    Whole,
    /// The connection is reset (RST) and no byte of the answer is sent.
    Reset,
    /// Nothing is sent and the connection stays open.
    Never,
    /// Half of the body, then the connection ends.
    Cut,
    /// One byte after each pause.
    Drip(Duration),
}

/// An answer and how it is delivered.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    pub(crate) delivery: Delivery,
}

impl Answer {
    /// An answer that is delivered whole.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Bytes>) -> Answer {
        let headers = vec![("content-type", content_type.to_owned())];
        Answer { status, headers, body: body.into(), delivery: Delivery::Whole }
    }

    /// The same answer with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }
}

/// A server that lives as long as this value.
pub(crate) struct Server {
    address: SocketAddr,
    hang_up: Arc<Notify>,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server on a free port of 127.0.0.1, in a thread of its own.
    pub(crate) fn start<H, F>(handler: H) -> Server
    where
        H: Fn(Received) -> F + Send + Sync + 'static,
        F: Future<Output = Answer> + Send + 'static,
    {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port on 127.0.0.1");
        listener.set_nonblocking(true).expect("a non-blocking socket");
        let address = listener.local_addr().expect("the address of a bound socket");
        let (stop, stopped) = oneshot::channel();
        let hang_up = Arc::new(Notify::new());
        let told = Arc::clone(&hang_up);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a listening socket");
                tokio::select! {
                    () = accept(listener, Arc::new(handler), told) => {}
                    _ = stopped => {}
                }
            });
        });
        Server { address, hang_up, stop: Some(stop), thread: Some(thread) }
    }

    /// Closes all connections that are open now, in the middle of an answer too.
    pub(crate) fn hang_up(&self) {
        self.hang_up.notify_waiters();
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server is shown by its own thread; a second one here would hide the test's.
            let _ = thread.join();
        }
    }
}

async fn accept<H, F>(listener: TcpListener, handler: Arc<H>, hang_up: Arc<Notify>)
where
    H: Fn(Received) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&handler), Arc::clone(&hang_up)));
        }
    }
}

async fn serve<H, F>(stream: TcpStream, handler: Arc<H>, hang_up: Arc<Notify>)
where
    H: Fn(Received) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    // Without this, answers in two segments wait 40 ms for the client's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let handler = Arc::clone(&handler);
        async move {
            let Some(received) = receive(request).await else { return Err(Reset) };
            respond(handler(received).await).await
        }
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = hang_up.notified() => return,
    };
    let cause = ended.as_ref().err().and_then(std::error::Error::source);
    if cause.and_then(<dyn std::error::Error>::downcast_ref::<Reset>).is_some() {
        let _ = connection.into_parts().io.into_inner().set_zero_linger();
    }
}

async fn receive(request: Request<Incoming>) -> Option<Received> {
    let (head, body) = request.into_parts();
    let headers = head
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
    Some(Received {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body: body.collect().await.ok()?.to_bytes(),
    })
}

async fn respond(answer: Answer) -> Result<Response<Body>, Reset> {
    match answer.delivery {
        Delivery::Reset => return Err(Reset),
        Delivery::Never => return std::future::pending().await,
        Delivery::Whole | Delivery::Cut | Delivery::Drip(_) => {}
    }
    let mut response = Response::builder().status(answer.status);
    for (name, value) in &answer.headers {
        response = response.header(*name, value);
    }
    if !answer.headers.iter().any(|(name, _)| *name == "content-length") {
        response = response.header("content-length", answer.body.len());
    }
    Ok(response.body(Body::new(answer.body, answer.delivery)).expect("status and headers of a fake are valid"))
}

/// A body that can stop half-way or trickle.
struct Body {
    chunks: VecDeque<Bytes>,
    pause: Option<Duration>,
    sleep: Option<Pin<Box<Sleep>>>,
    cut: bool,
}

/// The body ends before its announced length.
#[derive(Debug)]
struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("body cut on purpose")
    }
}

impl std::error::Error for Cut {}

/// How long the first half of a cut body has to leave the server's buffers.
const FLUSH: Duration = Duration::from_millis(5);

impl Body {
    fn new(bytes: Bytes, delivery: Delivery) -> Body {
        let (chunks, pause) = match delivery {
            Delivery::Cut => (VecDeque::from([bytes.slice(..bytes.len() / 2), Bytes::new()]), Some(FLUSH)),
            Delivery::Drip(pause) => ((0..bytes.len()).map(|at| bytes.slice(at..=at)).collect(), Some(pause)),
            Delivery::Whole | Delivery::Reset | Delivery::Never => (VecDeque::from([bytes]), None),
        };
        Body { chunks, pause, sleep: None, cut: delivery == Delivery::Cut }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if let Some(pause) = self.pause
            && !self.chunks.is_empty()
        {
            let sleep = self.sleep.get_or_insert_with(|| Box::pin(tokio::time::sleep(pause)));
            std::task::ready!(sleep.as_mut().poll(context));
            self.sleep = None;
        }
        Poll::Ready(match self.chunks.pop_front() {
            Some(chunk) => Some(Ok(Frame::data(chunk))),
            None if self.cut => Some(Err(Cut)),
            None => None,
        })
    }
}

/// The service gives up its connection without an answer.
#[derive(Debug)]
struct Reset;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("connection reset on purpose")
    }
}

impl std::error::Error for Reset {}
