//! A function from its start through its first jobs.

use std::time::Duration;

use e2e::{
    environment::Environment,
    job_event::JobEvent,
    runtime_api::{Lambda, Outcome},
};
use serde_json::{Map, Value, json};

use crate::{
    figure::{Figure, Unit},
    peers::{EMPTY, Peer},
    stage::Stage,
};

const TIMEOUT: Duration = Duration::from_secs(30);
/// The jobs of one run, the first included.
const JOBS: usize = 4;
/// Until what follows a job is over: the last bytes of the answer, and the wait for the next event.
const SETTLED: Duration = Duration::from_millis(20);

/// What one process has come to.
#[derive(Debug)]
pub(crate) struct Run {
    /// From the start of the process until it asked for an event.
    pub(crate) start: Duration,
    pub(crate) jobs: Vec<Duration>,
    /// Processor time of all, user and system, the worker included.
    pub(crate) cpu: Duration,
    /// The most resident memory of all processes, in KiB; pages that they share count once.
    pub(crate) peak: u64,
}

/// Starts a function and gives it these jobs, one after the other. Each must succeed.
pub(crate) fn run(peer: &Peer, stage: &Stage, environment: &Environment, events: &[JobEvent]) -> Run {
    let mut lambda = Lambda::start(&peer.program, environment.clone());
    let start = lambda.start_up();
    let jobs = events.iter().map(|event| {
        let done = lambda.invoke(&event.text(), TIMEOUT);
        assert!(matches!(done.outcome, Outcome::Response(_)), "{}: {:?}", peer.name, done.outcome);
        done.elapsed
    });
    let jobs = jobs.collect();
    std::thread::sleep(SETTLED);
    let (cpu, peak) = (lambda.cpu_time(), lambda.peak_memory_of_all());
    if peer.name != EMPTY {
        for event in events {
            stage.assert_succeeded(event, peer.name);
        }
    }
    Run { start, jobs, cpu: cpu.expect("/proc"), peak: peak.expect("/proc") }
}

/// All runs of a peer.
#[derive(Debug)]
pub(crate) struct Runs {
    pub(crate) name: &'static str,
    pub(crate) start: Figure,
    pub(crate) first: Figure,
    pub(crate) warm: Figure,
    pub(crate) cpu: Figure,
    pub(crate) peak: Figure,
    pub(crate) package: Figure,
}

impl Runs {
    fn of(peer: &Peer, runs: &[Run]) -> Runs {
        #[expect(clippy::cast_precision_loss, reason = "sizes far below 2^53")]
        let number = |number: u64| number as f64;
        let peaks = runs.iter().map(|run| number(run.peak)).collect();
        Runs {
            name: peer.name,
            start: Figure::of_times(runs.iter().map(|run| run.start)),
            first: Figure::of_times(runs.iter().map(|run| run.jobs[0])),
            warm: Figure::of_times(runs.iter().flat_map(|run| run.jobs[1..].iter().copied())),
            cpu: Figure::of_times(runs.iter().map(|run| run.cpu)),
            peak: Figure::new(Unit::Kibibytes, peaks),
            package: Figure::new(Unit::Bytes, vec![number(peer.package)]),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.name == EMPTY
    }

    pub(crate) fn figures(&self) -> [(&'static str, &Figure); 6] {
        [
            ("start", &self.start),
            ("first job", &self.first),
            ("warm job", &self.warm),
            ("CPU, start and 4 jobs", &self.cpu),
            ("peak memory", &self.peak),
            ("package", &self.package),
        ]
    }

    pub(crate) fn json(&self) -> Value {
        let figures = self.figures().into_iter().map(|(name, figure)| (name.to_owned(), figure.json()));
        json!({"name": self.name, "figures": figures.collect::<Map<_, _>>()})
    }
}

/// So many runs of each peer, one peer after the other, so that what slows the machine down slows all of them.
pub(crate) fn compare(peers: &[Peer], stage: &Stage, rounds: usize, round_trip: Duration) -> Vec<Runs> {
    let environment = stage.environment(round_trip);
    let mut runs: Vec<Vec<Run>> = peers.iter().map(|_| Vec::new()).collect();
    for _ in 0..rounds {
        for (peer, runs) in peers.iter().zip(&mut runs) {
            let events: Vec<JobEvent> = (0..JOBS).map(|_| stage.usual()).collect();
            runs.push(run(peer, stage, &environment, &events));
        }
    }
    peers.iter().zip(&runs).map(|(peer, runs)| Runs::of(peer, runs)).collect()
}

/// The fastest of so many starts of each peer without a job, in milliseconds. A start is so short that it takes many to meet
/// one that nothing disturbs.
pub(crate) fn fastest_starts(peers: &[Peer], stage: &Stage, rounds: usize) -> Vec<f64> {
    let environment = stage.environment(Duration::ZERO);
    let mut fastest = vec![Duration::MAX; peers.len()];
    for _ in 0..rounds {
        for (peer, fastest) in peers.iter().zip(&mut fastest) {
            *fastest = (*fastest).min(run(peer, stage, &environment, &[]).start);
        }
    }
    fastest.iter().map(|start| start.as_secs_f64() * 1_000.0).collect()
}
