//! The function with a slow network, against the least number of round trips that its calls need one after the other.

use std::{
    io::Write,
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::{Duration, Instant},
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use serde_json::{Value, json};

use crate::{jobs, link, peers::Peer, stage::Stage, table::Table};

pub(crate) const ROUND_TRIP: Duration = Duration::from_millis(20);
/// ECS, S3, CodePipeline: each needs what the one before it has answered.
pub(crate) const WARM: f64 = 3.0;
/// A connection to ECS (TCP, TLS 1.3) and the three calls: the event of a first job is there when the process starts. The other
/// connections are opened meanwhile.
pub(crate) const COLD: f64 = 5.0;

/// The jobs of a function in round trips: of the first, and of the fastest warm one.
#[derive(Debug)]
pub(crate) struct RoundTrips {
    pub(crate) round_trip: Duration,
    pub(crate) runs: Vec<jobs::Runs>,
}

impl RoundTrips {
    pub(crate) fn measure(peers: &[Peer], stage: &Stage, rounds: usize) -> RoundTrips {
        let round_trip = link::measured(ROUND_TRIP);
        RoundTrips { round_trip, runs: jobs::compare(peers, stage, rounds, ROUND_TRIP) }
    }

    /// A time in milliseconds as a number of round trips.
    pub(crate) fn of(&self, milliseconds: f64) -> f64 {
        milliseconds / (self.round_trip.as_secs_f64() * 1_000.0)
    }

    pub(crate) fn table(&self) -> Table {
        let title = format!("Round trips of {:.1} ms", self.round_trip.as_secs_f64() * 1_000.0);
        let [cold, warm] = [COLD, WARM].map(|least| format!("of at least {least}"));
        let mut table = Table::new(&title, &["", "first job", &cold, "warm job", &warm]);
        for runs in self.runs.iter().filter(|runs| !runs.is_empty()) {
            let counted = |median| format!("{:.2}", self.of(median));
            let (first, warm) = (&runs.first, &runs.warm);
            let counts = (counted(first.median()), counted(warm.median()));
            table.row([runs.name.to_owned(), first.to_string(), counts.0, warm.to_string(), counts.1]);
        }
        table
    }

    pub(crate) fn json(&self) -> Value {
        let runs: Vec<Value> = self.runs.iter().map(jobs::Runs::json).collect();
        json!({"round trip, ms": self.round_trip.as_secs_f64() * 1_000.0, "peers": runs})
    }
}

/// The fastest of 20 handshakes of TLS with that server, by the library that the function uses. The first loads what all of them
/// need.
pub(crate) fn handshake(server: SocketAddr, authority: &str) -> Duration {
    let mut roots = RootCertStore::empty();
    let certificate = CertificateDer::from_pem_slice(authority.as_bytes()).expect("a certificate");
    roots.add(certificate).expect("an authority");
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let config = Arc::new(config);
    let once = || {
        let begun = Instant::now();
        let mut stream = TcpStream::connect(server).expect("a connection");
        let name = ServerName::IpAddress(server.ip().into());
        let mut tls = ClientConnection::new(Arc::clone(&config), name).expect("a client");
        while tls.is_handshaking() {
            tls.complete_io(&mut stream).expect("a handshake");
        }
        stream.flush().expect("a connection");
        begun.elapsed()
    };
    (0..20).map(|_| once()).min().unwrap_or_default()
}
