//! The application, deployment group and deployment config of deployments.

use codedeploy_core::deployment::{
    Alarms, AutoRollback, BlueGreen, EcsService, Group, ReadyAction, ReadyWait, RollbackEvent, TerminationAction,
    TerminationWait, TrafficRouting,
};

use serde_json::{Value, json};

use super::shared::{CODEDEPLOY, cause, not_for_ecs, unknown_routing};
use crate::call::Call;
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, list, send, text};

/// Refuses an application that does not exist (`DEP06`) or is not made for ECS (`DEP05`).
pub async fn check_application(aws: &Aws, application: &str) -> Result<(), AwsError> {
    let call = aws.call("codedeploy:GetApplication", application)?;
    let arguments = Arguments::Json(json!({ "applicationName": application }));
    let answer = send(aws, &CODEDEPLOY, &call, arguments, cause).await?;
    check_platform(&call, text(&answer, "/application/computePlatform"))
}

/// `GetDeploymentGroup`, of a group that deploys to ECS.
pub async fn get_deployment_group(aws: &Aws, application: &str, group: &str) -> Result<Group, AwsError> {
    let call = aws.call("codedeploy:GetDeploymentGroup", format!("{application}/{group}"))?;
    let arguments = Arguments::Json(json!({ "applicationName": application, "deploymentGroupName": group }));
    let answer = send(aws, &CODEDEPLOY, &call, arguments, cause).await?;
    let info = call.part(answer.get("deploymentGroupInfo"))?;
    check_platform(&call, text(info, "/computePlatform"))?;
    Ok(read(info, application, group))
}

/// How a deployment config shifts traffic, the predefined `CodeDeployDefault.ECS…` included.
pub async fn get_deployment_config(aws: &Aws, name: &str) -> Result<TrafficRouting, AwsError> {
    let call = aws.call("codedeploy:GetDeploymentConfig", name)?;
    let arguments = Arguments::Json(json!({ "deploymentConfigName": name }));
    let answer = send(aws, &CODEDEPLOY, &call, arguments, cause).await?;
    let info = call.part(answer.get("deploymentConfigInfo"))?;
    check_platform(&call, text(info, "/computePlatform"))?;
    routing(info).map_err(|unknown| unknown_routing(&call.name(), unknown).into())
}

/// CodeDeploy leaves the platform out for its first one, `Server`.
fn check_platform(call: &Call, platform: Option<&str>) -> Result<(), AwsError> {
    match platform.unwrap_or("Server") {
        "ECS" => Ok(()),
        other => Err(not_for_ecs(call, other).into()),
    }
}

/// The routing, or the name of a routing that this version does not support.
fn routing(info: &Value) -> Result<TrafficRouting, &str> {
    let Some(config) = info.get("trafficRoutingConfig") else { return Err("nothing") };
    let kind = text(config, "/type");
    let steps = |name: &str| {
        let number = |of: &str| {
            positive(
                config.pointer(&format!("/{name}/{}{of}", name.trim_start_matches("timeBased").to_ascii_lowercase())),
            )
        };
        config.get(name).map(|_| (number("Percentage"), number("Interval")))
    };
    let known = match kind {
        Some("AllAtOnce") => Some(TrafficRouting::AllAtOnce),
        Some("TimeBasedCanary") => steps("timeBasedCanary")
            .map(|(percentage, interval_minutes)| TrafficRouting::Canary { percentage, interval_minutes }),
        Some("TimeBasedLinear") => steps("timeBasedLinear")
            .map(|(percentage, interval_minutes)| TrafficRouting::Linear { percentage, interval_minutes }),
        _ => None,
    };
    known.ok_or_else(|| kind.unwrap_or("nothing"))
}

/// A group as CodeDeploy describes it; `application` and `group` are its names if they are not in there.
pub(super) fn read(info: &Value, application: &str, group: &str) -> Group {
    let own = |pointer: &str| text(info, pointer).map(str::to_owned);
    let pairs = || list(info, "/loadBalancerInfo/targetGroupPairInfoList");
    let routes = |route: &str| {
        let listeners = pairs().flat_map(|pair| list(pair, route)).filter_map(Value::as_str);
        listeners.map(str::to_owned).collect()
    };
    let target_groups = pairs().flat_map(|pair| list(pair, "/targetGroups"));
    Group {
        application: own("/applicationName").unwrap_or_else(|| application.to_owned()),
        name: own("/deploymentGroupName").unwrap_or_else(|| group.to_owned()),
        compute_platform: own("/computePlatform").unwrap_or_default(),
        config_name: own("/deploymentConfigName").unwrap_or_default(),
        ecs_services: list(info, "/ecsServices").map(ecs_service).collect(),
        blue_green: blue_green(info),
        alarms: info.get("alarmConfiguration").map(alarms).unwrap_or_default(),
        auto_rollback: info.get("autoRollbackConfiguration").map(auto_rollback),
        target_groups: target_groups.filter_map(|it| text(it, "/name")).map(str::to_owned).collect(),
        production_routes: routes("/prodTrafficRoute/listenerArns"),
        test_routes: routes("/testTrafficRoute/listenerArns"),
        service_role: own("/serviceRoleArn"),
        last_successful: own("/lastSuccessfulDeployment/deploymentId"),
        last_attempted: own("/lastAttemptedDeployment/deploymentId"),
    }
}

fn ecs_service(service: &Value) -> EcsService {
    EcsService {
        cluster: text(service, "/clusterName").unwrap_or_default().to_owned(),
        service: text(service, "/serviceName").unwrap_or_default().to_owned(),
    }
}

fn alarms(found: &Value) -> Alarms {
    let is = |member: &str| found.get(member) == Some(&Value::Bool(true));
    Alarms {
        enabled: is("enabled"),
        ignore_poll_failure: is("ignorePollAlarmFailure"),
        names: list(found, "/alarms").filter_map(|alarm| text(alarm, "/name")).map(str::to_owned).collect(),
    }
}

fn auto_rollback(found: &Value) -> AutoRollback {
    let events = list(found, "/events").filter_map(Value::as_str).map(RollbackEvent::from_name).collect();
    AutoRollback { enabled: found.get("enabled") == Some(&Value::Bool(true)), events }
}

fn blue_green(info: &Value) -> BlueGreen {
    let option = |name: &str, action: &str, wait: &str| {
        let option = info.pointer(&format!("/blueGreenDeploymentConfiguration/{name}"))?;
        Some((text(option, action).map(str::to_owned), positive(option.pointer(wait))))
    };
    BlueGreen {
        ready: option("deploymentReadyOption", "/actionOnTimeout", "/waitTimeInMinutes")
            .map(|(action, minutes)| ready_wait(action.as_deref(), minutes)),
        termination: option("terminateBlueInstancesOnDeploymentSuccess", "/action", "/terminationWaitTimeInMinutes")
            .map(|(action, minutes)| termination_wait(action.as_deref(), minutes)),
    }
}

/// An unknown action counts as the action with the longer wait.
pub(super) fn ready_wait(action: Option<&str>, wait_minutes: u32) -> ReadyWait {
    let action = match action {
        None | Some("CONTINUE_DEPLOYMENT") => ReadyAction::ContinueDeployment,
        Some(_) => ReadyAction::StopDeployment,
    };
    ReadyWait { action, wait_minutes }
}

/// An unknown action counts as the action with the longer wait.
pub(super) fn termination_wait(action: Option<&str>, wait_minutes: u32) -> TerminationWait {
    let action = match action {
        Some("KEEP_ALIVE") => TerminationAction::KeepAlive,
        _ => TerminationAction::Terminate,
    };
    TerminationWait { action, wait_minutes }
}

/// A number that CodeDeploy gives as an integer; 0 for one that is negative or missing.
fn positive(number: Option<&Value>) -> u32 {
    number.and_then(Value::as_u64).and_then(|number| number.try_into().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
