//! Many invocations, with tasks of every kind and an AWS that fails.

use std::sync::atomic::{AtomicUsize, Ordering};

use e2e::size::size;

use super::*;

const SEED: u64 = 20_261_130;

/// Each kind of tasks, and whether they pass.
const TASKS: [(&str, bool); 14] = [
    ("/ok", true),
    ("/hang", false),
    ("/flaky", false),
    ("/slow?20", true),
    ("/error", false),
    ("/short", false),
    ("/long", true),
    ("/endless", false),
    ("/endless-headers", false),
    ("/garbage", false),
    ("/close", false),
    ("/drip?20", false),
    ("/hang-in-body", false),
    ("/ok?again", true),
];

/// `GATE_INVOCATIONS` asks for more than the usual number; `.ci/run` asks for the thousand of the specification.
#[test]
fn every_invocation_has_exactly_one_result() {
    let invocations = usize::try_from(size("GATE_INVOCATIONS", 84)).unwrap();
    // In KiB. A debug build needs more than the program that is published, for which `.ci/run` asks for less.
    let memory = size("GATE_MEMORY", 40 << 10);
    let stage = Stage::new();
    let quick = [
        Fault::ResetBefore,
        Fault::ResetAfter,
        Fault::InternalError,
        Fault::Unavailable,
        Fault::Throttled,
        Fault::CutBody,
    ];
    stage.aws.fail_randomly(SEED, 30, quick);
    let (next, reports) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some((path, passes)) = TASKS.get(next.fetch_add(1, Ordering::Relaxed)) {
                    // Only tasks that fail may be given up soon: a busy machine is slow.
                    let seconds = if *passes { 10.0 } else { 0.2 };
                    let check = json!({"path": path, "timeout_seconds": seconds, "requests": 4, "concurrency": 4});
                    let checks = json!({"checks": [check]});
                    let mut lambda = stage.lambda(&checks);
                    for number in 0..invocations.div_ceil(TASKS.len()) {
                        reports.fetch_add(one(&stage, &mut lambda, number, *passes), Ordering::Relaxed);
                    }
                    let peak = lambda.peak_memory().unwrap_or_default();
                    assert!(peak > 0 && peak < memory, "{path}: {peak} KiB");
                }
            });
        }
    });
    let met = stage.aws.all_calls().iter().filter(|call| call.fault.is_some()).count();
    assert!(met > invocations / 20, "only {met} calls have met a fault");
    assert!(reports.into_inner() >= invocations / 2);
}

/// One invocation for CodeDeploy, or every third time for Amazon ECS; how many reports there were.
fn one(stage: &Stage, lambda: &mut Lambda, number: usize, passes: bool) -> usize {
    let status = json!({"hookStatus": if passes { "SUCCEEDED" } else { "FAILED" }});
    if number % 3 == 2 {
        let done = lambda.invoke(&ecs_event("POST_TEST_TRAFFIC_SHIFT", 100).to_string(), TIMEOUT);
        assert_eq!(answer(&done), status, "{done:?}");
        return 0;
    }
    let event = stage.aws.add_hook(ACCOUNT);
    let done = lambda.invoke(&event.to_string(), TIMEOUT);
    assert_eq!(answer(&done), status, "seed {SEED}: {done:?}");
    assert!(done.before_deadline >= Duration::from_secs(2), "{done:?}");
    let results = stage.aws.hook(&event).results;
    assert_eq!(results, [if passes { "Succeeded" } else { "Failed" }], "seed {SEED}: {done:?}");
    results.len()
}
