//! Calls to Application Auto Scaling.

use codedeploy_core::account::facts::{Scaling, Suspended};
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
    let resource = resource(cluster, service);
    let call = aws.call("application-autoscaling:DescribeScalableTargets", &resource)?;
    let arguments = json!({
        "ServiceNamespace": "ecs",
        "ResourceIds": [resource],
        "ScalableDimension": DIMENSION,
    });
    let answer = send(aws, &AUTO_SCALING, &call, Arguments::Json(arguments), refused).await?;
    Ok(answer.pointer("/ScalableTargets/0").map(read))
}

/// Sets what is suspended, and nothing else, of a service that is scaled: `RegisterScalableTarget`. Can be repeated.
pub async fn suspend(aws: &Aws, cluster: &str, service: &str, what: Suspended) -> Result<(), AwsError> {
    let resource = resource(cluster, service);
    let call = aws.call("application-autoscaling:RegisterScalableTarget", &resource)?;
    let arguments = json!({
        "ServiceNamespace": "ecs",
        "ResourceId": resource,
        "ScalableDimension": DIMENSION,
        "SuspendedState": {
            "DynamicScalingInSuspended": what.scale_in,
            "DynamicScalingOutSuspended": what.scale_out,
            "ScheduledScalingSuspended": what.scheduled,
        },
    });
    send(aws, &AUTO_SCALING, &call, Arguments::Json(arguments), refused).await.map(drop)
}

const DIMENSION: &str = "ecs:service:DesiredCount";

fn resource(cluster: &str, service: &str) -> String {
    format!("service/{cluster}/{service}")
}

fn read(target: &Value) -> Scaling {
    let number = |member: &str| target.get(member).and_then(Value::as_u64).unwrap_or_default();
    let suspended = |member: &str| target.pointer(&format!("/SuspendedState/{member}")) == Some(&Value::Bool(true));
    Scaling {
        least: number("MinCapacity"),
        most: number("MaxCapacity"),
        suspended: Suspended {
            scale_in: suspended("DynamicScalingInSuspended"),
            scale_out: suspended("DynamicScalingOutSuspended"),
            scheduled: suspended("ScheduledScalingSuspended"),
        },
    }
}
