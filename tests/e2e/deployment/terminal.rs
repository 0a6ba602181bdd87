//! Progress on a terminal: a picture where there is room for it, else a bar as wide as the terminal, and neither if it cannot be
//! drawn.

use e2e::{programs, python::Python};

use super::*;

const DRAW: &str = "\r\u{1b}[2K";

/// Rows in which there is no room for the picture.
const FEW: u16 = 8;

/// What a terminal of that kind is sent during a wait of some seconds, with so many columns at first and later.
fn sent(term: Option<&str>, columns: [u16; 2], more: &[(&str, &str)]) -> Option<String> {
    let stage = Stage::new(group().config(LINEAR).termination_wait(60));
    let id = stage.created(&[]);
    let told = watched(&stage, &["wait", &id], term, FEW, columns, more)?;
    Some(told["sent"].as_str().expect("a text").to_owned())
}

/// A command on a terminal: what the terminal was sent, and what it showed.
fn watched(
    stage: &Stage,
    args: &[&str],
    term: Option<&str>,
    rows: u16,
    columns: [u16; 2],
    more: &[(&str, &str)],
) -> Option<Value> {
    let python = Python::shared()?;
    let mut environment = stage.environment().without("TERM");
    for (name, value) in term.map(|term| ("TERM", term)).iter().chain(more) {
        environment = environment.with(name, value);
    }
    let mut script = python.script(include_str!("terminal.py"), &environment);
    script.arg(rows.to_string()).args(columns.map(|columns| columns.to_string()));
    let output = script.arg(programs::command_line()).args(args).output().expect("Python");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let sent = told["sent"].as_str().unwrap_or_default();
    assert!(sent.contains("traffic"), "{sent}\n{}", String::from_utf8_lossy(&output.stderr));
    Some(told)
}

/// The screens of a terminal, each as its lines.
fn screens(told: &Value) -> Vec<Vec<String>> {
    serde_json::from_value(told["screens"].clone()).expect("screens")
}

/// The picture is there once, below the events, and nothing of it is left behind.
#[test]
fn the_picture_stays_below_the_events_and_leaves_nothing_behind() {
    let check = |rows: u16, columns: u16, group: Group, scenario: Scenario, end: &str| {
        let stage = Stage::playing(group.config(LINEAR).termination_wait(60), scenario);
        let (args, term) = (stage.deploy_args(&[]), Some("xterm-256color"));
        let Some(told) = watched(&stage, &args, term, rows, [columns; 2], &[("NO_COLOR", "1")]) else {
            return;
        };
        let screens = screens(&told);
        let has = |screen: &[String], part: &str| screen.iter().any(|line| line.contains(part));
        let drawn: Vec<_> = screens.iter().filter(|screen| has(screen, "  traffic blue")).collect();
        for screen in &drawn {
            for part in ["  traffic blue", "  tasks   blue", "] BeforeInstall", "] AfterAllowTraffic"] {
                let count = screen.iter().filter(|line| line.contains(part)).count();
                assert_eq!(count, 1, "{part} in {screen:#?}");
            }
            let last = screen.iter().rposition(|line| !line.is_empty()).expect("a line");
            let picture =
                screen.iter().position(|line| line.starts_with("deployment d-") || line.starts_with("rollback d-"));
            let picture = picture.unwrap_or_else(|| panic!("no title in {screen:#?}"));
            assert!(screen[picture..=last].iter().all(|line| !line.contains("Z ")), "an event in {screen:#?}");
            assert!(screen[picture..=last].iter().all(|line| line.len() < usize::from(columns)), "{screen:#?}");
        }
        if end == "succeeded" {
            let parts = ["[>] AllowTraffic", "green [#", "%  shifting traffic, about "];
            let shifts = |screen: &&Vec<String>| parts.iter().all(|part| has(screen, part));
            assert!(drawn.iter().any(shifts), "{rows}x{columns}: {screens:#?}");
        }
        let last = screens.last().expect("a screen");
        assert!(!has(last, "  traffic blue") && has(last, end), "{last:#?}");
        // What was printed is what is printed without a picture: dated lines, one after the other.
        let sent = told["sent"].as_str().unwrap();
        assert!(sent.contains("Z Install succeeded after 2 min") && !sent.contains("still InProgress"), "{sent}");
    };
    std::thread::scope(|scope| {
        for (rows, columns) in [(24, 80), (50, 200)] {
            scope.spawn(move || check(rows, columns, group(), Scenario::default(), "succeeded"));
        }
        let alarm = || group().alarms(&["errors"]);
        scope.spawn(move || check(50, 200, alarm(), Scenario::AlarmAt(20), "probable cause: alarm"));
    });
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
