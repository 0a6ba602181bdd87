//! A web server on the loopback interface for the files of a folder, as a mirror of releases is.

use std::{net::SocketAddr, path::PathBuf};

use crate::http::{Answer, Received, Server};

/// A running server, which stops when the value is dropped.
pub struct Files(Server);

impl Files {
    /// Serves the files of this folder; those of its folders are not found.
    pub fn of(folder: impl Into<PathBuf>) -> Files {
        let folder = folder.into();
        Files(Server::start(move |request: Received| {
            let name = request.path.trim_start_matches('/');
            let content = if name.contains('/') { None } else { std::fs::read(folder.join(name)).ok() };
            let answer = match content {
                Some(content) => Answer::new(200, "application/octet-stream", content),
                None => Answer::new(404, "text/plain", "not found"),
            };
            std::future::ready(answer)
        }))
    }

    /// The address of the folder, without a slash at its end.
    pub fn url(&self) -> String {
        let address: SocketAddr = self.0.address();
        format!("http://{address}")
    }
}
