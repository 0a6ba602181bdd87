//! Tasks behind a test listener, of which each path behaves in its own way: as a healthy service, or in a way in which a
//! service hangs, fails or lies.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use rustls::{ServerConnection, StreamOwned};

use crate::certificates::Certificates;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Request {
    /// `GET /ok HTTP/1.1`
    pub line: String,
    /// `name: value`, names in lower case.
    pub headers: Vec<String>,
}

/// Running tasks. The listener is closed with the test process.
pub struct Target {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    connections: usize,
    requests: Vec<Request>,
    location: String,
}

impl Target {
    /// Starts tasks that are reached with HTTP, or with HTTPS and these certificates.
    pub fn start(certificates: Option<&'static Certificates>) -> Target {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let state = Arc::clone(&shared);
                lock(&state).connections += 1;
                std::thread::spawn(move || {
                    let _ = stream.set_nodelay(true);
                    // A client that leaves is no fault of the tasks.
                    let _ = match certificates {
                        None => serve(stream, &state),
                        Some(certificates) => ServerConnection::new(Arc::clone(&certificates.server))
                            .map_err(io::Error::other)
                            .and_then(|tls| serve(StreamOwned::new(tls, stream), &state)),
                    };
                });
            }
        });
        Target { address, state }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How often it was connected to.
    pub fn connections(&self) -> usize {
        lock(&self.state).connections
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.state).requests.clone()
    }

    /// Where `/redirect` leads to.
    pub fn set_location(&self, location: &str) {
        location.clone_into(&mut lock(&self.state).location);
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Answers one request after the other until either side ends the connection.
fn serve<S: Read + Write>(stream: S, state: &Mutex<State>) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Ok(());
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let line = lines.remove(0);
        let lower = |header: String| match header.split_once(':') {
            Some((name, value)) => format!("{}:{value}", name.to_lowercase()),
            None => header,
        };
        let headers = lines.into_iter().map(lower).collect();
        let (number, location) = {
            let mut state = lock(state);
            state.requests.push(Request { line: line.clone(), headers });
            let number = state.requests.iter().filter(|request| request.line == line).count();
            (number, state.location.clone())
        };
        let is_head = line.starts_with("HEAD ");
        let path = line.split(' ').nth(1).unwrap_or_default();
        if !answer(&mut stream, path, number, &location, is_head)? {
            return Ok(());
        }
    }
}

/// Answers a request; false if the connection ends.
fn answer<S: Read + Write>(
    stream: &mut BufReader<S>,
    path: &str,
    number: usize,
    location: &str,
    is_head: bool,
) -> io::Result<bool> {
    let out = stream.get_mut();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let pause = || std::thread::sleep(Duration::from_millis(query.parse().unwrap_or(50)));
    let mut whole = |status: &str, headers: &str, body: &str| {
        let body = if is_head { "" } else { body };
        let length = body.len();
        write!(out, "HTTP/1.1 {status}\r\n{headers}content-length: {length}\r\n\r\n{body}")?;
        out.flush()
    };
    match path {
        "/ok" => whole("200 OK", "x-version: 7\r\n", "{\"state\": \"ready\"}")?,
        "/slow" => {
            pause();
            whole("200 OK", "", "ready")?;
        }
        "/flaky" if number.is_multiple_of(4) => whole("502 Bad Gateway", "", "no")?,
        "/flaky" => whole("200 OK", "", "ready")?,
        "/redirect" => whole("302 Found", &format!("location: {location}\r\n"), "")?,
        "/error" => whole("500 Internal Server Error", "", "Traceback: db down")?,
        // Hangs until the client leaves.
        "/hang" => drop(io::copy(stream, &mut io::sink())),
        "/hang-in-body" => {
            write!(out, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nready")?;
            out.flush()?;
            drop(io::copy(stream, &mut io::sink()));
        }
        "/drip" => {
            write!(out, "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")?;
            for _ in 0..100_000 {
                write!(out, "x")?;
                out.flush()?;
                pause();
            }
        }
        // Ends before its length, and after it.
        "/short" => {
            write!(out, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nready")?;
            out.flush()?;
            return Ok(false);
        }
        "/long" => {
            write!(out, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nready and much more HTTP/1.1 200 OK\r\n\r\n")?;
            out.flush()?;
        }
        "/endless" => {
            write!(out, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")?;
            loop {
                write!(out, "10000\r\n{}\r\n", "x".repeat(0x1_0000))?;
            }
        }
        "/endless-headers" => {
            write!(out, "HTTP/1.1 200 OK\r\n")?;
            loop {
                write!(out, "x-{}: {}\r\n", number, "x".repeat(1_000))?;
            }
        }
        "/garbage" => {
            out.write_all(b"\x16\x03\x01\x00SSH-2.0-OpenSSH\r\n\r\n\xff\xfe")?;
            out.flush()?;
            return Ok(false);
        }
        "/two-lengths" => {
            write!(out, "HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nready!")?;
            out.flush()?;
            return Ok(false);
        }
        "/bad-chunk" => {
            write!(out, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nready\r\n")?;
            out.flush()?;
            return Ok(false);
        }
        "/close" => return Ok(false),
        _ => whole("404 Not Found", "", "")?,
    }
    Ok(true)
}
