//! Whether the answers to the requests of a check are those that it expects.

use std::time::Duration;

use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::text::counted;

use crate::config::Check;
use crate::faults;

/// What a check looks at in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// The `Location` header.
    pub location: Option<String>,
    /// For each of the headers that the check expects, its value.
    pub headers: Vec<Option<String>>,
    /// For each of the texts that the check expects, whether the body has it.
    pub found: Vec<bool>,
}

/// The requests of a check so far.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    succeeded: u32,
    /// What was wrong with the others, and how often.
    problems: Vec<(String, u32)>,
    /// How long each answer took; `None` without an answer, which is slower than any limit.
    times: Vec<Option<Duration>>,
}

/// The most kinds of problems that are told apart; a target could make a new one with each request.
const MOST_PROBLEMS: usize = 5;

impl Tally {
    /// Adds the answer to a request, or why there was none.
    pub fn add(&mut self, check: &Check, answer: Result<(Answer, Duration), String>) {
        let judged = match answer {
            Ok((answer, time)) => {
                self.times.push(Some(time));
                problem(check, &answer).map_or(Ok(()), Err)
            }
            Err(problem) => {
                self.times.push(None);
                Err(problem)
            }
        };
        let Err(problem) = judged else {
            self.succeeded += 1;
            return;
        };
        let last = self.problems.len() >= MOST_PROBLEMS;
        let known = self.problems.iter().position(|(known, _)| *known == problem);
        match known.or_else(|| last.then_some(MOST_PROBLEMS - 1)).and_then(|at| self.problems.get_mut(at)) {
            Some((_, count)) => *count += 1,
            None => self.problems.push((problem, 1)),
        }
    }

    /// Returns a sentence for the log.
    ///
    /// # Errors
    /// `GAT10` if too few requests succeeded, else `GAT11` if they took too long.
    pub fn verdict(&self, check: &Check) -> Result<String, Fault> {
        let requests = u32::try_from(self.times.len()).unwrap_or(u32::MAX);
        let needed = (f64::from(requests) * check.success_ratio).ceil();
        if f64::from(self.succeeded) < needed {
            return Err(faults::failed(&check.name(), &self.failed(requests, needed)));
        }
        for (percentile, limit) in &check.latency {
            let time = self.percentile(*percentile);
            if time.is_none_or(|time| time > *limit) {
                let took = time.map_or_else(|| "a request without an answer".to_owned(), milliseconds);
                let of = counted(self.times.len(), "request");
                let problem = format!("p{percentile} of {of} is {took}, limit {}", milliseconds(*limit));
                return Err(faults::slow(&check.name(), &problem));
            }
        }
        let times = [50.0, 95.0].map(|percentile| self.percentile(percentile).map_or("-".to_owned(), milliseconds));
        let [p50, p95] = times;
        let of = counted(self.times.len(), "request");
        Ok(format!("{}: {} of {of} answered as expected, p50 {p50}, p95 {p95}", check.name(), self.succeeded))
    }

    fn failed(&self, requests: u32, needed: f64) -> String {
        let mut problems = self.problems.clone();
        problems.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        if requests == 1 {
            return problems.into_iter().map(|(problem, _)| problem).collect();
        }
        let each =
            problems.iter().map(|(problem, count)| format!("{problem} ({count} times)").replace("(1 times)", "(once)"));
        let each = each.collect::<Vec<_>>().join(", ");
        format!("{} of {requests} requests failed, {needed} must succeed: {each}", requests - self.succeeded)
    }

    /// The time within which that part of the requests was answered, by the nearest rank.
    fn percentile(&self, percentile: f64) -> Option<Duration> {
        let mut times: Vec<Duration> = self.times.iter().map(|time| time.unwrap_or(Duration::MAX)).collect();
        times.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "at most 1,000"
        )]
        let rank = (times.len() as f64 * percentile / 100.0).ceil() as usize;
        times.get(rank.max(1) - 1).copied().filter(|time| *time != Duration::MAX)
    }
}

fn milliseconds(time: Duration) -> String {
    match time.as_millis() {
        0 if !time.is_zero() => "under 1 ms".to_owned(),
        ms => format!("{ms} ms"),
    }
}

/// What is wrong with an answer; the first thing only.
fn problem(check: &Check, answer: &Answer) -> Option<String> {
    if !check.status.iter().any(|range| range.contains(&answer.status)) {
        let expected: Vec<String> = check
            .status
            .iter()
            .map(|range| {
                if range.start() == range.end() {
                    range.start().to_string()
                } else {
                    format!("{}-{}", range.start(), range.end())
                }
            })
            .collect();
        let to = answer.location.as_ref().map(|location| format!(" to \"{}\"", shown(location))).unwrap_or_default();
        return Some(format!("status {}{to} instead of {}", answer.status, expected.join(" or ")));
    }
    for ((name, expected), value) in check.response_headers.iter().zip(&answer.headers) {
        match value {
            Some(value) if value.contains(expected.as_str()) => {}
            Some(value) => {
                return Some(format!("header {name} is \"{}\", without \"{}\"", shown(value), shown(expected)));
            }
            None => return Some(format!("header {name} is missing")),
        }
    }
    let missing = check.body_contains.iter().zip(&answer.found).find(|(_, found)| !**found);
    missing.map(|(text, _)| format!("the body does not contain \"{}\"", shown(text)))
}

/// Looks for texts in a body that comes in parts, and keeps no more of it than a text may begin with.
#[derive(Debug)]
pub struct Search<'t> {
    texts: &'t [String],
    found: Vec<bool>,
    tail: Vec<u8>,
}

impl<'t> Search<'t> {
    /// For these texts.
    pub fn new(texts: &'t [String]) -> Search<'t> {
        Search { texts, found: vec![false; texts.len()], tail: Vec::new() }
    }

    /// Looks at the next part.
    pub fn add(&mut self, part: &[u8]) {
        let keep = self.texts.iter().map(String::len).max().unwrap_or_default().saturating_sub(1);
        if keep == 0 && self.texts.is_empty() {
            return;
        }
        // The seam first, then the part itself, which is not copied.
        self.tail.extend(part.iter().take(keep));
        let seam = std::mem::take(&mut self.tail);
        for (text, found) in self.texts.iter().zip(&mut self.found) {
            *found = *found || has(&seam, text.as_bytes()) || has(part, text.as_bytes());
        }
        self.tail = if part.len() >= keep {
            part.get(part.len() - keep..).unwrap_or_default().to_vec()
        } else {
            seam.get(seam.len().saturating_sub(keep)..).unwrap_or_default().to_vec()
        };
    }

    /// For each text, whether it was found.
    pub fn found(self) -> Vec<bool> {
        self.found
    }
}

fn has(part: &[u8], text: &[u8]) -> bool {
    part.windows(text.len().max(1)).any(|window| window == text)
}

#[cfg(test)]
mod tests;
