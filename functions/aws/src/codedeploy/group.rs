//! The application, deployment group and deployment config of deployments.

use aws_sdk_codedeploy::types::{
    self, AlarmConfiguration, AutoRollbackConfiguration, BlueGreenDeploymentConfiguration, DeploymentGroupInfo,
    DeploymentReadyAction, InstanceAction, LastDeploymentInfo, TargetGroupPairInfo, TrafficRoute, TrafficRoutingType,
};
use codedeploy_core::deployment::{
    Alarms, AutoRollback, BlueGreen, EcsService, Group, ReadyAction, ReadyWait, RollbackEvent, TerminationAction,
    TerminationWait, TrafficRouting,
};

use super::shared::{cause, client, not_for_ecs, unknown_routing};
use crate::call::Call;
use crate::config::Aws;
use crate::error::AwsError;

/// Refuses an application that does not exist (`DEP06`) or is not made for ECS (`DEP05`).
pub async fn check_application(aws: &Aws, application: &str) -> Result<(), AwsError> {
    let call = aws.call("codedeploy:GetApplication", application)?;
    let answer = client(aws).get_application().application_name(application).send().await;
    let answer = call.answer(answer, cause)?;
    check_platform(&call, answer.application().and_then(types::ApplicationInfo::compute_platform))
}

/// `GetDeploymentGroup`, of a group that deploys to ECS.
pub async fn get_deployment_group(aws: &Aws, application: &str, group: &str) -> Result<Group, AwsError> {
    let call = aws.call("codedeploy:GetDeploymentGroup", format!("{application}/{group}"))?;
    let request = client(aws).get_deployment_group().application_name(application).deployment_group_name(group);
    let answer = call.answer(request.send().await, cause)?;
    let info = call.part(answer.deployment_group_info())?;
    check_platform(&call, info.compute_platform())?;
    Ok(read(info, application, group))
}

/// How a deployment config shifts traffic, the predefined `CodeDeployDefault.ECS…` included.
pub async fn get_deployment_config(aws: &Aws, name: &str) -> Result<TrafficRouting, AwsError> {
    let call = aws.call("codedeploy:GetDeploymentConfig", name)?;
    let answer = client(aws).get_deployment_config().deployment_config_name(name).send().await;
    let answer = call.answer(answer, cause)?;
    let info = call.part(answer.deployment_config_info())?;
    check_platform(&call, info.compute_platform())?;
    routing(info).map_err(|unknown| unknown_routing(&call.name(), unknown).into())
}

/// CodeDeploy leaves the platform out for its first one, `Server`.
fn check_platform(call: &Call, platform: Option<&types::ComputePlatform>) -> Result<(), AwsError> {
    match platform.map_or("Server", types::ComputePlatform::as_str) {
        "ECS" => Ok(()),
        other => Err(not_for_ecs(call, other).into()),
    }
}

/// The routing, or the name of a routing that this version does not support.
fn routing(info: &types::DeploymentConfigInfo) -> Result<TrafficRouting, &str> {
    let config = info.traffic_routing_config();
    let routing = config.and_then(types::TrafficRoutingConfig::r#type);
    let known = match routing {
        Some(TrafficRoutingType::AllAtOnce) => Some(TrafficRouting::AllAtOnce),
        Some(TrafficRoutingType::TimeBasedCanary) => {
            config.and_then(types::TrafficRoutingConfig::time_based_canary).map(|canary| TrafficRouting::Canary {
                percentage: positive(canary.canary_percentage()),
                interval_minutes: positive(canary.canary_interval()),
            })
        }
        Some(TrafficRoutingType::TimeBasedLinear) => {
            config.and_then(types::TrafficRoutingConfig::time_based_linear).map(|linear| TrafficRouting::Linear {
                percentage: positive(linear.linear_percentage()),
                interval_minutes: positive(linear.linear_interval()),
            })
        }
        _ => None,
    };
    known.ok_or_else(|| routing.map_or("nothing", TrafficRoutingType::as_str))
}

pub(super) fn read(info: &DeploymentGroupInfo, application: &str, group: &str) -> Group {
    let pairs = info.load_balancer_info().map(types::LoadBalancerInfo::target_group_pair_info_list).unwrap_or_default();
    let routes = |route: fn(&TargetGroupPairInfo) -> Option<&TrafficRoute>| {
        pairs.iter().filter_map(route).flat_map(|route| route.listener_arns().to_vec()).collect()
    };
    let target_groups = pairs.iter().flat_map(TargetGroupPairInfo::target_groups);
    let last = |last: Option<&LastDeploymentInfo>| last.and_then(LastDeploymentInfo::deployment_id).map(str::to_owned);
    Group {
        application: info.application_name().unwrap_or(application).to_owned(),
        name: info.deployment_group_name().unwrap_or(group).to_owned(),
        compute_platform: info.compute_platform().map_or("", types::ComputePlatform::as_str).to_owned(),
        config_name: info.deployment_config_name().unwrap_or_default().to_owned(),
        ecs_services: info.ecs_services().iter().map(ecs_service).collect(),
        blue_green: blue_green(info.blue_green_deployment_configuration()),
        alarms: info.alarm_configuration().map(alarms).unwrap_or_default(),
        auto_rollback: info.auto_rollback_configuration().map(auto_rollback),
        target_groups: target_groups.filter_map(types::TargetGroupInfo::name).map(str::to_owned).collect(),
        production_routes: routes(TargetGroupPairInfo::prod_traffic_route),
        test_routes: routes(TargetGroupPairInfo::test_traffic_route),
        service_role: info.service_role_arn().map(str::to_owned),
        last_successful: last(info.last_successful_deployment()),
        last_attempted: last(info.last_attempted_deployment()),
    }
}

fn ecs_service(service: &types::EcsService) -> EcsService {
    EcsService {
        cluster: service.cluster_name().unwrap_or_default().to_owned(),
        service: service.service_name().unwrap_or_default().to_owned(),
    }
}

fn alarms(found: &AlarmConfiguration) -> Alarms {
    Alarms {
        enabled: found.enabled(),
        ignore_poll_failure: found.ignore_poll_alarm_failure(),
        names: found.alarms().iter().filter_map(types::Alarm::name).map(str::to_owned).collect(),
    }
}

pub(super) fn auto_rollback(found: &AutoRollbackConfiguration) -> AutoRollback {
    let events = found.events().iter().map(|event| RollbackEvent::from_name(event.as_str())).collect();
    AutoRollback { enabled: found.enabled(), events }
}

/// An unknown action counts as the action with the longer wait.
pub(super) fn blue_green(found: Option<&BlueGreenDeploymentConfiguration>) -> BlueGreen {
    let ready = found.and_then(BlueGreenDeploymentConfiguration::deployment_ready_option);
    let termination = found.and_then(BlueGreenDeploymentConfiguration::terminate_blue_instances_on_deployment_success);
    BlueGreen {
        ready: ready.map(|ready| ReadyWait {
            action: match ready.action_on_timeout() {
                None | Some(DeploymentReadyAction::ContinueDeployment) => ReadyAction::ContinueDeployment,
                Some(_) => ReadyAction::StopDeployment,
            },
            wait_minutes: positive(ready.wait_time_in_minutes()),
        }),
        termination: termination.map(|termination| TerminationWait {
            action: match termination.action() {
                Some(InstanceAction::KeepAlive) => TerminationAction::KeepAlive,
                _ => TerminationAction::Terminate,
            },
            wait_minutes: positive(termination.termination_wait_time_in_minutes()),
        }),
    }
}

fn positive(number: i32) -> u32 {
    number.try_into().unwrap_or_default()
}

#[cfg(test)]
mod tests;
