//! Recorded answers: what AWS once answered to an operation, in place of the fake's own answer.

use std::collections::VecDeque;

use serde_json::Value;

use super::{Call, FakeAws, faults::matches};

/// The recorded answers that are still to come.
#[derive(Debug, Default)]
pub(super) struct Replay(Vec<Recording>);

#[derive(Debug)]
struct Recording {
    action: String,
    about: String,
    bodies: VecDeque<Value>,
}

impl Replay {
    /// The answer to that call, where one is recorded.
    pub(super) fn next(&mut self, call: &Call) -> Option<Value> {
        let action = call.action();
        let request = if call.is_query() { call.request.text() } else { call.json().to_string() };
        let fits = |one: &&mut Recording| matches(&one.action, &action) && request.contains(&one.about);
        let recording = self.0.iter_mut().find(fits)?;
        if recording.bodies.len() > 1 { recording.bodies.pop_front() } else { recording.bodies.front().cloned() }
    }
}

impl FakeAws {
    /// The calls of that action (`codedeploy:GetDeployment`) whose request contains `about`, such as the id of a
    /// deployment, get these bodies, one each, in that order. The last one is answered again and again.
    pub fn replay(&self, action: &str, about: &str, bodies: impl IntoIterator<Item = Value>) {
        let recording =
            Recording { action: action.to_owned(), about: about.to_owned(), bodies: bodies.into_iter().collect() };
        self.state().replay.0.push(recording);
    }
}
