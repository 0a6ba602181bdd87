//! The page. What a browser makes of it is tested end to end.

use super::*;
use crate::deployment::evidence::{FiredAlarm, LogLine, LogOf, LogTail};
use crate::deployment::tests::world::{START, World, auto, play, waits, watch};
use crate::deployment::{Deployment, DeploymentStatus, TrafficRouting, Until};

const NOW: u64 = START + 1_000_000;

fn console() -> Console {
    Console { region: Some("eu-west-1".to_owned()) }
}

#[test]
fn foreign_text_adds_no_element() {
    let planted = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let mut deployment = Deployment::new(planted, DeploymentStatus::Failed);
    deployment.application = planted.to_owned();
    deployment.description = Some(planted.to_owned());
    deployment.error = Some(crate::deployment::ErrorInfo { code: planted.to_owned(), message: planted.to_owned() });
    let world = World::default().with("d-1", waits(0, 5), auto(false), "0 InProgress Install> blue=100:2/2");
    let mut followed = played(&world).followed(NOW);
    followed.deployment = deployment;
    if let Some(target) = &mut followed.target {
        target.id = format!("{planted}:{planted}");
        target.lifecycle_events[0].name = planted.to_owned();
    }
    let page = html(&followed, &console(), NOW);
    assert!(!page.contains("<script") && !page.contains("<img"), "{page}");
}

fn played(world: &World) -> crate::deployment::Follow {
    let mut follow =
        crate::deployment::Follow::new(watch(&waits(0, 5), TrafficRouting::AllAtOnce, Until::Succeeded), START);
    world.observe(&mut follow, START);
    follow
}

#[test]
fn a_long_deployment_with_many_events_stays_small() {
    use std::fmt::Write as _;
    let mut table = String::from("0 InProgress Install+ AllowTraffic> blue=100:9/9 green=0:9/9\n");
    for at in 1..2_000_u32 {
        let green = at % 100;
        let _ = writeln!(table, "{} blue={}:9/9 green={green}:9/9", at * 43, 100 - green);
    }
    table.push_str("86000 AllowTraffic+ Succeeded blue=0:9/9 green=100:9/9");
    let world = World::default().with("d-1", waits(0, 0), auto(true), &table);
    let played = play(&world, watch(&waits(0, 0), TrafficRouting::AllAtOnce, Until::Succeeded), || 0);
    let followed = Followed { history: played.history, ..played.follow.followed(played.now_ms) };
    let page = html(&followed, &console(), played.now_ms);
    assert!(page.len() < 300_000, "{} bytes", page.len());
    assert!(page.contains("succeeded") && page.contains("<svg"));
}

#[test]
fn a_look_without_a_wait_has_its_tables() {
    let followed = crate::deployment::why::tests::failed_hook();
    let page = html(&Followed { history: crate::deployment::History::default(), ..followed }, &Console::default(), NOW);
    for part in ["Serving now", "Next step", "AfterInstall", "<svg", "the previous version"] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("<h2>Events"), "there was no wait");
}

#[test]
fn log_lines_and_alarms_are_on_the_axis() {
    let line = |at_ms, text: &str| LogLine { at_ms, text: text.to_owned() };
    let mut followed = crate::deployment::why::tests::failed_hook();
    let axis = axis::Axis::of(&followed, NOW).unwrap();
    let lines = vec![
        line(Some(axis.end_ms), "after <b>"),
        line(Some(axis.start_ms), "before"),
        line(Some(axis.start_ms), "at the same time"),
        line(Some(axis.start_ms - 1), "earlier than the deployment"),
        line(None, "without a time"),
    ];
    let of = LogOf::Hook { function: "smoke".to_owned() };
    followed.evidence.logs = vec![LogTail { of, group: "g".to_owned(), stream: None, lines }];
    let alarm = |name: &str, since_ms| FiredAlarm { name: name.to_owned(), since_ms, ..FiredAlarm::default() };
    followed.evidence.alarms = vec![alarm("p99", Some(axis.start_ms)), alarm("long ago", Some(axis.start_ms - 1))];
    assert_eq!(evidence::marks(&followed.evidence, axis).len(), 2);
    assert_eq!(
        evidence::alarms(&followed.evidence, axis).map(|(alarm, _)| alarm.name.as_str()).collect::<Vec<_>>(),
        ["p99"]
    );
    let page = html(&followed, &console(), NOW);
    let places: Vec<Option<usize>> =
        ["without a time</td>", "earlier than", "before</td>", "same time</td>", "after &lt;b&gt;</td>"]
            .iter()
            .map(|text| page.rfind(text))
            .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in {page}");
    for part in ["<td>hook function smoke</td>", "Log lines</text>", "Alarms</text>", "<th scope=\"row\">long ago</th>"]
    {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let text = format!("old -> new\n  ~ image: <a> -> b\n{}", "  + more\n".repeat(300));
    followed.history.changes = Some(text);
    let page = html(&followed, &console(), NOW);
    assert!(page.contains("<pre>old -&gt; new\n  ~ image: &lt;a&gt; -&gt; b\n  + more\n"), "{page}");
    assert!(page.contains("\nand 102 more lines</pre>"), "{page}");
}
