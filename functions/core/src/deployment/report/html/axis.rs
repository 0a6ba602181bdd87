//! From times to places on the time axis.

use std::time::Duration;

use crate::deployment::followed::Followed;
use crate::deployment::schedule::span;

/// The width of the whole chart, and where the axis begins and ends in it.
pub(super) const WIDTH: f64 = 960.0;
pub(super) const LEFT: f64 = 190.0;
pub(super) const RIGHT: f64 = 930.0;

/// The most ticks that have room for their labels.
const MOST_TICKS: u64 = 8;

/// How many places can be told apart.
const PLACES: u64 = 370;

/// The lengths between two ticks, in seconds.
const STEPS: [u64; 17] =
    [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400];

/// A time axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Axis {
    /// Where it begins, in milliseconds since 1970.
    pub(super) start_ms: u64,
    /// Where it ends.
    pub(super) end_ms: u64,
}

impl Axis {
    /// From the first to the last time that is known of a deployment and its rollback; `None` if there are fewer than two.
    pub(super) fn of(followed: &Followed, now_ms: u64) -> Option<Axis> {
        let mut times = Vec::new();
        for (_, deployment, target) in followed.deployments() {
            times.extend([deployment.created_ms, deployment.started_ms, deployment.completed_ms]);
            for event in target.iter().flat_map(|target| &target.lifecycle_events) {
                times.extend([event.start_ms, event.end_ms]);
            }
            if !deployment.status.is_final() && deployment.created_ms.is_some() {
                times.push(Some(now_ms));
            }
        }
        let history = &followed.history;
        times.extend([history.samples.first().map(|sample| sample.at_ms), history.last_ms]);
        let (first, last) = (*times.iter().flatten().min()?, *times.iter().flatten().max()?);
        // What a container logs after the end of its deployment still belongs to it; what is older does not.
        let logged = followed.evidence.logs.iter().flat_map(|log| &log.lines).filter_map(|line| line.at_ms);
        let last = logged.filter(|at| (first..=now_ms).contains(at)).fold(last, u64::max);
        (last > first).then_some(Axis { start_ms: first, end_ms: last })
    }

    /// Where a time is. Times outside are at the edges.
    pub(super) fn at(&self, ms: u64) -> f64 {
        let whole = float(self.end_ms - self.start_ms);
        let since = float(ms.clamp(self.start_ms, self.end_ms) - self.start_ms);
        LEFT + (RIGHT - LEFT) * since / whole
    }

    /// Whether a time is on it.
    pub(super) fn contains(&self, ms: u64) -> bool {
        (self.start_ms..=self.end_ms).contains(&ms)
    }

    /// A time at the same place for all that cannot be told apart there.
    pub(super) fn place(&self, ms: u64) -> u64 {
        let step = ((self.end_ms - self.start_ms) / PLACES).max(1);
        self.start_ms + (ms.saturating_sub(self.start_ms)) / step * step
    }

    /// The ticks: where they are, and their labels.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let seconds = (self.end_ms - self.start_ms) / 1000;
        let step = STEPS.into_iter().find(|step| seconds / step < MOST_TICKS).unwrap_or(seconds / MOST_TICKS + 1);
        let ticks = (0..=seconds / step).map(|tick| {
            let since = tick * step;
            let label = if since == 0 { "0".to_owned() } else { span(Duration::from_secs(since)) };
            (self.at(self.start_ms + since * 1000), label)
        });
        ticks.collect()
    }
}

#[expect(clippy::cast_precision_loss, reason = "places on a screen")]
fn float(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_has_a_few_ticks_within_the_axis() {
        for seconds in [1, 2, 7, 59, 60, 61, 3_599, 3_600, 7_201, 86_400, 172_800, 10_000_000] {
            let axis = Axis { start_ms: 1_000, end_ms: 1_000 + seconds * 1000 };
            let ticks = axis.ticks();
            assert!((1..=9).contains(&ticks.len()), "{seconds}: {ticks:?}");
            assert!(ticks.iter().all(|(at, _)| (LEFT..=RIGHT).contains(at)), "{seconds}: {ticks:?}");
        }
        let axis = Axis { start_ms: 0, end_ms: 600_000 };
        let labels: Vec<String> = axis.ticks().into_iter().map(|(_, label)| label).collect();
        assert_eq!(labels, ["0", "2 min", "4 min", "6 min", "8 min", "10 min"]);
        assert!((axis.at(300_000) - f64::midpoint(LEFT, RIGHT)).abs() < 1e-9);
        assert!((axis.at(u64::MAX) - RIGHT).abs() < 1e-9);
    }
}
