//! Large task definitions: nothing takes time that grows with the square of their size.

use std::time::{Duration, Instant};

use super::*;

/// A container with so many variables and ports, with these values.
fn large(count: usize, value: &str, port: usize) -> Value {
    let environment: Vec<Value> = (0..count).map(|it| json!({ "name": format!("V{it}"), "value": value })).collect();
    let ports: Vec<Value> = (0..count).map(|it| json!({ "containerPort": port + it })).collect();
    json!({ "containerDefinitions": [
        { "name": "web", "image": "i", "environment": environment, "portMappings": ports },
    ] })
}

/// The time of every form of a comparison, each with all entries changed.
fn time(count: usize) -> Duration {
    let (before, after, none) =
        (large(count, "1", 1), large(count, "2", count + 1), json!({ "containerDefinitions": [] }));
    let begun = Instant::now();
    for (before, after, changes) in
        [(&before, &after, count + 1), (&none, &after, 1), (&before, &none, 1), (&before, &before, 0)]
    {
        let (before, after) = (side("a", before), side("b", after));
        let found = diff(&before, &after, Values::Hidden);
        assert_eq!(found.changes.len(), changes);
        assert!(changes == 0 || found.text().lines().count() > count);
        assert!(found.summary().len() < 1000);
        assert_eq!(unified(&before, &after, Values::Hidden).is_empty(), changes == 0);
    }
    let three =
        ThreeWay::of(&described(&before), &described(&after), &described(&large(count, "3", 1)), Values::Hidden);
    assert_eq!(three.members.len(), count + 1);
    begun.elapsed()
}

/// Ten times the size is ten times the time, where the square would be a hundred times.
#[test]
fn the_time_grows_with_the_size() {
    let best = |count: usize| (0..3).map(|_| time(count)).min().expect("a time");
    let (small, large) = (best(200), best(2000));
    assert!(large < small * 45, "{small:?} and {large:?}");
}
