//! A server for tests that plays scripted answers and keeps the requests. The client is the real one.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the server does with one request.
pub(crate) enum Answer {
    /// Status line, headers and body.
    Reply { status: u16, headers: Vec<(String, String)>, body: Vec<u8> },
    /// A reply whose `Content-Length` promises this many bytes more than the body has.
    Short { body: Vec<u8>, missing: usize },
    /// Closes the connection without a word.
    Close,
    /// Says nothing for two seconds.
    Hang,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Answer::text(status, body).with("content-type", "application/x-amz-json-1.1")
    }

    pub(crate) fn text(status: u16, body: &str) -> Self {
        Answer::Reply { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        if let Answer::Reply { headers, .. } = &mut self {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }
}

/// A request as it came over the wire.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) line: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn body_json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Runs until the test process ends; answers beyond the script are HTTP 599.
pub(crate) struct FakeAws {
    pub(crate) url: String,
    seen: Arc<Mutex<Seen>>,
}

struct Seen {
    script: std::vec::IntoIter<Answer>,
    requests: Vec<Request>,
    connections: usize,
    accepted: usize,
}

impl FakeAws {
    pub(crate) fn start(script: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Seen { script: script.into_iter(), requests: Vec::new(), connections: 0, accepted: 0 };
        let seen = Arc::new(Mutex::new(seen));
        let kept = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                seen.lock().unwrap().accepted += 1;
                std::thread::spawn(move || serve(&stream, &seen));
            }
        });
        FakeAws { url, seen: kept }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.seen.lock().unwrap().requests.clone()
    }

    /// How many connections carried a request.
    pub(crate) fn connections(&self) -> usize {
        self.seen.lock().unwrap().connections
    }

    /// How many connections were opened, once there are that many. Waits for them.
    pub(crate) async fn accepted(&self, at_least: usize) -> usize {
        loop {
            let accepted = self.seen.lock().unwrap().accepted;
            if accepted >= at_least {
                return accepted;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
}

fn serve(mut stream: &TcpStream, seen: &Mutex<Seen>) {
    let mut reader = BufReader::new(stream);
    let mut first = true;
    while let Some(request) = read(&mut reader) {
        let answer = {
            let mut seen = seen.lock().unwrap();
            seen.connections += usize::from(std::mem::take(&mut first));
            seen.requests.push(request);
            seen.script.next().unwrap_or_else(|| Answer::text(599, "the script is over"))
        };
        let (status, headers, body, missing) = match answer {
            Answer::Reply { status, headers, body } => (status, headers, body, 0),
            Answer::Short { body, missing } => (200, Vec::new(), body, missing),
            Answer::Close => return,
            Answer::Hang => return std::thread::sleep(Duration::from_secs(2)),
        };
        let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len() + missing);
        for (name, value) in headers {
            head.extend([name.as_str(), ": ", &value, "\r\n"]);
        }
        head.push_str("\r\n");
        // The client may have closed the connection: it does so for a body that it does not need.
        let sent = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
        if sent.is_err() || missing > 0 {
            return;
        }
    }
}

fn read(reader: &mut BufReader<&TcpStream>) -> Option<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let pair = |line: &String| line.split_once(": ").map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    let headers: Vec<_> = lines.iter().skip(1).filter_map(pair).collect();
    let length =
        headers.iter().find(|(name, _)| name == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { line: lines.into_iter().next()?, headers, body })
}
