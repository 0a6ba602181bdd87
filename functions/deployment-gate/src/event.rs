//! Who invoked the function: AWS CodeDeploy, which waits for a report, or Amazon ECS, which waits for the answer.
//!
//! * <https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-hooks.html>
//! * <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-lifecycle-hooks.html>

use std::collections::BTreeMap;

use codedeploy_aws::codedeploy::HookExecution;
use codedeploy_core::fault::{Fault, shown};
use serde::Deserialize;

use crate::faults;

/// Who waits for the result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// CodeDeploy: the result is a call.
    CodeDeploy(HookExecution),
    /// Amazon ECS: the result is the answer of the function.
    Ecs {
        /// ARN of the service deployment.
        deployment: String,
        /// Such as `POST_TEST_TRAFFIC_SHIFT`.
        stage: String,
        /// Whether the stage takes the traffic away from the new tasks.
        rolls_back: bool,
    },
}

impl Caller {
    /// For the log. The report of a failed deployment finds the invocation by the ID of the deployment.
    pub fn name(&self) -> String {
        match self {
            Caller::CodeDeploy(hook) => format!("deployment {}", shown(&hook.deployment)),
            Caller::Ecs { deployment, stage, .. } => format!("{} of {}", shown(stage), shown(deployment)),
        }
    }
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "DeploymentId")]
    deployment: Option<String>,
    #[serde(rename = "LifecycleEventHookExecutionId")]
    execution: Option<String>,
    #[serde(rename = "lifecycleStage")]
    stage: Option<String>,
    #[serde(rename = "resourceArn")]
    resource: Option<String>,
    #[serde(rename = "executionDetails")]
    details: Option<Details>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Details {
    target_service_revision_arn: Option<String>,
    test_traffic_weights: Option<BTreeMap<String, serde_json::Value>>,
    production_traffic_weights: Option<BTreeMap<String, serde_json::Value>>,
}

/// Reads an event.
///
/// # Errors
/// `GAT05`: there is nobody to report to.
pub fn read(event: &str) -> Result<Caller, Fault> {
    let event: Event = serde_json::from_str(event).map_err(|_| faults::not_a_hook())?;
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    match (given(event.deployment), given(event.execution), given(event.stage)) {
        (Some(deployment), Some(execution), _) => Ok(Caller::CodeDeploy(HookExecution { deployment, execution })),
        (None, None, Some(stage)) => {
            let rolls_back = event.details.is_some_and(|details| rolls_back(&stage, &details));
            Ok(Caller::Ecs { deployment: event.resource.unwrap_or_default(), stage, rolls_back })
        }
        _ => Err(faults::not_a_hook()),
    }
}

/// In a rollback, hooks of the two stages that shift traffic run again, with a weight of 0 for the new tasks.
fn rolls_back(stage: &str, details: &Details) -> bool {
    let weights = match stage {
        "TEST_TRAFFIC_SHIFT" => &details.test_traffic_weights,
        "PRODUCTION_TRAFFIC_SHIFT" => &details.production_traffic_weights,
        _ => return false,
    };
    let target = details.target_service_revision_arn.as_ref();
    let weight = weights.as_ref().zip(target).and_then(|(weights, target)| weights.get(target));
    weight.and_then(serde_json::Value::as_f64) == Some(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_events_are_told_apart_and_others_refused() {
        let hook = HookExecution { deployment: "d-1".to_owned(), execution: "eyJ".to_owned() };
        let event = json!({"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "eyJ", "Combined": [{}]});
        assert_eq!(read(&event.to_string()), Ok(Caller::CodeDeploy(hook)));
        let arn = "arn:aws:ecs:eu-west-1:1:service-deployment/c/s/x";
        let event = json!({"executionId": "e", "lifecycleStage": "POST_TEST_TRAFFIC_SHIFT", "resourceArn": arn});
        let stage = "POST_TEST_TRAFFIC_SHIFT".to_owned();
        let expect = Caller::Ecs { deployment: arn.to_owned(), stage, rolls_back: false };
        assert_eq!(read(&event.to_string()), Ok(expect));
        for event in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"DeploymentId":"d-1"}"#,
            r#"{"DeploymentId":"d-1","LifecycleEventHookExecutionId":""}"#,
            r#"{"DeploymentId":7,"LifecycleEventHookExecutionId":"e"}"#,
            r#"{"DeploymentId":"d-1","lifecycleStage":"SCALE_UP"}"#,
            r#"{"lifecycleStage":""}"#,
        ] {
            assert_eq!(read(event).unwrap_err().code(), "GAT05", "{event}");
        }
    }

    #[test]
    fn a_rollback_is_a_shift_with_no_weight_for_the_new_tasks() {
        let check = |stage: &str, test: u8, production: u8, expect: bool| {
            let event = json!({"lifecycleStage": stage, "resourceArn": "a", "executionDetails": {
                "targetServiceRevisionArn": "new", "serviceArn": "s",
                "testTrafficWeights": {"new": test, "old": 100 - test},
                "productionTrafficWeights": {"new": production, "old": 100 - production}}});
            let Ok(Caller::Ecs { rolls_back, .. }) = read(&event.to_string()) else { panic!("an event of ECS") };
            assert_eq!(rolls_back, expect, "{stage} {test} {production}");
        };
        check("TEST_TRAFFIC_SHIFT", 100, 0, false);
        check("TEST_TRAFFIC_SHIFT", 0, 0, true);
        check("PRODUCTION_TRAFFIC_SHIFT", 0, 10, false);
        check("PRODUCTION_TRAFFIC_SHIFT", 100, 0, true);
        check("POST_TEST_TRAFFIC_SHIFT", 0, 0, false);
    }
}
