//! The figures that the function holds, as ratios of one run: `cargo bench --locked -- --check`.
//!
//! Of times the fastest run counts: what else runs on the machine makes a run slower and never faster.
//!
//! Some limits are not those that we want, and say beside them which those are and what is in the way.

use std::time::Duration;

use crate::{
    jobs::Runs,
    round_trips::{COLD, RoundTrips, WARM},
};

/// A figure, and how far it may go.
#[derive(Debug)]
pub(crate) struct Limit {
    what: &'static str,
    measured: f64,
    bound: f64,
    at_least: bool,
}

impl Limit {
    fn at_most(what: &'static str, measured: f64, bound: f64) -> Limit {
        Limit { what, measured, bound, at_least: false }
    }

    fn at_least(what: &'static str, measured: f64, bound: f64) -> Limit {
        Limit { what, measured, bound, at_least: true }
    }

    pub(crate) fn is_held(&self) -> bool {
        if self.at_least { self.measured >= self.bound } else { self.measured <= self.bound }
    }

    pub(crate) fn cells(&self) -> [String; 4] {
        let word = if self.at_least { "at least" } else { "at most" };
        let state = if self.is_held() { "held" } else { "MISSED" };
        [self.what.to_owned(), format!("{:.2}", self.measured), format!("{word} {:.2}", self.bound), state.to_owned()]
    }
}

/// How long the function takes to start. `starts` are the fastest of the function and of the empty handler in milliseconds,
/// `handshake` is that of one connection.
pub(crate) fn start(starts: &[f64], handshake: Duration) -> Limit {
    let [start, empty] = starts else { panic!("two starts and not {}", starts.len()) };
    let handshake = handshake.as_secs_f64() * 1_000.0;
    Limit::at_most("start, ms (2x the empty handler and a handshake)", *start, 2.0 * empty + handshake)
}

/// All limits, `start` included.
pub(crate) fn of(runs: &[Runs], start: Limit, slow: &RoundTrips, zip: u64) -> Vec<Limit> {
    let [own, _, python, node, ..] = runs else { panic!("four peers and not {}", runs.len()) };
    let Some(own_slow) = slow.runs.first() else { panic!("no run on a slow network") };
    #[expect(clippy::cast_precision_loss, reason = "a size far below 2^53")]
    let zip = zip as f64 / 1e6;
    vec![
        // Wanted: 40 and 22, which the calls alone reach, in one process and with nothing of ours. Of the fastest
        // runs, because other programs on the machine can only add to them. Measured: 21 to 31 and 16 to 22, more where
        // Python and Node start slowly.
        Limit::at_least("CPU of Python / CPU", python.cpu.least() / own.cpu.least(), 19.0),
        Limit::at_least("CPU of Node / CPU", node.cpu.least() / own.cpu.least(), 14.0),
        start,
        Limit::at_most("warm job, round trips", slow.of(own_slow.warm.least()), 1.1 * WARM),
        Limit::at_most("first job, round trips", slow.of(own_slow.first.least()), 1.3 * COLD),
        Limit::at_most("peak memory, MiB", own.peak.median() / 1024.0, 11.0),
        Limit::at_most("ZIP file, MB", zip, 4.2),
    ]
}
