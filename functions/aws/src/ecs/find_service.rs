//! The live ECS service as the SDK has it.

use aws_sdk_ecs::Client;
use aws_sdk_ecs::types::{self, DeploymentControllerType};
use codedeploy_core::artifact::service::Controller;
use codedeploy_core::fault::shown;
use codedeploy_core::faults;
use codedeploy_core::names::short_name;

use crate::answer::{Facts, refused};
use crate::call::Call;
use crate::config::Aws;
use crate::error::{AwsError, Cause};
use crate::faults::{refused as refused_by_ecs, told};

faults! {
    /// The faults of finding a service.
    pub(crate) const FORMS;

    /// The cluster does not exist.
    fn cluster_missing(name: &str, region: &str) => "SVC01" NotFound
        "cluster of \"{name}\" not found in {region}", "check the name of the cluster, the Region and the account";

    /// The service does not exist in the cluster.
    fn service_missing(name: &str, region: &str) => "SVC02" NotFound
        "service \"{name}\" not found in {region}", "write the service as CLUSTER/SERVICE and check both names";

    /// The service no longer exists, or is being deleted.
    fn service_not_active(name: &str, region: &str, status: &str) [status = shown(status)] => "SVC03" NotFound
        "service \"{name}\" in {region} is {status}", "create the service again, or use another service";
}

/// The service, if it is neither deleted nor being deleted.
pub(super) async fn find(aws: &Aws, cluster: &str, service: &str) -> Result<types::Service, AwsError> {
    let call = aws.call("ecs:DescribeServices", full_name(cluster, service))?;
    let answer = Client::new(aws.sdk()).describe_services().cluster(cluster).services(service).send().await;
    let answer = call.answer(answer, cause)?;
    let reason = answer.failures().first().and_then(types::Failure::reason).unwrap_or("MISSING").to_owned();
    let Some(found) = answer.services.unwrap_or_default().into_iter().next() else {
        return Err(match reason.as_str() {
            "MISSING" => service_missing(&call.name(), &call.region),
            _ => refused_by_ecs(&told(&reason, "")).within(call),
        }
        .into());
    };
    match found.status() {
        Some(status @ ("INACTIVE" | "DRAINING")) => Err(service_not_active(&call.name(), &call.region, status).into()),
        _ => Ok(found),
    }
}

/// `cluster/service` of names or ARNs.
pub(super) fn full_name(cluster: &str, service: &str) -> String {
    format!("{}/{}", short_name(cluster), short_name(service))
}

/// What an error of ECS means that concerns a service.
pub(super) fn cause(call: &Call, facts: &Facts) -> Cause {
    let (name, region) = (call.name(), &call.region);
    match facts.code.as_str() {
        "ClusterNotFoundException" => cluster_missing(&name, region).into(),
        "ServiceNotFoundException" => service_missing(&name, region).into(),
        "ServiceNotActiveException" => service_not_active(&name, region, "INACTIVE").into(),
        _ => refused(call, facts),
    }
}

pub(super) fn controller(service: &types::Service) -> Controller {
    match service.deployment_controller().map(types::DeploymentController::r#type) {
        Some(DeploymentControllerType::CodeDeploy) => Controller::CodeDeploy,
        None | Some(DeploymentControllerType::Ecs) => {
            let strategy = service.deployment_configuration().and_then(types::DeploymentConfiguration::strategy);
            match strategy.map(types::DeploymentStrategy::as_str) {
                None | Some("ROLLING") => Controller::EcsRolling,
                Some(_) => Controller::EcsBlueGreen,
            }
        }
        Some(_) => Controller::External,
    }
}
