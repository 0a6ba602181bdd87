//! Progress of a wait: a live picture on a terminal, dated lines elsewhere, JSON lines for programs.

use std::io::IsTerminal as _;
use std::time::Duration;

use codedeploy_core::deployment::{Event, Follow, What};
use serde_json::{Value, json};

use super::clock::{Clock, date};
use super::output::Output;
use super::{live, print};

/// Reports the progress of a wait. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reporter {
    clock: Clock,
    live: bool,
    json: bool,
    /// Whether messages and result go to the same screen.
    one_screen: bool,
}

impl Reporter {
    /// A live picture on a terminal that can draw it, unless the JSON lines go to the same one.
    pub(crate) fn new(output: Output, clock: Clock) -> Reporter {
        let json = output == Output::Json;
        let terminal = std::io::stdout().is_terminal();
        let live = print::screen().is_some() && !(json && terminal);
        let one_screen = terminal && !json && std::io::stderr().is_terminal();
        Reporter { clock, live, json, one_screen }
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
            // The picture replaces heartbeats, and the result replaces the last event.
            let shown_otherwise = match event.what {
                What::Heartbeat { .. } => self.live,
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

    /// Sleeps, and keeps the picture moving.
    pub(crate) async fn sleep(&self, length: Duration, follow: &mut Follow) {
        if !self.live {
            return self.clock.sleep(length).await;
        }
        let end_ms = self.clock.after(length);
        loop {
            let now_ms = self.clock.now_ms();
            // Queried each time, because the size of the window may have changed.
            if let Some(screen) = print::screen() {
                print::draw(&live::picture(follow, now_ms, screen));
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
