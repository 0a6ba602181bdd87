//! Progress of a wait: a bar on a terminal, dated lines elsewhere, JSON lines for programs.

use std::io::IsTerminal as _;
use std::time::Duration;

use codedeploy_core::deployment::schedule::{Progress, Stage, span};
use codedeploy_core::deployment::{Event, Follow, What};
use serde_json::{Value, json};

use super::clock::{Clock, date};
use super::output::Output;
use super::print;

/// Reports the progress of a wait. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reporter {
    clock: Clock,
    bar: bool,
    json: bool,
    /// Whether messages and result go to the same screen.
    one_screen: bool,
}

impl Reporter {
    /// A bar on a terminal that can draw it, unless the JSON lines go to the same one.
    pub(crate) fn new(output: Output, clock: Clock) -> Reporter {
        let json = output == Output::Json;
        let terminal = std::io::stdout().is_terminal();
        let bar = print::columns().is_some() && !(json && terminal);
        let one_screen = terminal && !json && std::io::stderr().is_terminal();
        Reporter { clock, bar, json, one_screen }
    }

    /// The clock of the wait.
    pub(crate) fn clock(&self) -> Clock {
        self.clock
    }

    /// Whether messages and result go to the same screen, so that nothing needs to be in both.
    pub(crate) fn one_screen(&self) -> bool {
        self.one_screen
    }

    /// Prints a line, and for programs the same as an event with these members.
    pub(crate) fn line(&self, line: &str, event: &str, members: Value) {
        print::message(&format!("{} {line}", date(self.clock.now_ms())));
        if self.json {
            let mut object = json!({ "event": event });
            if let (Some(object), Value::Object(members)) = (object.as_object_mut(), members) {
                object.extend(members);
            }
            self.event(object);
        }
    }

    /// Prints what happened.
    pub(crate) fn events(&self, events: &[Event]) {
        for event in events {
            // The bar replaces heartbeats, and the result replaces the last event.
            let shown_otherwise = match event.what {
                What::Heartbeat { .. } => self.bar,
                What::End(_) => self.one_screen,
                _ => false,
            };
            if !shown_otherwise {
                print::message(&format!("{} {event}", date(self.clock.now_ms())));
            }
            if self.json {
                self.event(event.to_json());
            }
        }
    }

    /// Sleeps, and keeps the bar moving.
    pub(crate) async fn sleep(&self, length: Duration, follow: &mut Follow) {
        if !self.bar {
            return self.clock.sleep(length).await;
        }
        let end_ms = self.clock.after(length);
        loop {
            let now_ms = self.clock.now_ms();
            if let Some(progress) = follow.progress(now_ms) {
                // Queried each time, because the size of the window may have changed.
                print::draw(&bar(&progress, print::columns().unwrap_or_default()));
            }
            let left = Duration::from_millis(end_ms.saturating_sub(now_ms));
            if left.is_zero() {
                return;
            }
            self.clock.sleep(left.min(Duration::from_secs(1))).await;
        }
    }

    fn event(&self, mut object: Value) {
        if let Some(object) = object.as_object_mut() {
            object.insert("time".to_owned(), date(self.clock.now_ms()).into());
        }
        print::event(&object);
    }
}

/// `[########------------]  40%  shifting traffic, about 9 min left`, shortened if there are fewer columns.
///
/// All of it is ASCII: a column for each character. The last column stays free, as some terminals wrap the line there.
fn bar(progress: &Progress, columns: usize) -> String {
    const WIDTH: usize = 20;
    let done = usize::from(progress.permille) * WIDTH / 1000;
    let stage = match progress.stage {
        Stage::Waiting => "waiting to start",
        Stage::Launching => "starting the new version",
        Stage::ReadyWait => "waiting to be continued",
        Stage::ShiftingTraffic => "shifting traffic",
        Stage::TerminationWait => "keeping the old version",
        Stage::Done => "done",
    };
    let left = progress.remaining.filter(|left| *left >= Duration::from_mins(1));
    let left = left.map_or_else(String::new, |left| format!(", about {} left", span(left)));
    let (full, empty) = ("#".repeat(done), "-".repeat(WIDTH.saturating_sub(done)));
    let percent = progress.permille / 10;
    let forms = [
        format!("[{full}{empty}] {percent:>3}%  {stage}{left}"),
        format!("[{full}{empty}] {percent:>3}%  {stage}"),
        format!("{percent:>3}%  {stage}{left}"),
        format!("{percent:>3}%  {stage}"),
    ];
    let room = columns.saturating_sub(1);
    let [.., shortest] = &forms;
    forms.iter().find(|form| form.len() <= room).unwrap_or(shortest).chars().take(room).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(stage: Stage, permille: u16, seconds: Option<u64>, expect: &Expect) {
        expect.assert_eq(&bar(&Progress { stage, permille, remaining: seconds.map(Duration::from_secs) }, 80));
    }

    #[test]
    fn the_bar_is_one_short_line() {
        check(
            Stage::Waiting,
            0,
            Some(1000),
            &expect!["[--------------------]   0%  waiting to start, about 16 min left"],
        );
        check(Stage::ReadyWait, 404, None, &expect!["[########------------]  40%  waiting to be continued"]);
        check(Stage::ShiftingTraffic, 990, Some(20), &expect!["[###################-]  99%  shifting traffic"]);
        check(Stage::Done, 1000, Some(0), &expect!["[####################] 100%  done"]);
    }

    #[test]
    fn the_bar_fits_between_the_edges_of_every_window() {
        let check = |columns: usize, expect: &str| {
            let remaining = Some(Duration::from_mins(16));
            assert_eq!(bar(&Progress { stage: Stage::TerminationWait, permille: 812, remaining }, columns), expect);
        };
        check(80, "[################----]  81%  keeping the old version, about 16 min left");
        check(69, "[################----]  81%  keeping the old version");
        check(50, " 81%  keeping the old version, about 16 min left");
        check(40, " 81%  keeping the old version");
        check(20, " 81%  keeping the o");
        check(1, "");
        check(0, "");
        for columns in 0..200 {
            for stage in [Stage::Waiting, Stage::Launching, Stage::ReadyWait, Stage::ShiftingTraffic, Stage::Done] {
                for remaining in [None, Some(Duration::from_hours(167))] {
                    let bar = bar(&Progress { stage, permille: 1000, remaining }, columns);
                    assert!(bar.is_ascii() && (bar.is_empty() || bar.len() < columns), "{columns}: {bar}");
                }
            }
        }
    }
}
