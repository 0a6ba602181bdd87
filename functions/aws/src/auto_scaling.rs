//! Calls to Application Auto Scaling.

use codedeploy_core::account::facts::Scaling;
use serde_json::{Value, json};

use crate::answer::refused;
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, Protocol, Service, send};

pub(crate) const AUTO_SCALING: Service = Service {
    id: "Application Auto Scaling",
    signing: "application-autoscaling",
    host: "application-autoscaling",
    protocol: Protocol::Json("AnyScaleFrontendService"),
};

/// How an ECS service is scaled: `DescribeScalableTargets`. `None` if it is not.
pub async fn scaling(aws: &Aws, cluster: &str, service: &str) -> Result<Option<Scaling>, AwsError> {
    let resource = format!("service/{cluster}/{service}");
    let call = aws.call("application-autoscaling:DescribeScalableTargets", &resource)?;
    let arguments = json!({
        "ServiceNamespace": "ecs",
        "ResourceIds": [resource],
        "ScalableDimension": "ecs:service:DesiredCount",
    });
    let answer = send(aws, &AUTO_SCALING, &call, Arguments::Json(arguments), refused).await?;
    Ok(answer.pointer("/ScalableTargets/0").map(read))
}

fn read(target: &Value) -> Scaling {
    let number = |member: &str| target.get(member).and_then(Value::as_u64).unwrap_or_default();
    let suspended = |member: &str| target.pointer(&format!("/SuspendedState/{member}")) == Some(&Value::Bool(true));
    let kinds = [
        ("DynamicScalingInSuspended", "scale-in"),
        ("DynamicScalingOutSuspended", "scale-out"),
        ("ScheduledScalingSuspended", "scheduled scaling"),
    ];
    Scaling {
        least: number("MinCapacity"),
        most: number("MaxCapacity"),
        suspended: kinds.into_iter().filter(|(member, _)| suspended(member)).map(|(_, name)| name).collect(),
    }
}
