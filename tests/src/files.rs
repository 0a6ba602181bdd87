//! A web server on the loopback interface for the files of a folder, as a mirror of releases is.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use crate::http::{Answer, Received, Server};

/// A running server, which stops when the value is dropped.
pub struct Files {
    server: Server,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Files {
    /// Serves the files below this folder, and adds those that are uploaded with PUT.
    pub fn of(folder: impl Into<PathBuf>) -> Files {
        let folder = folder.into();
        Files::answering(move |request| {
            let file = folder.join(request.path.trim_start_matches('/'));
            let content = match request.method.as_str() {
                "PUT" => std::fs::write(file, &request.body).ok().map(|()| Vec::new()),
                _ => std::fs::read(file).ok(),
            };
            match content {
                Some(content) => Answer::new(200, "application/octet-stream", content),
                None => Answer::new(404, "text/plain", "not found"),
            }
        })
    }

    /// Sends those who ask for a file to the file of that name below another address.
    pub fn elsewhere(url: String) -> Files {
        Files::answering(move |request| {
            Answer::new(302, "text/plain", "moved").with("location", url.clone() + &request.path)
        })
    }

    fn answering(answer: impl Fn(&Received) -> Answer + Send + Sync + 'static) -> Files {
        let received = Arc::new(Mutex::new(Vec::new()));
        let noted = Arc::clone(&received);
        let server = Server::start(move |request: Received| {
            let answer = answer(&request);
            noted.lock().unwrap_or_else(PoisonError::into_inner).push(request);
            std::future::ready(answer)
        });
        Files { server, received }
    }

    /// The address of the folder, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }

    /// The values of this (lower-case) header in the requests so far; `None` for a request without it.
    pub fn headers(&self, name: &str) -> Vec<Option<String>> {
        let received = self.received.lock().unwrap_or_else(PoisonError::into_inner);
        received.iter().map(|request| request.header(name).map(str::to_owned)).collect()
    }
}
