//! What AWS answered about the account, as plain data.

use std::collections::BTreeMap;
use std::fmt;

use crate::artifact::service::Service;
use crate::deployment::{FiredAlarm, Group};

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact<T> {
    /// It exists.
    Known(T),
    /// It does not exist: the whole message, such as `secret "a" not found in eu-west-1`.
    Missing(String),
    /// It could not be read.
    NotChecked(NotChecked),
}

/// Why something was not checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotChecked {
    /// The IAM action that is missing, if that is the reason.
    pub needs: Option<String>,
    /// The reason.
    pub why: String,
    /// Whether there is nothing yet that could be checked: an image whose placeholder is filled later.
    pub later: bool,
}

impl NotChecked {
    /// Not checked for a reason other than a permission.
    pub fn because(why: impl Into<String>) -> NotChecked {
        NotChecked { needs: None, why: why.into(), later: false }
    }

    /// There is nothing yet that could be checked.
    pub fn later(why: impl Into<String>) -> NotChecked {
        NotChecked { needs: None, why: why.into(), later: true }
    }
}

/// `needs ecr:BatchGetImage`, or the reason.
impl fmt::Display for NotChecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.needs {
            Some(action) => write!(f, "needs {action}"),
            None => f.write_str(&self.why),
        }
    }
}

impl<T> Fact<T> {
    /// What is known, if it is.
    pub fn known(&self) -> Option<&T> {
        match self {
            Fact::Known(value) => Some(value),
            Fact::Missing(_) | Fact::NotChecked(_) => None,
        }
    }

    /// What is known, or why it is not.
    pub fn as_known(&self) -> Result<&T, NotChecked> {
        match self {
            Fact::Known(value) => Ok(value),
            Fact::Missing(what) => Err(NotChecked::because(what.as_str())),
            Fact::NotChecked(why) => Err(why.clone()),
        }
    }
}

/// It was not queried.
impl<T> Default for Fact<T> {
    fn default() -> Fact<T> {
        Fact::NotChecked(NotChecked::because("the service or the deployment group is not known"))
    }
}

/// Answers by the name that was queried.
pub type Named<T> = BTreeMap<String, Fact<T>>;

/// All answers. Names that are absent from a map were not queried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The Region of the deployment, for the commands in hints.
    pub region: String,
    /// The ECS service.
    pub service: Fact<Service>,
    /// The deployment group.
    pub group: Fact<Group>,
    /// Target groups of the deployment group, by name, and that of the primary task set.
    pub target_groups: Named<TargetGroup>,
    /// Listeners of the deployment group, by ARN.
    pub listeners: Named<Listener>,
    /// Lambda functions of the hooks, as the AppSpec names them.
    pub functions: Named<Function>,
    /// IAM roles, as the task definition and the group name them.
    pub roles: Named<Role>,
    /// What the service role may do: `ACTION RESOURCE`.
    pub permissions: Named<Decision>,
    /// Images in Amazon ECR, as the task definition names them.
    pub images: Named<Image>,
    /// Secrets of AWS Secrets Manager, by the reference in the task definition.
    pub secrets: Named<Secret>,
    /// Parameters of Systems Manager, by the reference in the task definition.
    pub parameters: Named<()>,
    /// Log groups by name.
    pub log_groups: Named<()>,
    /// Subnets by ID.
    pub subnets: Named<Subnet>,
    /// VPCs of the security groups, by the ID of the group.
    pub security_groups: Named<String>,
    /// Deployments of the group that have not ended.
    pub active: Fact<Vec<String>>,
    /// Which of the alarms of the group are in `ALARM`.
    pub alarms: Fact<Vec<FiredAlarm>>,
    /// How the service is scaled; `Known(None)` if it is not.
    pub scaling: Fact<Option<Scaling>>,
    /// Quotas of Fargate, by code: vCPUs.
    pub quotas: Named<u64>,
}

/// A target group, from `DescribeTargetGroups`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetGroup {
    /// Its ARN.
    pub arn: String,
    /// `ip`, `instance`, `lambda` or `alb`.
    pub target_type: String,
    /// `HTTP`, `TCP`, …
    pub protocol: String,
    /// ID of its VPC.
    pub vpc: String,
    /// ARNs of the load balancers that use it.
    pub load_balancers: Vec<String>,
    /// How the targets are probed.
    pub health_check: HealthCheck,
}

/// The health check of a target group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HealthCheck {
    /// `HTTP`, `HTTPS`, `TCP`.
    pub protocol: String,
    /// `traffic-port` or a number.
    pub port: String,
    /// For HTTP: the path.
    pub path: String,
    /// For HTTP: the codes of a healthy answer.
    pub codes: String,
}

/// A listener with its rules, the default one included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listener {
    /// ARN of its load balancer.
    pub load_balancer: String,
    /// `HTTPS:443`.
    pub name: String,
    /// In the order of the load balancer; the default rule last.
    pub rules: Vec<ListenerRule>,
}

/// A rule of a listener.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListenerRule {
    /// `None` for the default action.
    pub arn: Option<String>,
    /// The ARNs of the target groups that it forwards to, with their weights.
    pub forwards: Vec<(String, u32)>,
}

/// A Lambda function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Function {
    /// Its ARN.
    pub arn: String,
    /// `Active`, `Pending`, `Inactive` or `Failed`.
    pub state: String,
}

/// An IAM role.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Role {
    /// Its ARN.
    pub arn: String,
    /// The services that may assume it, such as `ecs-tasks.amazonaws.com`.
    pub trusts: Vec<String>,
}

/// Whether a role may do something, from `SimulatePrincipalPolicy`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// A policy allows it.
    Allowed,
    /// No policy allows it, or one denies it `explicitly`.
    Denied {
        /// Whether a `Deny` statement matched.
        explicitly: bool,
    },
    /// The result depends on condition keys that are unknown here.
    Depends(Vec<String>),
}

/// An image in Amazon ECR.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Image {
    /// `linux/amd64` of each image in it; empty if it is not known.
    pub platforms: Vec<String>,
    /// Why the platform of a single image is not known.
    pub unread: Option<NotChecked>,
}

/// A secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Secret {
    /// Whether it is scheduled for deletion: its value cannot be read any more.
    pub deleted: bool,
}

/// A subnet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subnet {
    /// ID of its VPC.
    pub vpc: String,
    /// Free IPv4 addresses.
    pub free: u64,
}

/// How Application Auto Scaling scales the service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scaling {
    /// The fewest tasks.
    pub least: u64,
    /// The most tasks.
    pub most: u64,
    /// What is suspended.
    pub suspended: Suspended,
}

/// The suspended state of a scalable target: what Application Auto Scaling does not do. See [AWS's
/// page](https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Suspended {
    /// Scaling policies remove no tasks.
    pub scale_in: bool,
    /// Scaling policies add no tasks.
    pub scale_out: bool,
    /// Scheduled actions do not run.
    pub scheduled: bool,
}

impl Suspended {
    /// All of it.
    pub const ALL: Suspended = Suspended { scale_in: true, scale_out: true, scheduled: true };

    /// The names of what is suspended.
    pub fn names(self) -> Vec<&'static str> {
        let all = [(self.scale_in, "scale-in"), (self.scale_out, "scale-out"), (self.scheduled, "scheduled scaling")];
        all.into_iter().filter(|(suspended, _)| *suspended).map(|(_, name)| name).collect()
    }

    /// The AWS CLI command that gives the service `CLUSTER/SERVICE` this state.
    pub fn command(self, service: &str) -> String {
        let Suspended { scale_in, scale_out, scheduled } = self;
        format!(
            "aws application-autoscaling register-scalable-target --service-namespace ecs --scalable-dimension \
             ecs:service:DesiredCount --resource-id service/{service} --suspended-state \
             DynamicScalingInSuspended={scale_in},DynamicScalingOutSuspended={scale_out},\
             ScheduledScalingSuspended={scheduled}"
        )
    }
}
