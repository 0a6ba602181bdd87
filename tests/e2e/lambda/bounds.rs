//! One result in time and bounded memory, whatever a job contains and however the worker ends.

use std::{fs, os::unix::fs::PermissionsExt, time::Instant};

use e2e::scratch::Scratch;

use super::*;

/// The most memory of the function and its worker, in KiB.
const MEMORY: u64 = 64 * 1024;

/// The one failure of a job, and how long before its deadline it was reported.
fn failure(stage: &Stage, event: &JobEvent, lambda: &mut Lambda, timeout: Duration) -> String {
    let done = lambda.invoke(&event.text(), timeout);
    let job = stage.aws.job(event.id());
    assert_eq!((job.state, job.results.len()), (JobState::Failed, 1), "{done:?}");
    assert!(done.before_deadline >= Duration::from_secs(2), "{:?} left", done.before_deadline);
    job.results[0]["failureDetails"]["message"].as_str().unwrap().to_owned()
}

/// An event whose configuration file is in its input artifact.
pub(super) fn configured(stage: &Stage, config: &str, files: &[(&str, &str)]) -> JobEvent {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [("config.yml", config)].iter().chain(files) {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, text.as_bytes()).unwrap();
    }
    stage.aws.put_object("artifacts", "source.zip", zip.finish().unwrap().into_inner(), None);
    stage.event(&json!({"config": "S::config.yml"})).input("S", "artifacts", "source.zip")
}

#[test]
fn a_worker_that_stands_still_is_reported_in_time_and_replaced() {
    let stage = Stage::new();
    let mut lambda = stage.lambda();
    let first = stage.event(&json!({"task_definition": "app"}));
    lambda.invoke(&first.text(), TIMEOUT);
    // As if it computed for ever: nothing of it runs, its own time-outs included.
    for worker in lambda.workers() {
        worker.signal("STOP");
    }
    let stuck = stage.event(&json!({"task_definition": "app"}));
    let message = failure(&stage, &stuck, &mut lambda, TIMEOUT);
    assert!(message.starts_with("JOB05: not finished after"), "{message}");
    let next = stage.event(&json!({"task_definition": "app"}));
    lambda.invoke(&next.text(), TIMEOUT);
    assert_eq!(stage.aws.job(next.id()).state, JobState::Succeeded);
}

#[test]
fn a_worker_that_was_killed_between_two_jobs_is_replaced() {
    let stage = Stage::new();
    let mut lambda = stage.lambda();
    for _ in 0..3 {
        let event = stage.event(&json!({"task_definition": "app"}));
        lambda.invoke(&event.text(), TIMEOUT);
        assert_eq!(stage.aws.job(event.id()).state, JobState::Succeeded);
        for worker in lambda.workers() {
            worker.signal("KILL");
        }
    }
}

#[test]
fn a_worker_that_ends_at_work_is_reported_at_once() {
    // By the kernel for want of memory, and by a panic.
    for (signal, said) in [("KILL", "(signal: 9 (SIGKILL))"), ("ABRT", "(signal: 6 (SIGABRT))")] {
        let stage = Stage::new();
        stage.aws.fail_always("ecs:*", Fault::Hang);
        let mut lambda = stage.lambda();
        lambda.warm_up();
        let workers = lambda.workers();
        let event = stage.event(&json!({"task_definition": "app"}));
        let done = std::thread::scope(|scope| {
            scope.spawn(|| {
                let started = Instant::now();
                while stage.aws.calls("ecs:DescribeTaskDefinition").is_empty() && started.elapsed() < TIMEOUT {
                    std::thread::sleep(Duration::from_millis(5));
                }
                for worker in workers {
                    worker.signal(signal);
                }
            });
            lambda.invoke(&event.text(), TIMEOUT)
        });
        assert!(done.elapsed < Duration::from_secs(5), "{done:?}");
        let job = stage.aws.job(event.id());
        assert_eq!((job.state, job.results.len()), (JobState::Failed, 1));
        let message = job.results[0]["failureDetails"]["message"].as_str().unwrap();
        let expect = format!("JOB06: the worker process ended while asking ECS and S3 {said}");
        assert!(message.starts_with(&expect), "{message}");
    }
}

#[test]
fn no_process_leaves_its_memory_in_a_core_file() {
    let (stage, scratch) = (Stage::new(), Scratch::new());
    let script = format!("#!/bin/sh\nulimit -c unlimited\nexec '{}'\n", programs::lambda().display());
    let program = scratch.write("function", script);
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    let mut lambda = Lambda::start(&program, stage.environment());
    lambda.warm_up();
    for worker in lambda.workers() {
        assert_eq!(worker.limit("Max core file size").as_deref(), Some("0"));
    }
}

#[test]
fn costly_requests_are_refused_within_time_and_memory() {
    let blanks = format!("{{\"ImageURI\": \"web:1\"}}{}", " ".repeat(1 << 20));
    let image = |number: usize| format!("  c{number}: S::imageDetail.json\n");
    let many: String = (0..2_200).map(image).collect();
    let unknown = |number: usize| format!("  unknown-{number}: \"web:{number}\"\n");
    let unknown: String = (0..1_500).map(unknown).collect();
    for (config, code) in [
        (format!("task_definition: app\nimages:\n{many}"), "PAR21"),
        (format!("task_definition: app\nimages:\n{unknown}"), "PAR21"),
        (format!("task_definition: app\nimages:\n{}", image(1)), "ZIP06"),
    ] {
        let stage = Stage::new();
        let event = configured(&stage, &config, &[("imageDetail.json", &blanks)]);
        let mut lambda = stage.lambda();
        let started = Instant::now();
        let message = failure(&stage, &event, &mut lambda, TIMEOUT);
        assert!(message.starts_with(code), "{message}");
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        let peak = lambda.peak_memory().unwrap_or_default();
        assert!(peak > 0 && peak < MEMORY, "{peak} KiB");
    }
}

#[test]
fn a_huge_answer_is_refused_within_memory() {
    let stage = Stage::new();
    stage.aws.fail_always("ecs:DescribeTaskDefinition", Fault::Huge);
    let event = stage.event(&json!({"task_definition": "app"}));
    let mut lambda = stage.lambda();
    // A busy machine may take seconds to send it.
    let message = failure(&stage, &event, &mut lambda, Duration::from_mins(1));
    assert!(message.starts_with("AWS10"), "{message}");
    let peak = lambda.peak_memory().unwrap_or_default();
    assert!(peak > 0 && peak < MEMORY, "{peak} KiB");
}
