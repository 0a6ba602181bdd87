//! Services that a rotation must not touch, and what to use instead.

use codedeploy_core::artifact::service::Controller;
use codedeploy_core::fault::{Explain, Kind, shown};
use codedeploy_core::names::{NameError, ServiceName};

/// Parses the argument.
pub(super) fn parse(text: &str) -> Result<ServiceName, Refusal> {
    text.parse().map_err(|error| Refusal::Name { got: text.to_owned(), error })
}

/// Refuses what `update-service --force-new-deployment` must not be sent for.
pub(super) fn check(named: &ServiceName, controller: Controller) -> Result<(), Refusal> {
    let service = named.full();
    match controller {
        Controller::EcsRolling | Controller::EcsBlueGreen => Ok(()),
        Controller::CodeDeploy => Err(Refusal::CodeDeploy { service }),
        Controller::External => Err(Refusal::External { service }),
    }
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// The argument is not a service.
    #[error("\"{}\" {error}", shown(got))]
    Name {
        /// As given.
        got: String,
        /// What is wrong with it.
        error: NameError,
    },
    /// ECS refuses a forced deployment there.
    #[error(
        "service {} has deployment controller CODE_DEPLOY: only a CodeDeploy deployment may replace its tasks, ECS \
         refuses a forced one; nothing was changed",
        shown(service)
    )]
    CodeDeploy {
        /// `CLUSTER/SERVICE`.
        service: String,
    },
    /// Its tasks belong to task sets of somebody else.
    #[error(
        "service {} has deployment controller EXTERNAL: its deployer makes and replaces the task sets; nothing was \
         changed",
        shown(service)
    )]
    External {
        /// `CLUSTER/SERVICE`.
        service: String,
    },
}

impl Explain for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Refusal::Name { .. } => "ROT01",
            Refusal::CodeDeploy { .. } => "ROT02",
            Refusal::External { .. } => "ROT03",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Configuration
    }

    fn hint(&self) -> String {
        match self {
            Refusal::Name { error, .. } => error.hint.clone(),
            // The artifact is made from what the service runs, so the deployment brings new tasks of the same version.
            Refusal::CodeDeploy { service } => {
                let service = shown(service);
                format!(
                    "replace its tasks through CodeDeploy: `codedeploy-artifact generate --service {service} \
                     --appspec-task-definition arn --artifact rotate.zip`, then `codedeploy-artifact deploy --artifact \
                     rotate.zip --service {service} --application APPLICATION --deployment-group GROUP`"
                )
            }
            Refusal::External { .. } => "use the tool that deploys this service".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use codedeploy_core::fault::Fault;
    use expect_test::{Expect, expect};

    use super::*;

    #[test]
    fn a_refusal_names_the_way_that_works() {
        let check = |controller, expect: Expect| {
            let named = parse("shop/web").unwrap();
            let shown = check(&named, controller).map_err(|refusal| Fault::from(refusal).report());
            expect.assert_eq(&shown.map_or_else(|report| report, |()| "goes on".to_owned()));
        };
        check(Controller::EcsRolling, expect!["goes on"]);
        check(Controller::EcsBlueGreen, expect!["goes on"]);
        check(
            Controller::CodeDeploy,
            expect![[r#"
            ROT02: service shop/web has deployment controller CODE_DEPLOY: only a CodeDeploy deployment may replace its tasks, ECS refuses a forced one; nothing was changed
            hint: replace its tasks through CodeDeploy: `codedeploy-artifact generate --service shop/web --appspec-task-definition arn --artifact rotate.zip`, then `codedeploy-artifact deploy --artifact rotate.zip --service shop/web --application APPLICATION --deployment-group GROUP`"#]],
        );
        check(
            Controller::External,
            expect![[r#"
            ROT03: service shop/web has deployment controller EXTERNAL: its deployer makes and replaces the task sets; nothing was changed
            hint: use the tool that deploys this service"#]],
        );
    }
}
