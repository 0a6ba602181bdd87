//! The outcome of a rotation, for people and for programs.

use std::time::Duration;

use codedeploy_core::deployment::schedule::span;
use codedeploy_core::deployment::{Evidence, StoppedTask, section};
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
    /// Tasks of the new rollout that stopped, and the service events about trouble.
    pub(super) evidence: Evidence,
}

impl Rotated {
    /// Lines for people: one line after a success, otherwise a block that ends with one next step.
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
        if let Some(reason) = self.outcome.reason() {
            text += &["  reason: ", &safe(reason, LINE), "\n"].concat();
        }
        let Evidence { tasks, events, .. } = &self.evidence;
        text += &section("stopped tasks of the new rollout", tasks, StoppedTask::lines);
        text += &section("ECS service events", events, |event| vec![safe(event, LINE)]);
        text + &format!("  next: {}\n", self.next_step())
    }

    /// The same for programs.
    pub(super) fn to_json(&self) -> Value {
        json!({
            "service": self.service,
            "rollout": self.rollout,
            "outcome": self.outcome.name(),
            "exit_code": self.outcome.exit_code(),
            "reason": self.outcome.reason(),
            "waited_seconds": self.took.as_secs(),
            "stopped_tasks": self.evidence.tasks.iter().map(StoppedTask::to_json).collect::<Vec<_>>(),
            "problems": self.evidence.events,
        })
    }

    fn next_step(&self) -> String {
        self.evidence.next_step().unwrap_or_else(|| {
            match self.outcome {
                _ if !self.evidence.tasks.is_empty() => "fix what the stopped tasks report, then rotate again",
                Outcome::TimedOut => "check the ECS service events, then rotate again with a longer --timeout",
                _ => "check the ECS service events (`aws ecs describe-services`)",
            }
            .to_owned()
        })
    }
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
            evidence: Evidence::default(),
        }
    }

    fn task(exit_code: i32) -> StoppedTask {
        StoppedTask {
            id: "0a1b".to_owned(),
            stop_code: Some("EssentialContainerExited".to_owned()),
            stopped_reason: Some("Essential container in task exited\u{1b}[2J".to_owned()),
            containers: vec![ContainerExit {
                name: "web".to_owned(),
                exit_code: Some(exit_code),
                ..ContainerExit::default()
            }],
            ..StoppedTask::default()
        }
    }

    fn tasks(tasks: Vec<StoppedTask>) -> Evidence {
        Evidence { tasks, ..Evidence::default() }
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
        let failed =
            Rotated { evidence: tasks((0..7).map(|_| task(1)).collect()), ..rotated(Outcome::Failed { reason }) };
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
            &Rotated {
                evidence: Evidence { events: vec![unable.to_owned()], ..Evidence::default() },
                ..rotated(Outcome::TimedOut)
            },
            &expect![[r#"
                service shop/web timed out after 3 min 20 s; the rotation is still in progress
                  ECS service events:
                    (service web) was unable to place a task because no container instance met its requirements
                  next: add capacity to the cluster, or reduce the CPU and memory of the tasks
            "#]],
        );
        check(
            &Rotated { evidence: tasks(vec![task(137)]), ..rotated(Outcome::RolledBack { reason: None }) },
            &expect![[r#"
                service shop/web not rotated: the new tasks failed, ECS put the earlier ones back
                  stopped tasks of the new rollout:
                    0a1b: Essential container in task exited\u{1b}[2J (EssentialContainerExited)
                      container web: exit code 137
                  next: give the container more memory: it was killed (exit code 137 is SIGKILL)
            "#]],
        );
        check(
            &rotated(Outcome::TimedOut),
            &expect![[r#"
                service shop/web timed out after 3 min 20 s; the rotation is still in progress
                  next: check the ECS service events, then rotate again with a longer --timeout
            "#]],
        );
    }

    #[test]
    fn programs_get_the_same() {
        let failed = Rotated { evidence: tasks(vec![task(1)]), ..rotated(Outcome::Failed { reason: None }) };
        expect![[r#"{"service":"shop/web","rollout":"ecs-svc/2","outcome":"failed-and-not-rolled-back","exit_code":11,"reason":null,"waited_seconds":200,"stopped_tasks":[{"id":"0a1b","stopped_at":null,"stop_code":"EssentialContainerExited","stopped_reason":"Essential container in task exited\u001b[2J","containers":[{"name":"web","image":null,"digest":null,"exit_code":1,"reason":null}]}],"problems":[]}"#]].assert_eq(&failed.to_json().to_string());
    }
}
