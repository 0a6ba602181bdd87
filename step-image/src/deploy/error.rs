//! What `deploy` refuses by itself.

use codedeploy_core::deployment::Deployment;
use codedeploy_core::fault::{Explain, Kind, shown};
use codedeploy_core::names::NameError;

/// Why there is no deployment.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeployError {
    /// The group runs another deployment, and that is not waited for.
    #[error("deployment group {} already runs {}", shown(group), shown(active))]
    Active {
        /// Application and group.
        group: String,
        /// The deployment.
        active: String,
        /// Whether it is a rollback, which `--on-conflict stop` does not stop.
        is_rollback: bool,
    },
    /// The group was busy for too long.
    #[error("deployment group {} still runs {} after the longest wait for it", shown(group), shown(active))]
    StillActive {
        /// Application and group.
        group: String,
        /// The deployment.
        active: String,
    },
    /// Nobody renews the credentials, and none was made by then: they had expired already, or while another deployment was
    /// waited for.
    #[error("the credentials expired before a deployment was made")]
    Expired,
    /// Nobody renews the credentials, and nobody knows whether the deployment was made.
    #[error("the credentials expired before it was known whether a deployment was made")]
    ExpiredUnanswered {
        /// Whether the verb has `--resume`.
        resumes: bool,
    },
    /// A placeholder, and nothing to put there.
    #[error("{} has the placeholder <TASK_DEFINITION>, which CodeDeploy itself does not fill", shown(appspec))]
    Placeholder {
        /// The AppSpec.
        appspec: String,
    },
    /// A newer build was there first.
    #[error("build {ours} is older than build {newer}, which deployment {} brought", shown(deployment))]
    Overtaken {
        /// Ours.
        ours: u64,
        /// The newer one.
        newer: u64,
        /// Its deployment.
        deployment: String,
    },
    /// The group deploys another service.
    #[error("deployment group {} deploys {}, not {}", shown(group), shown(has), shown(wanted))]
    OtherService {
        /// Application and group.
        group: String,
        /// What it deploys.
        has: String,
        /// What was asked for.
        wanted: String,
    },
    /// Nothing to register.
    #[error("--register needs a task definition, and {} has none", shown(source_name))]
    NoTaskDefinition {
        /// What is deployed.
        source_name: String,
    },
    /// An S3 place of the wrong form.
    #[error("{flag} \"{}\" {error}", shown(got))]
    Place {
        /// The flag.
        flag: &'static str,
        /// As given.
        got: String,
        /// What is wrong with it.
        error: NameError,
    },
    /// A flag that cannot be meant so.
    #[error("{flag}: {problem}")]
    Flag {
        /// The flag.
        flag: &'static str,
        /// What is wrong with it.
        problem: String,
        /// What to write instead.
        hint: &'static str,
    },
    /// A build number that is none.
    #[error("{from}: {problem}")]
    BuildNumber {
        /// The flag or the variable.
        from: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// No group deploys the service, as far as can be seen.
    #[error(
        "no deployment group that deploys {} was found: its names were assumed ({problem}), and {search}",
        shown(service)
    )]
    GroupNotFound {
        /// `cluster/service`.
        service: String,
        /// What came of the assumed names.
        problem: String,
        /// Whether that was a denial.
        denied: bool,
        /// What came of the search.
        search: Search,
    },
    /// More than one group deploys the service.
    #[error("{} deployment groups deploy {}: {}", groups.len(), shown(service), few(groups))]
    SeveralGroups {
        /// `cluster/service`.
        service: String,
        /// `application/group` of each.
        groups: Vec<String>,
    },
    /// Neither the names nor a service to make them of.
    #[error("neither --application and --deployment-group nor --service is given")]
    NoGroup,
    /// A revision that is not the ARN of one.
    #[error("{}: TaskDefinition \"{}\" is not the ARN of a revision", shown(appspec), shown(named))]
    NotArn {
        /// The AppSpec, or the flag.
        appspec: String,
        /// What it names.
        named: String,
    },
    /// No AppSpec where the artifact should have one.
    #[error("no appspec.yml, appspec.yaml or appspec.json in {}", shown(artifact))]
    NoAppSpec {
        /// The artifact.
        artifact: String,
    },
}

/// What came of a search for a deployment group.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Search {
    /// It was not allowed.
    #[error("the groups of the account could not be searched: {0}")]
    Denied(String),
    /// None of them fits.
    #[error("{}", match looked_at {
        0 => "the account has no deployment group of ECS in this Region".to_owned(),
        many => format!("none of the {many} groups that were searched deploys it"),
    })]
    Nothing {
        /// How many were looked at.
        looked_at: usize,
    },
}

/// The first ten, and how many more there are.
fn few(names: &[String]) -> String {
    let first: Vec<String> = names.iter().take(10).map(|name| shown(name)).collect();
    let more = names.len().saturating_sub(first.len());
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    first.join(", ") + &more
}

impl DeployError {
    pub(super) fn active(group: &str, active: &Deployment) -> DeployError {
        let is_rollback = active.is_rollback();
        DeployError::Active { group: group.to_owned(), active: active.id.clone(), is_rollback }
    }
}

impl Explain for DeployError {
    fn code(&self) -> &'static str {
        match self {
            DeployError::Active { .. } | DeployError::StillActive { .. } => "DEP01",
            DeployError::Placeholder { .. } => "DEP21",
            DeployError::Overtaken { .. } => "DEP22",
            DeployError::OtherService { .. } => "DEP23",
            DeployError::NoTaskDefinition { .. } => "DEP24",
            DeployError::Place { .. } => "DEP25",
            DeployError::Flag { .. } | DeployError::BuildNumber { .. } => "DEP26",
            DeployError::NoGroup => "DEP27",
            DeployError::NotArn { .. } => "DEP28",
            DeployError::NoAppSpec { .. } => "DEP29",
            DeployError::Expired => "DEP30",
            DeployError::ExpiredUnanswered { .. } => "DEP31",
            DeployError::GroupNotFound { .. } => "DEP32",
            DeployError::SeveralGroups { .. } => "DEP33",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            DeployError::Active { .. } | DeployError::StillActive { .. } | DeployError::Overtaken { .. } => {
                Kind::Unavailable
            }
            DeployError::Expired
            | DeployError::ExpiredUnanswered { .. }
            | DeployError::GroupNotFound { denied: true, .. } => Kind::Denied,
            DeployError::GroupNotFound { .. } => Kind::NotFound,
            DeployError::Placeholder { .. } | DeployError::NotArn { .. } | DeployError::NoAppSpec { .. } => Kind::Input,
            DeployError::OtherService { .. }
            | DeployError::NoTaskDefinition { .. }
            | DeployError::Place { .. }
            | DeployError::Flag { .. }
            | DeployError::BuildNumber { .. }
            | DeployError::SeveralGroups { .. }
            | DeployError::NoGroup => Kind::Configuration,
        }
    }

    fn hint(&self) -> String {
        match self {
            DeployError::Active { is_rollback: true, .. } => "wait for this rollback: `--on-conflict wait`",
            DeployError::Active { .. } => "wait for it or stop it: `--on-conflict wait` or `--on-conflict stop`",
            DeployError::StillActive { .. } => "look at it with `codedeploy-artifact status`, or give --timeout more",
            DeployError::Expired => "run it again with fresh credentials",
            DeployError::ExpiredUnanswered { resumes: false } => {
                "get fresh credentials and look for the token above: if no deployment of the group has it, run it again"
            }
            DeployError::ExpiredUnanswered { resumes: true } => {
                "look for the token above; in a build of Jenkins, run it again with --resume and fresh credentials"
            }
            DeployError::Placeholder { .. } => {
                "add --register to register the task definition of the artifact, or --task-definition ARN to name one"
            }
            DeployError::Overtaken { .. } => "run the newest build, or go back with `codedeploy-artifact rollback`",
            DeployError::OtherService { .. } => "name the group of this service, or the service of this group",
            DeployError::NoTaskDefinition { .. } => "give an --artifact with taskdef.json, or --taskdef FILE",
            DeployError::Place { error, .. } => return error.hint.clone(),
            DeployError::Flag { hint, .. } => hint,
            DeployError::GroupNotFound { search: Search::Nothing { .. }, .. } => {
                "name the group with --application and --deployment-group, and check the names in --service"
            }
            DeployError::GroupNotFound { search: Search::Denied(_), .. } => {
                "name the group with --application and --deployment-group, or allow codedeploy:ListApplications, \
                 codedeploy:ListDeploymentGroups and codedeploy:BatchGetDeploymentGroups to the role that reads"
            }
            DeployError::SeveralGroups { .. } => "choose one of them with --application and --deployment-group",
            DeployError::BuildNumber { .. } => "give a whole number with --build-number, or unset BUILD_NUMBER or JOB_NAME",
            DeployError::NoGroup => {
                "give --application and --deployment-group, or --service CLUSTER/SERVICE for the names that AWS gives them"
            }
            DeployError::NotArn { .. } => "write arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION",
            DeployError::NoAppSpec { .. } => "name the AppSpec in the artifact with --appspec-path",
        }
        .to_owned()
    }
}
