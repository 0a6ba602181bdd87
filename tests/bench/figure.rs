//! Numbers of several runs: the median, and how far apart the quartiles are.

use std::{fmt, time::Duration};

use serde_json::{Value, json};

/// What a number is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Milliseconds,
    Kibibytes,
    Bytes,
}

/// The numbers of all runs.
#[derive(Debug, Clone)]
pub(crate) struct Figure {
    unit: Unit,
    sorted: Vec<f64>,
}

impl Figure {
    pub(crate) fn new(unit: Unit, mut numbers: Vec<f64>) -> Figure {
        assert!(!numbers.is_empty(), "a figure without a measurement");
        numbers.sort_by(f64::total_cmp);
        Figure { unit, sorted: numbers }
    }

    pub(crate) fn of_times(times: impl IntoIterator<Item = Duration>) -> Figure {
        Figure::new(Unit::Milliseconds, times.into_iter().map(|time| time.as_secs_f64() * 1_000.0).collect())
    }

    pub(crate) fn median(&self) -> f64 {
        self.at(0.5)
    }

    pub(crate) fn least(&self) -> f64 {
        self.at(0.0)
    }

    fn at(&self, part: f64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a small index"
        )]
        let index = ((self.sorted.len() - 1) as f64 * part).round() as usize;
        self.sorted[index]
    }

    pub(crate) fn json(&self) -> Value {
        let unit = match self.unit {
            Unit::Milliseconds => "ms",
            Unit::Kibibytes => "KiB",
            Unit::Bytes => "bytes",
        };
        let round = |number: f64| (number * 1_000.0).round() / 1_000.0;
        let (low, high) = (round(self.at(0.25)), round(self.at(0.75)));
        json!({"unit": unit, "median": round(self.median()), "quartiles": [low, high], "runs": self.sorted.len()})
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (low, median, high) = (self.at(0.25), self.median(), self.at(0.75));
        match self.unit {
            Unit::Milliseconds if median < 10.0 => write!(f, "{median:.2} ms ({low:.2}-{high:.2})"),
            Unit::Milliseconds => write!(f, "{median:.0} ms ({low:.0}-{high:.0})"),
            Unit::Kibibytes => write!(f, "{:.1} MiB", median / 1024.0),
            Unit::Bytes => write!(f, "{:.2} MB", median / 1e6),
        }
    }
}
