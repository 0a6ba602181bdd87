//! The traffic plan: which share of the production traffic goes to the green task set, and when.
//!
//! Rules: AWS CodeDeploy User Guide, "Working with deployment configurations", "on an Amazon ECS compute platform".

use std::fmt;
use std::time::Duration;

use super::span::span;
use crate::deployment::group::TrafficRouting;
use crate::deployment::target::Weight;

/// The routing of the five configs that AWS defines for ECS; `None` for any other name; those are read by
/// `GetDeploymentConfig`.
pub fn predefined(config_name: &str) -> Option<TrafficRouting> {
    let canary = |interval_minutes| TrafficRouting::Canary { percentage: 10, interval_minutes };
    let linear = |interval_minutes| TrafficRouting::Linear { percentage: 10, interval_minutes };
    match config_name {
        "CodeDeployDefault.ECSAllAtOnce" => Some(TrafficRouting::AllAtOnce),
        "CodeDeployDefault.ECSCanary10Percent5Minutes" => Some(canary(5)),
        "CodeDeployDefault.ECSCanary10Percent15Minutes" => Some(canary(15)),
        "CodeDeployDefault.ECSLinear10PercentEvery1Minutes" => Some(linear(1)),
        "CodeDeployDefault.ECSLinear10PercentEvery3Minutes" => Some(linear(3)),
        _ => None,
    }
}

/// The steps of a traffic shift, counted from the start of `AllowTraffic`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrafficPlan {
    steps: Vec<Step>,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Minutes after the start of `AllowTraffic`.
    pub minute: u32,
    /// Share of the green task set from then on.
    pub weight: Weight,
}

impl TrafficPlan {
    /// The plan of a routing. At most 100 steps; a share outside 1-100 counts as the nearest one inside.
    pub fn of(routing: TrafficRouting) -> TrafficPlan {
        let steps = match routing {
            TrafficRouting::AllAtOnce => vec![Step { minute: 0, weight: Weight::ALL }],
            TrafficRouting::Canary { percentage, interval_minutes } => vec![
                Step { minute: 0, weight: Weight::percent(percentage.clamp(1, 100)) },
                Step { minute: interval_minutes, weight: Weight::ALL },
            ],
            TrafficRouting::Linear { percentage, interval_minutes } => {
                let part = percentage.clamp(1, 100);
                (0..100_u32.div_ceil(part))
                    .map(|step| Step {
                        minute: step.saturating_mul(interval_minutes),
                        weight: Weight::percent((step + 1).saturating_mul(part)),
                    })
                    .collect()
            }
        };
        TrafficPlan { steps }
    }

    /// In order; the last one is all traffic.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// From the first step to the last.
    pub fn total(&self) -> Duration {
        Duration::from_secs(60 * u64::from(self.steps.last().map_or(0, |step| step.minute)))
    }
}

/// `all at once`, or `10% at once, then 10% every 3 min, 100% after 27 min`.
impl fmt::Display for TrafficPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total = span(self.total());
        match self.steps.as_slice() {
            [] | [_] => f.write_str("all at once"),
            [first, _] => write!(f, "{} at once, 100% after {total}", first.weight),
            [first, second, ..] => {
                let interval = span(Duration::from_secs(60 * u64::from(second.minute)));
                write!(f, "{0} at once, then {0} every {interval}, 100% after {total}", first.weight)
            }
        }
    }
}
