//! Random worlds: nothing panics, every wait ends, a verdict is given only for what AWS said or when the time is over;
//! and a day of waiting costs few polls and no memory.

use std::fmt::Write as _;
use std::time::Duration;

use super::super::*;
use super::world::{Played, START, World, auto, play, waits, watch};

/// A small generator (xorshift), so that a failing case can be repeated by its seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[usize::try_from(self.roll(from.len() as u64)).unwrap()]
    }
}

const STATUSES: [&str; 9] =
    ["Created", "Queued", "InProgress", "Baking", "Succeeded", "Failed", "Stopped", "Ready", "Resting"];
const EVENTS: [&str; 5] = ["BeforeInstall", "Install", "AfterInstall", "BeforeAllowTraffic", "AllowTraffic"];

fn table(dice: &mut Dice, id: &str) -> String {
    let mut table = String::new();
    let mut at = 0;
    for _ in 0..dice.roll(25) {
        let _ = write!(table, "{at}");
        for _ in 0..dice.roll(5) {
            let word = match dice.roll(12) {
                0..=2 => dice.pick(&STATUSES).to_owned(),
                3..=5 => format!("{}{}", dice.pick(&EVENTS), dice.pick(&[">", "+", "!", "~", "."])),
                6 => format!("green={}:{}/2+{}", dice.roll(101), dice.roll(3), dice.roll(3)),
                7 => format!("blue={}:{}/2", dice.roll(101), dice.roll(3)),
                8 => dice.pick(&["throttled", "unavailable", "notarget"]).to_owned(),
                9 => format!("rollback={}", dice.pick(&["d-1", "d-2", id])),
                10 => dice.pick(&["error=ALARM_ACTIVE:a", "error=MANUAL_STOP:b", "error=X:c"]).to_owned(),
                _ => dice.pick(&["term", "says=hello", "refuses=no", "says=bye"]).to_owned(),
            };
            let _ = write!(table, " {word}");
        }
        table.push('\n');
        at += dice.roll(900);
    }
    table
}

#[test]
fn random_worlds_end_in_a_verdict_that_aws_gave() {
    for seed in 1..=600_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let group = waits(u32::try_from(dice.roll(3) * 10).unwrap(), u32::try_from(dice.roll(3) * 5).unwrap());
        let rolls_back = dice.roll(2) == 0;
        let world = World::default().with("d-1", group, auto(rolls_back), &table(&mut dice, "d-1")).with(
            "d-2",
            group,
            None,
            &table(&mut dice, "d-2"),
        );
        let until = Until::ALL[usize::try_from(dice.roll(3)).unwrap()];
        let mut watch = watch(&group, TrafficRouting::AllAtOnce, until);
        if dice.roll(2) == 0 {
            watch.budget = watch.budget.limited_to(Duration::from_secs(dice.roll(20_000)));
        }
        let mut limit = watch.budget.total() + watch.budget.rollback();
        // The grace for a rollback, twice where AWS does not answer, and one poll of the slowest kind.
        limit += ROLLBACK_GRACE * 2 + Duration::from_secs(72);
        let played = play(&world, watch, || u32::try_from(dice.roll(1 << 30)).unwrap());
        assert!(played.now_ms - START <= u64::try_from(limit.as_millis()).unwrap(), "seed {seed} waits too long");
        check_verdict(seed, &played);
    }
}

fn check_verdict(seed: u64, played: &Played) {
    let followed = played.follow.followed(played.now_ms);
    let status = &followed.deployment.status;
    let of_rollback = followed.rollback.as_ref().map(|rollback| &rollback.deployment.status);
    let fits = match followed.verdict.as_ref().unwrap() {
        Verdict::Succeeded => *status == DeploymentStatus::Succeeded,
        Verdict::FailedAndRolledBack { .. } | Verdict::RollbackUndone { .. } => {
            *status != DeploymentStatus::Succeeded && of_rollback == Some(&DeploymentStatus::Succeeded)
        }
        Verdict::FailedNotRolledBack(NotRolledBack::NoRollback) => {
            status.is_final() && *status != DeploymentStatus::Succeeded && of_rollback.is_none()
        }
        Verdict::FailedNotRolledBack(NotRolledBack::Failed { .. }) => of_rollback == Some(&DeploymentStatus::Failed),
        Verdict::FailedNotRolledBack(NotRolledBack::Stopped { .. }) => of_rollback == Some(&DeploymentStatus::Stopped),
        Verdict::Stopped { rollback: None } => *status == DeploymentStatus::Stopped && of_rollback.is_none(),
        Verdict::Stopped { rollback: Some(_) } => {
            *status == DeploymentStatus::Stopped && of_rollback == Some(&DeploymentStatus::Succeeded)
        }
        Verdict::ReachedPoint(_) | Verdict::TimedOut(Pending::Deployment) => !status.is_final(),
        Verdict::TimedOut(Pending::RollbackUnknown) => status.is_final() && of_rollback.is_none(),
        Verdict::TimedOut(Pending::Rollback { .. }) => !of_rollback.is_some_and(DeploymentStatus::is_final),
    };
    assert!(fits, "seed {seed}: {followed:?}");
    let ends = played.lines.iter().filter(|line| line.contains(": ") || line.contains(" deployment d-1 ")).count();
    assert!(ends > 0, "seed {seed} says nothing");
    // Whatever it is, it can be reported.
    let xml = report::junit(&followed);
    assert_eq!(xml.contains("<failure"), followed.verdict.as_ref().unwrap().exit_code() != 0, "seed {seed}: {xml}");
    report::markdown(&followed);
    report::json(&followed);
}

/// 24 hours in a termination wait, every second poll throttled, tasks that come and go all the time.
#[test]
fn a_day_of_waiting_is_cheap() {
    let day = 24 * 3600;
    let group = waits(0, 2880);
    let flapping = |seconds: u64| {
        let mut table = String::from("0 InProgress Install+ AllowTraffic+ blue=0:2/2 green=100:2/2 term\n");
        for at in (seconds..day).step_by(usize::try_from(seconds).unwrap()) {
            let _ = writeln!(table, "{at} green=100:{}/2", at / seconds % 3);
        }
        let _ = writeln!(table, "{day} Succeeded");
        World::default().with("d-1", group, auto(true), &table)
    };
    for (name, world) in [("still", flapping(day)), ("flapping", flapping(7))] {
        for throttled in [false, true] {
            let mut dice = Dice(7);
            let watch = watch(&group, TrafficRouting::AllAtOnce, Until::Succeeded);
            let played = if throttled {
                throttled_day(&world, watch, &mut dice)
            } else {
                play(&world, watch, || u32::try_from(dice.roll(1000)).unwrap())
            };
            assert_eq!(played.follow.verdict(), Some(&Verdict::Succeeded), "{name}");
            assert!(played.polls <= day / 15, "{name}: {} polls", played.polls);
            let mut gaps = played.lines.windows(2).map(|pair| pair[0] != pair[1]);
            assert!(gaps.any(|differs| differs));
        }
    }
}

/// The wait of [`play`], with every second poll throttled, on average.
fn throttled_day(world: &World, watch: Watch, dice: &mut Dice) -> Played {
    let mut now_ms = START;
    let mut follow = Follow::new(watch, now_ms);
    let (mut lines, mut polls, mut spoke_ms, mut largest) = (Vec::new(), 0, START, 0);
    loop {
        let chance = u32::try_from(dice.roll(1000)).unwrap();
        let events = match follow.next(now_ms, chance) {
            Next::Done(_) => return Played { lines, follow, history: History::default(), polls, now_ms },
            Next::Stop { .. } | Next::FollowRollback(_) => Vec::new(),
            Next::Tick(after) => {
                now_ms += u64::try_from(after.as_millis()).unwrap();
                follow.tick(now_ms)
            }
            Next::Poll(after) => {
                now_ms += u64::try_from(after.as_millis()).unwrap();
                polls += 1;
                if dice.roll(2) == 0 {
                    follow.missed(Missed::Throttled, now_ms)
                } else {
                    world.observe(&mut follow, now_ms)
                }
            }
        };
        if !events.is_empty() {
            spoke_ms = now_ms;
        }
        assert!(now_ms - spoke_ms <= 60_000, "silent for too long");
        lines.extend(events.iter().take(1).map(ToString::to_string));
        // The state as text stands for its memory: it does not grow with time.
        let size = format!("{follow:?}").len();
        if now_ms - START < 3_600_000 {
            largest = largest.max(size);
        } else {
            assert!(size <= largest + 64, "grows from {largest} to {size}");
        }
    }
}
