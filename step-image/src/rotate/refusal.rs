//! Services that a rotation must not touch, and what to use instead.

use codedeploy_artifact::error::{Explain, Kind, shown};
use codedeploy_artifact::service::Controller;

/// `CLUSTER/SERVICE`, or the long ARN of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) cluster: String,
    pub(super) service: String,
}

impl Named {
    /// Takes the argument apart. An ARN of the old form has no cluster in it.
    pub(super) fn parse(text: &str) -> Result<Named, Refusal> {
        let names = match text.split_once(":service/") {
            Some((head, names)) if head.starts_with("arn:") => names,
            _ => text,
        };
        let word = |name: &str| {
            (1..=255).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        match names.split_once('/') {
            Some((cluster, service)) if word(cluster) && word(service) => {
                Ok(Named { cluster: cluster.to_owned(), service: service.to_owned() })
            }
            _ => Err(Refusal::Name { got: text.to_owned() }),
        }
    }

    /// `CLUSTER/SERVICE`.
    pub(super) fn full(&self) -> String {
        format!("{}/{}", self.cluster, self.service)
    }
}

/// Refuses what `update-service --force-new-deployment` must not be sent for.
pub(super) fn check(named: &Named, controller: Controller) -> Result<(), Refusal> {
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
    #[error("\"{}\" is not CLUSTER/SERVICE", shown(got))]
    Name {
        /// As given.
        got: String,
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
            Refusal::Name { .. } => "write the cluster, a slash and the service, such as shop/web".to_owned(),
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
    use codedeploy_artifact::error::Error;
    use expect_test::{Expect, expect};

    use super::*;

    #[test]
    fn services_are_named_by_cluster_and_service_or_arn() {
        for (text, expect) in [
            ("shop/web", Some("shop/web")),
            ("arn:aws:ecs:eu-west-1:123456789012:service/shop/web", Some("shop/web")),
            ("arn:aws:ecs:eu-west-1:123456789012:service/web", None),
            ("web", None),
            ("shop/", None),
            ("/web", None),
            ("shop/web/x", None),
            ("shop/we b", None),
            ("", None),
        ] {
            assert_eq!(Named::parse(text).ok().map(|named| named.full()).as_deref(), expect, "{text}");
        }
    }

    #[test]
    fn a_refusal_names_the_way_that_works() {
        let check = |controller, expect: Expect| {
            let named = Named { cluster: "shop".to_owned(), service: "web".to_owned() };
            let shown = check(&named, controller).map_err(|refusal| Error::from(refusal).report());
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
