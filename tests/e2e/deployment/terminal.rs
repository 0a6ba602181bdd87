//! Progress on a terminal: as wide as the terminal, and none if it cannot be drawn.

use e2e::{programs, python::Python};

use super::*;

const DRAW: &str = "\r\u{1b}[2K";

/// What a terminal of that kind is sent during a wait of some seconds, with so many columns at first and later.
fn sent(term: Option<&str>, columns: [u16; 2], more: &[(&str, &str)]) -> Option<String> {
    let python = Python::shared()?;
    let stage = Stage::new(group().config(LINEAR).termination_wait(60));
    let id = stage.created(&[]);
    let mut environment = stage.environment().without("TERM");
    for (name, value) in term.map(|term| ("TERM", term)).iter().chain(more) {
        environment = environment.with(name, value);
    }
    let mut script = python.script(include_str!("terminal.py"), &environment);
    script.args(columns.map(|columns| columns.to_string()));
    let output = script.arg(programs::command_line()).args(["wait", &id]).output().expect("Python");
    let sent = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(sent.contains("traffic"), "{sent}\n{}", String::from_utf8_lossy(&output.stderr));
    Some(sent)
}

/// The bars, in their order.
fn bars(sent: &str) -> Vec<&str> {
    sent.split(DRAW).skip(1).filter(|bar| !bar.is_empty() && !bar.contains('\n')).collect()
}

#[test]
fn the_bar_is_never_wider_than_the_terminal() {
    let check = |columns: [u16; 2], expect_bar: bool| {
        let Some(sent) = sent(Some("xterm-256color"), columns, &[("NO_COLOR", "1")]) else { return };
        let bars = bars(&sent);
        assert!(bars.len() > 2, "{sent}");
        let room = usize::from(columns[0].max(columns[1]));
        for bar in &bars {
            assert!(bar.len() < room, "{columns:?}: {bar}");
        }
        assert_eq!(bars.iter().any(|bar| bar.starts_with('[')), expect_bar, "{columns:?}: {bars:?}");
        // The last ones were drawn after the change.
        let last = bars.last().expect("a bar");
        assert!(last.len() < usize::from(columns[1]), "{columns:?}: {last}");
        // Nothing but the line is taken away, and no colour is set.
        assert_eq!(sent.matches('\u{1b}').count(), sent.matches(DRAW).count(), "{sent}");
    };
    std::thread::scope(|scope| {
        for (columns, expect_bar) in [
            ([20, 20], false),
            ([40, 40], false),
            ([69, 69], true),
            ([80, 80], true),
            ([200, 200], true),
            ([80, 20], true),
        ] {
            scope.spawn(move || check(columns, expect_bar));
        }
    });
}

#[test]
fn a_terminal_that_cannot_draw_gets_dated_lines() {
    let check = |term: Option<&str>| {
        let Some(sent) = sent(term, [80, 80], &[]) else { return };
        assert!(!sent.contains('\u{1b}'), "{term:?}: {sent}");
        let alone = |it: &str| it.contains('\r');
        assert!(!sent.replace("\r\n", "\n").lines().any(alone), "{term:?}: {sent}");
        assert!(sent.contains("Z deployment d-"), "{term:?}: {sent}");
        let advice = "Ctrl-C ends this command and leaves the deployment in progress (see --on-abort)";
        assert_eq!(sent.matches(advice).count(), 1, "{term:?}: {sent}");
    };
    std::thread::scope(|scope| {
        for term in [None, Some(""), Some("dumb")] {
            scope.spawn(move || check(term));
        }
    });
}
