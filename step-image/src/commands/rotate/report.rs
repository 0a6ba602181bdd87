//! What a rotation came to, for people and for programs.

use std::fmt::Write as _;
use std::time::Duration;

use codedeploy_core::deployment::StoppedTask;
use codedeploy_core::deployment::schedule::span;
use codedeploy_core::fault::shown;
use codedeploy_core::text::{LINE, safe};
use serde_json::{Value, json};

use super::settle::Outcome;

/// All that is known at the end.
#[derive(Debug)]
pub(super) struct Rotated {
    /// `cluster/service`.
    pub(super) service: String,
    pub(super) rollout: Option<String>,
    pub(super) outcome: Outcome,
    pub(super) took: Duration,
    /// What ECS said of trouble on the way.
    pub(super) problems: Vec<String>,
    /// Tasks of the new rollout that stopped.
    pub(super) tasks: Vec<StoppedTask>,
}

impl Rotated {
    /// Lines for people: one where all is well, else a block that ends with one next step.
    pub(super) fn text(&self) -> String {
        let service = shown(&self.service);
        let took = span(self.took);
        let mut text = match &self.outcome {
            Outcome::Done => return format!("service {service} rotated: all its tasks are new, after {took}\n"),
            Outcome::RolledBack { .. } => {
                format!("service {service} not rotated: the new tasks failed, ECS put the earlier ones back\n")
            }
            Outcome::Failed { .. } => format!("service {service} not rotated: the new tasks failed\n"),
            Outcome::TimedOut => {
                format!("service {service} timed out after {took}; the rotation is still in progress\n")
            }
        };
        // Writing to a String cannot fail.
        let mut line = |line: String| _ = writeln!(text, "{line}");
        if let Some(reason) = self.outcome.reason() {
            line(format!("  reason: {}", safe(reason, LINE)));
        }
        section(&mut line, "stopped tasks of the new rollout", &self.tasks, task_lines);
        section(&mut line, "events of the service", &self.problems, |problem| vec![safe(problem, LINE)]);
        line(format!("  next: {}", self.next_step()));
        text
    }

    /// The same for programs.
    pub(super) fn to_json(&self) -> Value {
        let tasks = self.tasks.iter().map(|task| {
            let containers = task
                .containers
                .iter()
                .map(|one| json!({ "name": one.name, "exit_code": one.exit_code, "reason": one.reason }));
            json!({
                "id": task.id,
                "stop_code": task.stop_code,
                "stopped_reason": task.stopped_reason,
                "containers": containers.collect::<Vec<_>>(),
            })
        });
        json!({
            "service": self.service,
            "rollout": self.rollout,
            "outcome": self.outcome.name(),
            "exit_code": self.outcome.exit_code(),
            "reason": self.outcome.reason(),
            "waited_seconds": self.took.as_secs(),
            "stopped_tasks": tasks.collect::<Vec<_>>(),
            "problems": self.problems,
        })
    }

    fn next_step(&self) -> &'static str {
        let exit_codes = || self.tasks.iter().flat_map(|task| task.containers.iter().filter_map(|one| one.exit_code));
        let unable = self.problems.iter().any(|problem| problem.contains("unable to place"));
        match self.outcome {
            _ if exit_codes().any(|code| code == 137) => {
                "give the container more memory (exit code 137 is SIGKILL), or look why its health checks fail"
            }
            _ if exit_codes().any(|code| code != 0) => "read the log of the container that exited",
            _ if !self.tasks.is_empty() => "correct what the stopped tasks say, then rotate again",
            _ if unable => "give the cluster more capacity, or the tasks less to ask for",
            Outcome::TimedOut => "look at the events of the service, and rotate again with a longer --timeout",
            _ => "look at the events of the service (`aws ecs describe-services`)",
        }
    }
}

/// The most of each kind that is shown; the rest is counted.
const MOST: usize = 5;

fn section<T>(line: &mut impl FnMut(String), title: &str, items: &[T], lines_of: impl Fn(&T) -> Vec<String>) {
    if items.is_empty() {
        return;
    }
    line(format!("  {title}:"));
    items.iter().take(MOST).flat_map(lines_of).for_each(|text| line(format!("    {text}")));
    if items.len() > MOST {
        line(format!("    and {} more", items.len() - MOST));
    }
}

fn task_lines(task: &StoppedTask) -> Vec<String> {
    let mut first = shown(&task.id);
    if let Some(reason) = &task.stopped_reason {
        let _ = write!(first, ": {}", safe(reason, LINE));
    }
    if let Some(code) = &task.stop_code {
        let _ = write!(first, " ({})", shown(code));
    }
    let containers = task.containers.iter().map(|container| {
        let exit = container.exit_code.map_or_else(|| "never ran".to_owned(), |code| format!("exit code {code}"));
        let reason = container.reason.as_deref().map(|reason| format!(": {}", safe(reason, LINE))).unwrap_or_default();
        format!("  container {}: {exit}{reason}", shown(&container.name))
    });
    std::iter::once(first).chain(containers).collect()
}

#[cfg(test)]
mod tests {
    use codedeploy_core::deployment::ContainerExit;
    use expect_test::{Expect, expect};

    use super::*;

    fn rotated(outcome: Outcome) -> Rotated {
        Rotated {
            service: "shop/web".to_owned(),
            rollout: Some("ecs-svc/2".to_owned()),
            outcome,
            took: Duration::from_secs(200),
            problems: Vec::new(),
            tasks: Vec::new(),
        }
    }

    fn task(exit_code: i32) -> StoppedTask {
        StoppedTask {
            id: "0a1b".to_owned(),
            stop_code: Some("EssentialContainerExited".to_owned()),
            stopped_reason: Some("Essential container in task exited\u{1b}[2J".to_owned()),
            containers: vec![ContainerExit { name: "web".to_owned(), exit_code: Some(exit_code), reason: None }],
        }
    }

    fn check(rotated: &Rotated, expect: &Expect) {
        expect.assert_eq(&rotated.text());
    }

    #[test]
    fn success_is_one_line() {
        check(
            &rotated(Outcome::Done),
            &expect![[r#"
            service shop/web rotated: all its tasks are new, after 3 min 20 s
        "#]],
        );
    }

    #[test]
    fn a_failure_says_why_and_what_next() {
        let reason = Some("ECS deployment circuit breaker: tasks failed to start.".to_owned());
        let failed = Rotated { tasks: (0..7).map(|_| task(1)).collect(), ..rotated(Outcome::Failed { reason }) };
        check(
            &failed,
            &expect![[r#"
            service shop/web not rotated: the new tasks failed
              reason: ECS deployment circuit breaker: tasks failed to start.
              stopped tasks of the new rollout:
                0a1b: Essential container in task exited\u{1b}[2J (EssentialContainerExited)
                  container web: exit code 1
                0a1b: Essential container in task exited\u{1b}[2J (EssentialContainerExited)
                  container web: exit code 1
                0a1b: Essential container in task exited\u{1b}[2J (EssentialContainerExited)
                  container web: exit code 1
                0a1b: Essential container in task exited\u{1b}[2J (EssentialContainerExited)
                  container web: exit code 1
                0a1b: Essential container in task exited\u{1b}[2J (EssentialContainerExited)
                  container web: exit code 1
                and 2 more
              next: read the log of the container that exited
        "#]],
        );
        let unable = "(service web) was unable to place a task because no container instance met its requirements";
        check(
            &Rotated { problems: vec![unable.to_owned()], ..rotated(Outcome::TimedOut) },
            &expect![[r#"
            service shop/web timed out after 3 min 20 s; the rotation is still in progress
              events of the service:
                (service web) was unable to place a task because no container instance met its requirements
              next: give the cluster more capacity, or the tasks less to ask for
        "#]],
        );
        check(
            &Rotated { tasks: vec![task(137)], ..rotated(Outcome::RolledBack { reason: None }) },
            &expect![[r#"
            service shop/web not rotated: the new tasks failed, ECS put the earlier ones back
              stopped tasks of the new rollout:
                0a1b: Essential container in task exited\u{1b}[2J (EssentialContainerExited)
                  container web: exit code 137
              next: give the container more memory (exit code 137 is SIGKILL), or look why its health checks fail
        "#]],
        );
        check(
            &rotated(Outcome::TimedOut),
            &expect![[r#"
            service shop/web timed out after 3 min 20 s; the rotation is still in progress
              next: look at the events of the service, and rotate again with a longer --timeout
        "#]],
        );
    }

    #[test]
    fn programs_get_the_same() {
        let failed = Rotated { tasks: vec![task(1)], ..rotated(Outcome::Failed { reason: None }) };
        expect![[r#"{"service":"shop/web","rollout":"ecs-svc/2","outcome":"failed-and-not-rolled-back","exit_code":11,"reason":null,"waited_seconds":200,"stopped_tasks":[{"id":"0a1b","stop_code":"EssentialContainerExited","stopped_reason":"Essential container in task exited\u001b[2J","containers":[{"name":"web","exit_code":1,"reason":null}]}],"problems":[]}"#]].assert_eq(&failed.to_json().to_string());
    }
}
