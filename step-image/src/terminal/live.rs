//! The live picture of a deployment on a terminal: its stages, traffic, tasks and the time left. It stays below the newest
//! events, and is drawn over itself.

use std::time::Duration;

use codedeploy_core::deployment::schedule::{Progress, Stage, span};
use codedeploy_core::deployment::{Follow, Label, LifecycleStatus, Target, TaskSet};
use codedeploy_core::fault::shown;

use super::print::Screen;

/// The fewest rows that a picture leaves for events.
const EVENTS: usize = 6;

/// The lines of the picture; only the bar, or nothing, if the screen is too small.
///
/// All of it is ASCII: a column for each character. The last column stays free, as some terminals wrap the line there.
pub(super) fn picture(follow: &mut Follow, now_ms: u64, screen: Screen) -> Vec<String> {
    let room = screen.columns.saturating_sub(1);
    let bar = follow.progress(now_ms).map(|progress| bar(&progress, room));
    let mut lines = follow.target().map(|target| state(target, room)).unwrap_or_default();
    if !lines.is_empty() {
        let title =
            format!("{} {}", if follow.rolls_back() { "rollback" } else { "deployment" }, shown(follow.following()));
        lines.insert(0, title);
    }
    lines.extend(bar.clone());
    let fits = lines.len() + EVENTS <= screen.rows && lines.iter().all(|line| line.len() <= room && line.is_ascii());
    if fits { lines } else { bar.into_iter().collect() }
}

/// Stages, traffic and tasks.
fn state(target: &Target, room: usize) -> Vec<String> {
    let mut lines = stages(target, room);
    let sets: Vec<(&str, &TaskSet)> = [("blue", Label::Blue), ("green", Label::Green)]
        .into_iter()
        .filter_map(|(name, label)| Some((name, target.task_set(&label)?)))
        .collect();
    if !sets.is_empty() {
        let traffic = sets.iter().map(|(name, set)| {
            format!(
                "{:<34}",
                format!("{name:<5} [{}] {}", filled(set.traffic_weight.permille(), 16), set.traffic_weight)
            )
        });
        let tasks = sets.iter().map(|(name, set)| {
            let pending = if set.pending > 0 { format!(", {} pending", set.pending) } else { String::new() };
            format!("{:<34}", format!("{name:<5} {} of {} running{pending}", set.running, set.desired))
        });
        for (what, cells) in [("traffic", traffic.collect::<String>()), ("tasks", tasks.collect())] {
            lines.push(format!("  {what:<8}{}", cells.trim_end()));
        }
    }
    lines
}

/// The lifecycle events, each with a mark: done, under way, failed, skipped, or still to come.
fn stages(target: &Target, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for event in &target.lifecycle_events {
        let mark = match event.status {
            LifecycleStatus::Succeeded => 'x',
            LifecycleStatus::InProgress => '>',
            LifecycleStatus::Failed => '!',
            LifecycleStatus::Skipped => '-',
            _ => ' ',
        };
        let stage = format!("  [{mark}] {}", shown(&event.name));
        match lines.last_mut() {
            Some(line) if line.len() + stage.len() <= room => line.push_str(&stage),
            _ => lines.push(stage),
        }
    }
    lines
}

/// So much of a bar of that width.
fn filled(permille: u16, width: usize) -> String {
    let full = usize::from(permille) * width / 1000;
    format!("{}{}", "#".repeat(full), "-".repeat(width.saturating_sub(full)))
}

/// `[########------------]  40%  shifting traffic, about 9 min left`, shortened to that many columns.
fn bar(progress: &Progress, room: usize) -> String {
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
    let bar = filled(progress.permille, 20);
    let percent = progress.permille / 10;
    let forms = [
        format!("[{bar}] {percent:>3}%  {stage}{left}"),
        format!("[{bar}] {percent:>3}%  {stage}"),
        format!("{percent:>3}%  {stage}{left}"),
        format!("{percent:>3}%  {stage}"),
    ];
    let [.., shortest] = &forms;
    forms.iter().find(|form| form.len() <= room).unwrap_or(shortest).chars().take(room).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use codedeploy_core::deployment::{LifecycleEvent, TargetStatus, TaskSetStatus, Weight};
    use expect_test::{Expect, expect};

    fn check(stage: Stage, permille: u16, seconds: Option<u64>, expect: &Expect) {
        expect.assert_eq(&bar(&Progress { stage, permille, remaining: seconds.map(Duration::from_secs) }, 79));
    }

    fn target() -> Target {
        let set = |label, running, pending, weight| TaskSet {
            id: "ecs-svc/1".to_owned(),
            label,
            status: TaskSetStatus::Active,
            desired: 2,
            pending,
            running,
            traffic_weight: Weight::percent(weight),
            target_group: None,
        };
        let event = |(name, status): (&str, LifecycleStatus)| LifecycleEvent {
            name: name.to_owned(),
            status,
            start_ms: None,
            end_ms: None,
            diagnostics: None,
        };
        let events = [
            ("BeforeInstall", LifecycleStatus::Skipped),
            ("Install", LifecycleStatus::Succeeded),
            ("AfterInstall", LifecycleStatus::Failed),
            ("AllowTestTraffic", LifecycleStatus::InProgress),
            ("AfterAllowTestTraffic", LifecycleStatus::Pending),
            ("BeforeAllowTraffic", LifecycleStatus::Pending),
            ("AllowTraffic", LifecycleStatus::Pending),
            ("AfterAllowTraffic", LifecycleStatus::Pending),
        ];
        Target {
            id: "prod:web".to_owned(),
            status: TargetStatus::InProgress,
            lifecycle_events: events.map(event).to_vec(),
            task_sets: vec![set(Label::Green, 1, 1, 40), set(Label::Blue, 2, 0, 60)],
        }
    }

    #[test]
    fn the_state_fits_into_a_small_and_a_large_window() {
        // A line without an indent, because indents that all lines have are not compared.
        let below = |room: usize| format!("title\n{}", state(&target(), room).join("\n"));
        expect![[r#"
            title
              [-] BeforeInstall  [x] Install  [!] AfterInstall  [>] AllowTestTraffic
              [ ] AfterAllowTestTraffic  [ ] BeforeAllowTraffic  [ ] AllowTraffic
              [ ] AfterAllowTraffic
              traffic blue  [#########-------] 60%      green [######----------] 40%
              tasks   blue  2 of 2 running              green 1 of 2 running, 1 pending"#]]
        .assert_eq(&below(79));
        expect![[r#"
            title
              [-] BeforeInstall  [x] Install  [!] AfterInstall  [>] AllowTestTraffic  [ ] AfterAllowTestTraffic  [ ] BeforeAllowTraffic  [ ] AllowTraffic  [ ] AfterAllowTraffic
              traffic blue  [#########-------] 60%      green [######----------] 40%
              tasks   blue  2 of 2 running              green 1 of 2 running, 1 pending"#]].assert_eq(&below(199));
        let alone = Target { task_sets: vec![target().task_sets.remove(1)], ..target() };
        assert!(!state(&alone, 79).join("\n").contains("green"));
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
            let progress = Progress { stage: Stage::TerminationWait, permille: 812, remaining };
            assert_eq!(bar(&progress, columns.saturating_sub(1)), expect);
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
                    assert!(bar.is_ascii() && bar.len() <= columns, "{columns}: {bar}");
                }
            }
        }
    }
}
