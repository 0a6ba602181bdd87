//! Injected faults: a script of faults by action, or a random rate with a seed.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use super::{FakeAws, Refusal};
use crate::http::{Answer, Delivery};

/// One thing that goes wrong with one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The connection is reset and nothing has happened.
    ResetBefore,
    /// The call is carried out, then the connection is reset: the lost answer.
    ResetAfter,
    /// HTTP 500 in the service's own shape; nothing has happened.
    InternalError,
    /// HTTP 503 in the service's own shape; nothing has happened.
    Unavailable,
    /// The service's throttling error (HTTP 400, or 503 `SlowDown` of S3); nothing has happened.
    Throttled,
    /// The call is carried out, the answer ends in the middle of its body.
    CutBody,
    /// Nothing happens, there is no answer, and the connection stays open.
    Hang,
    /// The call is carried out, there is no answer, and the connection stays open.
    HangAfter,
    /// The call is carried out and the answer's body comes one byte after each pause.
    SlowDrip(Duration),
    /// An answer of 64 MiB comes instead; nothing has happened.
    Huge,
    /// Any other refusal, in the service's own shape; nothing has happened.
    Refuse {
        /// The HTTP status.
        status: u16,
        /// The error code, such as `ExpiredTokenException`.
        code: String,
        /// The error message.
        message: String,
    },
}

impl Fault {
    /// The answer that stands in for the call, or `None` where the call is carried out first.
    pub(super) fn instead(&self, service: &str) -> Option<Result<Answer, Refusal>> {
        let refused = |status, code: &str, message: &str| Some(Err(Refusal::new(status, code, message)));
        let lost = |delivery| Some(Ok(Answer { delivery, ..Answer::new(200, "text/plain", "") }));
        match (self, service) {
            (Fault::ResetBefore, _) => lost(Delivery::Reset),
            (Fault::Hang, _) => lost(Delivery::Never),
            (Fault::Huge, _) => {
                let body = format!("{{\"padding\":\"{}\"}}", "x".repeat(64 << 20));
                Some(Ok(Answer::new(200, "application/x-amz-json-1.1", body)))
            }
            (Fault::InternalError, "s3") => {
                refused(500, "InternalError", "We encountered an internal error. Please try again.")
            }
            (Fault::InternalError, "ecs") => {
                refused(500, "ServerException", "Service Unavailable. Please try again later.")
            }
            (Fault::InternalError, _) => refused(500, "InternalFailure", "The request processing has failed."),
            (Fault::Unavailable, _) => refused(503, "ServiceUnavailable", "Service is unable to handle request."),
            (Fault::Throttled, "s3") => refused(503, "SlowDown", "Please reduce your request rate."),
            (Fault::Throttled, "sns" | "sts" | "elasticloadbalancing" | "cloudwatch" | "iam" | "ec2") => {
                refused(400, "Throttling", "Rate exceeded")
            }
            (Fault::Throttled, _) => refused(400, "ThrottlingException", "Rate exceeded"),
            (Fault::Refuse { status, code, message }, _) => refused(*status, code, message),
            (Fault::ResetAfter | Fault::CutBody | Fault::HangAfter | Fault::SlowDrip(_), _) => None,
        }
    }

    /// The answer of a call that was carried out.
    pub(super) fn spoil(&self, mut answer: Answer) -> Answer {
        answer.delivery = match self {
            Fault::ResetAfter => Delivery::Reset,
            // An answer without a body cannot be cut.
            Fault::CutBody if answer.body.is_empty() => Delivery::Reset,
            Fault::CutBody => Delivery::Cut,
            Fault::HangAfter => Delivery::Never,
            Fault::SlowDrip(pause) => Delivery::Drip(*pause),
            _ => answer.delivery,
        };
        answer
    }
}

/// The faults that are still to come.
#[derive(Debug, Default)]
pub(super) struct Script {
    queued: Vec<(String, VecDeque<Fault>)>,
    always: Vec<(String, Fault)>,
    random: Option<Random>,
}

#[derive(Debug)]
struct Random {
    seed: u64,
    percent: u8,
    kinds: Vec<Fault>,
    calls: HashMap<String, u64>,
}

impl Script {
    pub(super) fn next(&mut self, action: &str) -> Option<Fault> {
        let queued = self.queued.iter_mut().find(|(pattern, faults)| matches(pattern, action) && !faults.is_empty());
        if let Some((_, faults)) = queued {
            return faults.pop_front();
        }
        if let Some((_, fault)) = self.always.iter().find(|(pattern, _)| matches(pattern, action)) {
            return Some(fault.clone());
        }
        self.random.as_mut()?.next(action)
    }
}

impl Random {
    /// The nth call of an action meets the same fault in every run with the same seed, whatever happens beside it.
    fn next(&mut self, action: &str) -> Option<Fault> {
        let call = self.calls.entry(action.to_owned()).or_default();
        *call += 1;
        let name = action.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let mut dice = self.seed ^ name ^ call.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for factor in [0xbf58_476d_1ce4_e5b9, 0x94d0_49bb_1331_11eb] {
            dice = (dice ^ (dice >> 29)).wrapping_mul(factor);
        }
        dice ^= dice >> 32;
        if dice % 100 >= u64::from(self.percent) {
            return None;
        }
        let kind = (dice / 100) as usize % self.kinds.len().max(1);
        self.kinds.get(kind).cloned()
    }
}

/// Whether an IAM-like pattern (`*`, `s3:*`, `s3:Get*`, `s3:GetObject`) names the action.
pub(super) fn matches(pattern: &str, action: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(start) => action.starts_with(start),
        None => pattern == action,
    }
}

impl FakeAws {
    /// The next calls of that action (`s3:PutObject`, `sts:*`, `*`) meet these faults, one each, in that order.
    pub fn fail_next(&self, action: &str, faults: impl IntoIterator<Item = Fault>) {
        self.state().faults.queued.push((action.to_owned(), faults.into_iter().collect()));
    }

    /// Every call of that action meets this fault until [`FakeAws::heal`].
    pub fn fail_always(&self, action: &str, fault: Fault) {
        self.state().faults.always.push((action.to_owned(), fault));
    }

    /// `percent` of all calls meet one of `kinds`. Show the seed in the test's messages: it repeats the run.
    pub fn fail_randomly(&self, seed: u64, percent: u8, kinds: impl IntoIterator<Item = Fault>) {
        let kinds = kinds.into_iter().collect();
        self.state().faults.random = Some(Random { seed, percent, kinds, calls: HashMap::new() });
    }

    /// Nothing goes wrong any more.
    pub fn heal(&self) {
        self.state().faults = Script::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_met_and_a_seed_repeats_itself() {
        let run = |seed| {
            let kinds = vec![Fault::ResetBefore, Fault::Hang, Fault::Throttled];
            let mut random = Random { seed, percent: 30, kinds, calls: HashMap::new() };
            (0..1000).map(|_| random.next("s3:PutObject")).collect::<Vec<_>>()
        };
        let first = run(1);
        let met = first.iter().flatten().count();
        assert!((250..350).contains(&met), "{met} of 1000");
        for kind in [Fault::ResetBefore, Fault::Hang, Fault::Throttled] {
            let of_kind = first.iter().flatten().filter(|fault| **fault == kind).count();
            assert!((60..140).contains(&of_kind), "{of_kind} {kind:?}");
        }
        assert_eq!(first, run(1));
        assert_ne!(first, run(2));
    }

    #[test]
    fn a_queue_comes_before_a_rule_and_ends() {
        let mut script = Script::default();
        script.queued.push(("s3:GetObject".to_owned(), VecDeque::from([Fault::Hang])));
        script.always.push(("sts:*".to_owned(), Fault::Throttled));
        assert_eq!(script.next("s3:PutObject"), None);
        assert_eq!(script.next("s3:GetObject"), Some(Fault::Hang));
        assert_eq!(script.next("s3:GetObject"), None);
        assert_eq!(script.next("sts:AssumeRole"), Some(Fault::Throttled));
    }
}
