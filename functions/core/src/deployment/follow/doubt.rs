//! Decides whether a denied call is final: a single denial may be temporary, and the credentials may have been renewed
//! since.

use std::time::Duration;

/// How long a denied call is retried.
const DOUBT: Duration = Duration::from_mins(2);

/// Consecutive denials after which a denial is final before that time.
const IN_A_ROW: u32 = 3;

/// Where the denial came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// AWS: the session has expired, the key or signature is not valid, or a permission is missing.
    Aws,
    /// The credentials provider returned nothing. It may be overloaded, so the time counts as well as the number of
    /// attempts.
    Source,
}

/// The denials since the last answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doubt {
    first_ms: Option<u64>,
    refusals: u32,
}

impl Doubt {
    /// Resets the count: AWS answered.
    pub fn answered(&mut self) {
        *self = Doubt::default();
    }

    /// Records a denial and returns whether it is final: after three in a row, or after two minutes of denials.
    pub fn believes(&mut self, refusal: Refusal, now_ms: u64) -> bool {
        self.refusals = self.refusals.saturating_add(1);
        let first_ms = *self.first_ms.get_or_insert(now_ms);
        let long = Duration::from_millis(now_ms.saturating_sub(first_ms)) >= DOUBT;
        match refusal {
            Refusal::Aws => long || self.refusals >= IN_A_ROW,
            Refusal::Source => long && self.refusals >= IN_A_ROW,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds of refusals, and whether the last one is believed and no other.
    fn check(refusal: Refusal, at: &[u64], believed: bool) {
        let mut doubt = Doubt::default();
        let all: Vec<bool> = at.iter().map(|second| doubt.believes(refusal, second * 1000)).collect();
        assert!(all[..all.len() - 1].iter().all(|it| !it), "{refusal:?} {at:?} {all:?}");
        assert_eq!(all.last(), Some(&believed), "{refusal:?} {at:?}");
    }

    #[test]
    fn refusals_are_believed_after_three_or_two_minutes() {
        check(Refusal::Aws, &[0], false);
        check(Refusal::Aws, &[0, 5], false);
        check(Refusal::Aws, &[0, 5, 10], true);
        check(Refusal::Aws, &[0, 119], false);
        check(Refusal::Aws, &[0, 120], true);
        check(Refusal::Source, &[0, 5, 10, 15, 119], false);
        check(Refusal::Source, &[0, 120], false);
        check(Refusal::Source, &[0, 60, 120], true);
    }

    #[test]
    fn an_answer_ends_the_doubt() {
        let mut doubt = Doubt::default();
        for second in 0..20 {
            assert!(!doubt.believes(Refusal::Aws, second * 100_000), "{second}");
            assert!(!doubt.believes(Refusal::Aws, second * 100_000 + 5000), "{second}");
            doubt.answered();
        }
    }
}
