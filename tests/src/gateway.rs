//! The way out of a company's network: an HTTP proxy that notes where everybody wants to go, and leads all of it to a
//! fake AWS on this machine. Nothing else of the network is needed to see which hosts a program talks to.
//!
//! It opens the TLS of what goes through its tunnels, as companies' proxies do, with a certificate of
//! [`Certificates`]. Spoken to in TLS, it is a proxy or a server with that certificate.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread::JoinHandle,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use rustls::ServerConfig;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::Notify,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{certificates::Certificates, fake_aws::FakeAws};

/// A running gateway, which stops when the value is dropped.
pub struct Gateway {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    stop: Arc<Notify>,
    thread: Option<JoinHandle<()>>,
}

/// What a gateway does with those who ask it for a way.
#[derive(Debug, Clone, Default)]
pub enum Rule {
    /// Lets them through.
    #[default]
    Open,
    /// Lets through who says this user and password.
    Password(String, String),
    /// Answers with that status.
    Refuses(u16),
}

#[derive(Default)]
struct State {
    rule: Rule,
    asked: Vec<String>,
    refusals: usize,
}

struct Shared {
    behind: SocketAddr,
    server: Arc<ServerConfig>,
    state: Arc<Mutex<State>>,
}

impl State {
    /// The status for somebody who wants to go to that place and may not.
    fn refusal(&mut self, place: String, head: &str) -> Option<u16> {
        self.asked.push(place);
        let status = match &self.rule {
            Rule::Open => None,
            Rule::Password(user, password) => {
                let wanted = format!("proxy-authorization: Basic {}", STANDARD.encode(format!("{user}:{password}")));
                (!head.lines().any(|line| line.eq_ignore_ascii_case(&wanted))).then_some(407)
            }
            Rule::Refuses(status) => Some(*status),
        };
        self.refusals += usize::from(status.is_some());
        status
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Gateway {
    /// Starts a gateway that leads to that AWS.
    ///
    /// # Panics
    /// Where this machine has no free port.
    pub fn start(aws: &FakeAws, certificates: &Certificates, rule: Rule) -> Gateway {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port on 127.0.0.1");
        listener.set_nonblocking(true).expect("a non-blocking socket");
        let address = listener.local_addr().expect("the address of a bound socket");
        let state = Arc::new(Mutex::new(State { rule, ..State::default() }));
        let stop = Arc::new(Notify::new());
        let server = Arc::clone(&certificates.server);
        let shared = Arc::new(Shared { behind: aws.address(), server, state: Arc::clone(&state) });
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async move {
                let listener = TcpListener::from_std(listener).expect("a listening socket");
                let accept = async {
                    while let Ok((stream, _)) = listener.accept().await {
                        let shared = Arc::clone(&shared);
                        // A client that goes away is no error of the gateway.
                        tokio::spawn(async move { drop(serve(stream, &shared).await) });
                    }
                };
                tokio::select! {
                    () = accept => {}
                    () = stopped.notified() => {}
                }
            });
        });
        Gateway { address, state, stop, thread: Some(thread) }
    }

    /// From now on it does that with whoever asks; tunnels that are open stay so.
    pub fn set_rule(&self, rule: Rule) {
        lock(&self.state).rule = rule;
    }

    /// How often it has refused somebody.
    pub fn refusals(&self) -> usize {
        lock(&self.state).refusals
    }

    /// `127.0.0.1:PORT`
    pub fn name(&self) -> String {
        self.address.to_string()
    }

    /// The port, for addresses of this machine that are not loopback to a program.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Where everybody wanted to go, as `HOST:PORT` of a tunnel or the URL's `http://HOST`, each once and sorted.
    pub fn asked(&self) -> Vec<String> {
        let mut asked = lock(&self.state).asked.clone();
        asked.sort();
        asked.dedup();
        asked
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.stop.notify_one();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let _ = stream.set_nodelay(true);
    let mut first = [0];
    if stream.peek(&mut first).await? == 1 && first == [HANDSHAKE] {
        return request(decrypted(stream, shared).await?, shared).await;
    }
    request(stream, shared).await
}

/// The first byte of TLS.
const HANDSHAKE: u8 = 22;

/// A request for a way to somewhere, or one to a server, which names only a path.
async fn request<S: AsyncRead + AsyncWrite + Unpin>(mut stream: S, shared: &Shared) -> io::Result<()> {
    let head = head(&mut stream).await?;
    let mut words = head.split_whitespace();
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let place = match method {
        "CONNECT" => Some(target.to_owned()),
        _ if target.starts_with('/') => None,
        _ => Some(target.splitn(4, '/').take(3).collect::<Vec<_>>().join("/")),
    };
    let refusal = place.and_then(|place| lock(&shared.state).refusal(place, &head));
    if let Some(status) = refusal {
        let answer = format!("HTTP/1.1 {status} No\r\ncontent-length: 0\r\nproxy-authenticate: Basic\r\n\r\n");
        stream.write_all(answer.as_bytes()).await?;
        return stream.flush().await;
    }
    if method == "CONNECT" {
        stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
        return passed_on(decrypted(stream, shared).await?, "", shared).await;
    }
    passed_on(stream, &head, shared).await
}

async fn decrypted<S: AsyncRead + AsyncWrite + Unpin>(stream: S, shared: &Shared) -> io::Result<TlsStream<S>> {
    TlsAcceptor::from(Arc::clone(&shared.server)).accept(stream).await
}

async fn passed_on<S: AsyncRead + AsyncWrite + Unpin>(mut from: S, head: &str, shared: &Shared) -> io::Result<()> {
    let mut behind = TcpStream::connect(shared.behind).await?;
    // A request in two pieces would otherwise wait 40 ms for the acknowledgement of the first one.
    let _ = behind.set_nodelay(true);
    behind.write_all(head.as_bytes()).await?;
    copy_bidirectional(&mut from, &mut behind).await.map(drop)
}

/// Reads up to the empty line, and no byte more.
async fn head<S: AsyncRead + Unpin>(stream: &mut S) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}
