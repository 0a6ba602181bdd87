//! The signals that end a run.

use std::io;
use std::time::Duration;

use tokio::signal::unix::{Signal as Source, SignalKind, signal};
use tokio::time::Instant;

use crate::terminal::exit;

/// A signal that ends a run.
#[derive(Debug, Clone, Copy)]
pub(super) enum Received {
    Terminate,
    Interrupt,
    /// The terminal was closed, or the connection to it was lost.
    Hangup,
}

impl Received {
    pub(super) fn name(self) -> &'static str {
        match self {
            Received::Terminate => "SIGTERM",
            Received::Interrupt => "SIGINT",
            Received::Hangup => "SIGHUP",
        }
    }

    pub(super) fn exit(self) -> u8 {
        match self {
            Received::Terminate | Received::Hangup => exit::TERMINATED,
            Received::Interrupt => exit::INTERRUPTED,
        }
    }
}

/// The handlers. Process 1 of a container ignores signals without a handler.
pub(super) struct Signals {
    terminate: Source,
    interrupt: Source,
    /// `None` under `nohup`.
    hangup: Option<Source>,
}

/// `SIGXFSZ` on Linux and macOS.
const FILE_SIZE: i32 = 25;

/// Some senders send a signal twice, to the process and to its group: `timeout`, and a shell whose terminal is closed.
const DOUBLED: Duration = Duration::from_millis(100);

impl Signals {
    /// Installs the handlers; needs a runtime.
    pub(super) fn listen() -> io::Result<Signals> {
        // Makes a write beyond `ulimit -f` an error instead of the end of the process.
        drop(signal(SignalKind::from_raw(FILE_SIZE))?);
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: if hangup_is_ignored() { None } else { Some(signal(SignalKind::hangup())?) },
        })
    }

    /// The next signal.
    pub(super) async fn next(&mut self) -> Received {
        let hangup = async {
            match &mut self.hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = self.terminate.recv() => Received::Terminate,
            _ = self.interrupt.recv() => Received::Interrupt,
            _ = hangup => Received::Hangup,
        }
    }

    /// A second signal from a user who does not want to wait. A closed terminal does not count.
    pub(super) async fn impatient(&mut self) {
        let first = Instant::now();
        loop {
            let received = self.next().await;
            if !matches!(received, Received::Hangup) && first.elapsed() >= DOUBLED {
                return;
            }
        }
    }
}

/// Whether the process was started with SIGHUP ignored, as `nohup` does. Known on Linux only.
fn hangup_is_ignored() -> bool {
    std::fs::read_to_string("/proc/self/status").is_ok_and(|status| ignores_hangup(&status))
}

/// `SigIgn:` is a mask in hexadecimal digits whose lowest bit is signal 1, SIGHUP.
fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

#[cfg(test)]
mod tests {
    use super::ignores_hangup;

    #[test]
    fn nohup_is_seen() {
        assert!(ignores_hangup("SigBlk:\t0000000000000000\nSigIgn:\t0000000000001001\nSigCgt:\t0000000000000000\n"));
        assert!(!ignores_hangup("SigIgn:\t0000000000001000\nSigCgt:\t0000000000000001\n"));
        assert!(!ignores_hangup(""));
    }
}
