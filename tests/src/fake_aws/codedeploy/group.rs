//! Applications, deployment groups and deployment configs, and the answers that show them.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::clock::{Millis, timestamp};

/// How the traffic moves to the new tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Traffic {
    /// All of it in one step.
    AllAtOnce,
    /// So many percent, and the rest after so many minutes.
    Canary {
        /// 1 to 99.
        percent: u8,
        /// Until the rest follows.
        minutes: u64,
    },
    /// So many percent every so many minutes.
    Linear {
        /// 1 to 99.
        percent: u8,
        /// Between two steps.
        minutes: u64,
    },
}

impl Traffic {
    /// The predefined configs for ECS.
    pub(super) fn predefined(name: &str) -> Option<Traffic> {
        Some(match name.strip_prefix("CodeDeployDefault.ECS")? {
            "AllAtOnce" => Traffic::AllAtOnce,
            "Canary10Percent5Minutes" => Traffic::Canary { percent: 10, minutes: 5 },
            "Canary10Percent15Minutes" => Traffic::Canary { percent: 10, minutes: 15 },
            "Linear10PercentEvery1Minutes" => Traffic::Linear { percent: 10, minutes: 1 },
            "Linear10PercentEvery3Minutes" => Traffic::Linear { percent: 10, minutes: 3 },
            _ => return None,
        })
    }

    /// The times at which each weight is reached, from the start of `AllowTraffic`.
    pub(super) fn shifts(self, from: Millis) -> Vec<(Millis, u8)> {
        match self {
            Traffic::AllAtOnce => vec![(from, 100)],
            Traffic::Canary { percent, minutes } => vec![(from, percent), (from + minutes * 60_000, 100)],
            Traffic::Linear { percent, minutes } => {
                let steps = 100_u64.div_ceil(u64::from(percent.max(1)));
                let weight = |step: u64| u8::try_from((u64::from(percent) * step).min(100)).unwrap_or(100);
                (1..=steps).map(|step| (from + (step - 1) * minutes * 60_000, weight(step))).collect()
            }
        }
    }

    pub(super) fn describe(self, name: &str, created: Millis) -> Value {
        let routing = match self {
            Traffic::AllAtOnce => json!({"type": "AllAtOnce"}),
            Traffic::Canary { percent, minutes } => json!({
                "type": "TimeBasedCanary",
                "timeBasedCanary": {"canaryPercentage": percent, "canaryInterval": minutes}
            }),
            Traffic::Linear { percent, minutes } => json!({
                "type": "TimeBasedLinear",
                "timeBasedLinear": {"linearPercentage": percent, "linearInterval": minutes}
            }),
        };
        json!({"deploymentConfigInfo": {
            "deploymentConfigId": "00000000-0000-0000-0000-000000000009",
            "deploymentConfigName": name,
            "createTime": timestamp(created),
            "computePlatform": "ECS",
            "trafficRoutingConfig": routing
        }})
    }
}

/// The action if nobody continues a deployment that is ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnTimeout {
    /// `CONTINUE_DEPLOYMENT`
    Continue,
    /// `STOP_DEPLOYMENT`
    Stop,
}

/// A deployment group. Defaults: all traffic at once, no ready wait, 5 minutes until the old tasks end, a rollback
/// after failure, alarm and stop, a test listener, and 2 minutes for the new tasks to start.
#[derive(Debug, Clone)]
pub struct Group {
    pub(super) application: String,
    pub(super) name: String,
    pub(super) platform: &'static str,
    pub(super) cluster: String,
    pub(super) service: String,
    pub(super) config: String,
    pub(super) ready: (u64, OnTimeout),
    /// Minutes until the old tasks end; `None` keeps them.
    pub(super) termination: Option<u64>,
    pub(super) rollback: Value,
    pub(super) alarms: Value,
    pub(super) test_route: bool,
    pub(super) launch: Duration,
    /// How often its service is scaled, if it is.
    pub(super) scaling: Option<Duration>,
    pub(super) target_groups: [String; 2],
}

/// Every reason for an automatic rollback.
pub const ROLLBACK_EVENTS: [&str; 3] = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"];

impl Group {
    /// A group of the compute platform ECS for that service. Cluster and service may be names or ARNs. Its target
    /// groups are `SERVICE-blue`, where a service of [`crate::samples`] has its tasks, and `SERVICE-green`.
    pub fn ecs(application: &str, name: &str, cluster: &str, service: &str) -> Group {
        let short = service.rsplit('/').next().unwrap_or(service);
        Group {
            application: application.to_owned(),
            name: name.to_owned(),
            platform: "ECS",
            cluster: cluster.to_owned(),
            service: service.to_owned(),
            config: "CodeDeployDefault.ECSAllAtOnce".to_owned(),
            ready: (0, OnTimeout::Continue),
            termination: Some(5),
            rollback: json!({"enabled": true, "events": ROLLBACK_EVENTS}),
            alarms: json!({"enabled": false, "ignorePollAlarmFailure": false, "alarms": []}),
            test_route: true,
            launch: Duration::from_mins(2),
            scaling: None,
            target_groups: [format!("{short}-blue"), format!("{short}-green")],
        }
    }

    /// A group of the compute platform Server, to which nothing can be deployed here.
    pub fn server(application: &str, name: &str) -> Group {
        let config = "CodeDeployDefault.OneAtATime".to_owned();
        Group { platform: "Server", config, ..Group::ecs(application, name, "", "") }
    }

    /// With that deployment config.
    #[must_use]
    pub fn config(self, name: &str) -> Group {
        Group { config: name.to_owned(), ..self }
    }

    /// Sets how many minutes new tasks wait for `ContinueDeployment`.
    #[must_use]
    pub fn ready_wait(self, minutes: u64, on_timeout: OnTimeout) -> Group {
        Group { ready: (minutes, on_timeout), ..self }
    }

    /// Sets how many minutes after the traffic shift the old tasks are terminated.
    #[must_use]
    pub fn termination_wait(self, minutes: u64) -> Group {
        Group { termination: Some(minutes), ..self }
    }

    /// Old tasks are kept.
    #[must_use]
    pub fn keeping_old_tasks(self) -> Group {
        Group { termination: None, ..self }
    }

    /// Rolls back on these events only; none turns it off.
    #[must_use]
    pub fn rolling_back_on(self, events: &[&str]) -> Group {
        Group { rollback: json!({"enabled": !events.is_empty(), "events": events}), ..self }
    }

    /// Watches these alarms.
    #[must_use]
    pub fn alarms(self, names: &[&str]) -> Group {
        let names: Vec<Value> = names.iter().map(|name| json!({"name": name})).collect();
        Group { alarms: json!({"enabled": true, "ignorePollAlarmFailure": false, "alarms": names}), ..self }
    }

    /// Watches none of its alarms for now.
    #[must_use]
    pub fn with_alarms_off(mut self) -> Group {
        self.alarms["enabled"] = json!(false);
        self
    }

    /// Without a test listener.
    #[must_use]
    pub fn without_test_route(self) -> Group {
        Group { test_route: false, ..self }
    }

    /// New tasks are healthy after that time.
    #[must_use]
    pub fn launch_time(self, launch: Duration) -> Group {
        Group { launch, ..self }
    }

    /// Auto scaling adds and removes tasks of both task sets that often.
    #[must_use]
    pub fn scaling_every(self, interval: Duration) -> Group {
        Group { scaling: Some(interval), ..self }
    }

    /// With these two target groups.
    #[must_use]
    pub fn target_groups(self, blue: &str, green: &str) -> Group {
        Group { target_groups: [blue.to_owned(), green.to_owned()], ..self }
    }

    pub(super) fn blue_green(&self) -> Value {
        let (minutes, on_timeout) = self.ready;
        let on_timeout = match on_timeout {
            OnTimeout::Continue => "CONTINUE_DEPLOYMENT",
            OnTimeout::Stop => "STOP_DEPLOYMENT",
        };
        let action = if self.termination.is_some() { "TERMINATE" } else { "KEEP_ALIVE" };
        json!({
            "terminateBlueInstancesOnDeploymentSuccess": {
                "action": action,
                "terminationWaitTimeInMinutes": self.termination.unwrap_or(0)
            },
            "deploymentReadyOption": {"actionOnTimeout": on_timeout, "waitTimeInMinutes": minutes}
        })
    }

    pub(super) fn load_balancer(&self, account: &str, region: &str) -> Value {
        let listener = |port: u16| {
            let load_balancer = "listener/app/main/50dc6c495c0c9188";
            json!({"listenerArns": [
                format!("arn:aws:elasticloadbalancing:{region}:{account}:{load_balancer}/f2f7dc8efc52{port:04x}")
            ]})
        };
        let groups: Vec<Value> = self.target_groups.iter().map(|name| json!({"name": name})).collect();
        let mut pair = json!({"targetGroups": groups, "prodTrafficRoute": listener(443)});
        if self.test_route {
            pair["testTrafficRoute"] = listener(8443);
        }
        json!({"targetGroupPairInfoList": [pair]})
    }

    /// The ARNs of its listeners.
    pub(super) fn listeners(&self, account: &str, region: &str) -> Vec<String> {
        let described = self.load_balancer(account, region);
        let pair = &described["targetGroupPairInfoList"][0];
        let routes = ["prodTrafficRoute", "testTrafficRoute"].map(|route| pair[route]["listenerArns"][0].as_str());
        routes.into_iter().flatten().map(str::to_owned).collect()
    }

    pub(super) fn style(&self) -> Value {
        if self.platform == "ECS" {
            json!({"deploymentType": "BLUE_GREEN", "deploymentOption": "WITH_TRAFFIC_CONTROL"})
        } else {
            json!({"deploymentType": "IN_PLACE", "deploymentOption": "WITHOUT_TRAFFIC_CONTROL"})
        }
    }

    pub(super) fn describe(&self, account: &str, region: &str) -> Value {
        let mut info = json!({
            "applicationName": self.application,
            "deploymentGroupId": "9f1d3cb1-7b2f-4c2f-8d5e-2b7a4f0c6a11",
            "deploymentGroupName": self.name,
            "deploymentConfigName": self.config,
            "ec2TagFilters": [],
            "onPremisesInstanceTagFilters": [],
            "autoScalingGroups": [],
            "serviceRoleArn": format!("arn:aws:iam::{account}:role/codedeploy"),
            "triggerConfigurations": [],
            "alarmConfiguration": self.alarms,
            "autoRollbackConfiguration": self.rollback,
            "deploymentStyle": self.style(),
            "outdatedInstancesStrategy": "UPDATE",
            "computePlatform": self.platform,
            "terminationHookEnabled": false
        });
        if self.platform == "ECS" {
            info["blueGreenDeploymentConfiguration"] = self.blue_green();
            info["loadBalancerInfo"] = self.load_balancer(account, region);
            info["ecsServices"] = json!([{"serviceName": self.service, "clusterName": self.cluster}]);
        }
        info
    }
}
