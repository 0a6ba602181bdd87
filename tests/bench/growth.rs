//! How the time and the memory of a job grow with its input, and those of the process with its jobs.

use std::{process::Command, time::Duration};

use e2e::{job_event::JobEvent, python::Python};
use serde_json::{Value, json};

use crate::{
    figure::Figure,
    jobs::{Run, run},
    peers::Peer,
    stage::{BUCKET, Stage, definition},
    table::Table,
};

/// One row: what the jobs were, and what one of them took.
struct Row {
    what: String,
    warm: Figure,
    cpu: Duration,
    peak: u64,
}

pub(crate) fn measure(function: &Peer, stage: &Stage) -> (Table, Value) {
    let mut rows = containers(function, stage);
    rows.extend(artifacts(function, stage));
    rows.extend(counts(function, stage));
    let mut table = Table::new("Growth of this function", &["input", "warm job", "CPU per job", "peak memory"]);
    let mut all = Vec::new();
    for Row { what, warm, cpu, peak } in rows {
        let cpu = cpu.as_secs_f64() * 1_000.0;
        all.push(json!({"input": what, "warm job": warm.json(), "CPU per job, ms": cpu, "peak memory, KiB": peak}));
        table.row([what, warm.to_string(), format!("{cpu:.2} ms"), format!("{peak} KiB")]);
    }
    (table, all.into())
}

/// Eleven jobs of which ten are warm. The start is in the processor time of one process and not of the other.
fn row(function: &Peer, stage: &Stage, what: String, event: &dyn Fn() -> JobEvent, jobs: usize) -> Row {
    let environment = stage.environment(Duration::ZERO);
    let of = |jobs: usize| -> Run {
        let events: Vec<JobEvent> = (0..jobs).map(|_| event()).collect();
        run(function, stage, &environment, &events)
    };
    let (one, all) = (of(1), of(jobs + 1));
    let warm = Figure::of_times(all.jobs[1..].iter().copied());
    let cpu = all.cpu.saturating_sub(one.cpu) / u32::try_from(jobs).expect("a small number");
    Row { what, warm, cpu, peak: all.peak }
}

fn containers(function: &Peer, stage: &Stage) -> Vec<Row> {
    let cases = [("1 container", 1, 0), ("10 containers", 10, 0), ("10 containers, 64 KiB", 10, 56 * 1024)];
    let rows = cases.into_iter().map(|(what, containers, bytes)| {
        let family = format!("growth-{containers}-{bytes}");
        stage.aws.add_task_definition(&definition(&family, containers, bytes).to_string());
        row(function, stage, what.to_owned(), &|| stage.event(&json!({"task_definition": family})), 10)
    });
    rows.collect()
}

/// An artifact of that size of which one small file is wanted.
fn artifacts(function: &Peer, stage: &Stage) -> Vec<Row> {
    let rows = [1, 10, 50].into_iter().map(|megabytes: usize| {
        let (key, zip) = (format!("pipe/Source/{megabytes}.zip"), source(stage, megabytes));
        stage.aws.put_object(BUCKET, &key, zip, None);
        let parameters = json!({"task_definition_file": "Source::taskdef.json"});
        let event = || stage.event(&parameters).input("Source", BUCKET, &key);
        row(function, stage, format!("artifact of {megabytes} MB"), &event, 5)
    });
    rows.collect()
}

fn source(stage: &Stage, megabytes: usize) -> Vec<u8> {
    let mut taskdef = definition("app", 1, 0)["taskDefinition"].clone();
    if let Some(members) = taskdef.as_object_mut() {
        members.retain(|name, value| name != "memberOfTomorrow" && !value.is_null());
    }
    let taskdef = stage.scratch.write("taskdef.json", taskdef.to_string());
    let zip = stage.scratch.path().join("source.zip");
    let script = "import os, sys, zipfile\n\
        with zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED) as archive:\n\
        \x20   archive.write(sys.argv[2], 'taskdef.json')\n\
        \x20   for part in range(int(sys.argv[3])): archive.writestr(f'part-{part}', os.urandom(1_000_000))";
    let python = Python::shared().expect("the Python that made the certificates").python();
    let mut command = Command::new(python);
    let status = command.args(["-c", script]).arg(&zip).arg(&taskdef).arg(megabytes.to_string()).status();
    assert!(status.is_ok_and(|status| status.success()), "a ZIP file");
    std::fs::read(&zip).expect("a ZIP file")
}

fn counts(function: &Peer, stage: &Stage) -> Vec<Row> {
    let rows = [1, 10, 100, 1_000]
        .into_iter()
        .map(|jobs| row(function, stage, format!("{jobs} more jobs in one process"), &|| stage.usual(), jobs));
    rows.collect()
}
