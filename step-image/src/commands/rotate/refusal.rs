//! Services that cannot be rotated, and the alternative for each.

use codedeploy_core::artifact::service::Controller;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::names::{NameError, ServiceName};

faults! {
    /// The faults of rotations.
    pub(in crate::commands) const FORMS;

    /// The argument is not a service.
    fn not_a_service(got: &str, problem: &str) [got = shown(got)] =>
        "ROT01" Configuration "\"{got}\" {problem}",
        "write CLUSTER/SERVICE, such as prod/shop, or the ARN of the service";
    /// ECS rejects a forced deployment. The hint generates the artifact from the running service, so the deployment starts new
    /// tasks of the same version.
    fn code_deploy(service: &str) [service = shown(service)] => "ROT02" Configuration
        "service {service} has deployment controller CODE_DEPLOY: ECS rejects a forced new deployment, and only CodeDeploy can \
            replace its tasks; nothing was changed",
        "replace its tasks through CodeDeploy: `codedeploy-artifact generate --service {service} --appspec-task-definition arn \
            --artifact rotate.zip`, then `codedeploy-artifact deploy --artifact rotate.zip --service {service} --application \
            APPLICATION --deployment-group GROUP`";
    /// Another tool manages the task sets.
    fn external(service: &str) [service = shown(service)] => "ROT03" Configuration
        "service {service} has deployment controller EXTERNAL: another tool manages its task sets; nothing was changed",
        "use the tool that deploys this service";
}

/// Parses the argument.
pub(super) fn parse(text: &str) -> Result<ServiceName, Fault> {
    text.parse().map_err(|error: NameError| not_a_service(text, error.problem).with_hint(error.hint))
}

/// Refuses services that do not support `update-service --force-new-deployment`.
pub(super) fn check(named: &ServiceName, controller: Controller) -> Result<(), Fault> {
    match controller {
        Controller::EcsRolling | Controller::EcsBlueGreen => Ok(()),
        Controller::CodeDeploy => Err(code_deploy(&named.full())),
        Controller::External => Err(external(&named.full())),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    #[test]
    fn a_refusal_names_an_alternative() {
        let check = |controller, expect: Expect| {
            let named = parse("shop/web").unwrap();
            let shown = check(&named, controller).map_err(|refusal| refusal.report());
            expect.assert_eq(&shown.map_or_else(|report| report, |()| "goes on".to_owned()));
        };
        check(Controller::EcsRolling, expect!["goes on"]);
        check(Controller::EcsBlueGreen, expect!["goes on"]);
        check(
            Controller::CodeDeploy,
            expect![[r#"
                ROT02: service shop/web has deployment controller CODE_DEPLOY: ECS rejects a forced new deployment, and only CodeDeploy can replace its tasks; nothing was changed
                hint: replace its tasks through CodeDeploy: `codedeploy-artifact generate --service shop/web --appspec-task-definition arn --artifact rotate.zip`, then `codedeploy-artifact deploy --artifact rotate.zip --service shop/web --application APPLICATION --deployment-group GROUP`"#]],
        );
        check(
            Controller::External,
            expect![[r#"
                ROT03: service shop/web has deployment controller EXTERNAL: another tool manages its task sets; nothing was changed
                hint: use the tool that deploys this service"#]],
        );
    }
}
