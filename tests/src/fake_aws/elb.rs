//! Elastic Load Balancing v2 (query protocol): the target groups and listeners of the deployment groups, and the health of the
//! tasks in the target groups.

use std::collections::HashMap;

use super::{Call, FakeAws, Principal, Refusal, State, clock::Millis, codedeploy::task_sets::Trouble, ecs, s3, sts};
use crate::http::Answer;

/// The name space of its answers and errors.
pub(super) const NAMESPACE: &str = "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/";

/// The ARN of a target group by its name: the same in every answer.
pub(super) fn target_group_arn(account: &str, region: &str, name: &str) -> String {
    format!("arn:aws:elasticloadbalancing:{region}:{account}:targetgroup/{name}/6d0ecf831eec9f09")
}

/// What the test changed.
#[derive(Debug, Default)]
pub(super) struct Elb {
    /// The target group that a listener forwards to, by the ARN of the listener.
    forwards: HashMap<String, String>,
}

impl FakeAws {
    /// Lets a listener forward to the target group of that name. By default it forwards to that of the primary task set.
    pub fn forward(&self, listener: &str, target_group: &str) {
        self.state().elb.forwards.insert(listener.to_owned(), target_group.to_owned());
    }
}

impl State {
    pub(super) fn balance(&mut self, caller: &Principal, call: &Call, now: Millis) -> Result<Answer, Refusal> {
        if !caller.may(&call.action()) {
            return Err(Refusal::denied(caller, &call.action(), "*"));
        }
        let form = sts::form(&call.request.text());
        let known = self.codedeploy.target_groups(&caller.account, &caller.region);
        match call.operation.as_str() {
            "DescribeTargetGroups" => describe_target_groups(caller, &form, &known),
            "DescribeListeners" => self.describe_listeners(caller, &form, now),
            "DescribeRules" => self.describe_rules(caller, &form, now),
            "DescribeTargetHealth" => self.describe_target_health(caller, &form, &known, now),
            other => Err(Refusal::new(400, "InvalidAction", format!("Could not find operation {other}"))),
        }
    }

    fn describe_listeners(
        &self,
        caller: &Principal,
        form: &HashMap<String, String>,
        now: Millis,
    ) -> Result<Answer, Refusal> {
        let arn = form.get("ListenerArns.member.1").map_or("", String::as_str);
        let actions = self.forward_action(caller, arn, now)?;
        let (load_balancer, _) = arn.rsplit_once('/').unwrap_or_default();
        let load_balancer = load_balancer.replace(":listener/", ":loadbalancer/");
        let listener = format!(
            "<member><ListenerArn>{arn}</ListenerArn><LoadBalancerArn>{load_balancer}</LoadBalancerArn><Port>443</Port>\
             <Protocol>HTTPS</Protocol><DefaultActions>{actions}</DefaultActions></member>"
        );
        Ok(answer("DescribeListeners", &format!("<Listeners>{listener}</Listeners>")))
    }

    fn describe_rules(
        &self,
        caller: &Principal,
        form: &HashMap<String, String>,
        now: Millis,
    ) -> Result<Answer, Refusal> {
        let arn = form.get("ListenerArn").map_or("", String::as_str);
        let actions = self.forward_action(caller, arn, now)?;
        let rule = arn.replace(":listener/", ":listener-rule/");
        let rule = format!(
            "<member><RuleArn>{rule}/9683b2d02a6cabee</RuleArn><Priority>default</Priority><Conditions/><Actions>{actions}\
             </Actions><IsDefault>true</IsDefault></member>"
        );
        Ok(answer("DescribeRules", &format!("<Rules>{rule}</Rules>")))
    }

    /// The action of a listener, as ELB shows one that forwards to one target group: in both places.
    fn forward_action(&self, caller: &Principal, listener: &str, now: Millis) -> Result<String, Refusal> {
        let place = |arn: &str| arn.splitn(3, ':').nth(2).map(str::to_owned);
        let mut known = self.codedeploy.listeners(&caller.account, &caller.region);
        known.retain(|(arn, ..)| place(arn) == place(listener));
        if known.is_empty() {
            return Err(Refusal::new(400, "ListenerNotFound", "One or more listeners not found"));
        }
        // Groups of services that are not there name the same listener.
        let primary = known.into_iter().find_map(|(_, cluster, service)| {
            let owner = (caller.account.clone(), caller.region.clone(), cluster);
            let views = self.ecs.views(&owner, &service, ecs::World { codedeploy: &self.codedeploy, now });
            views.into_iter().find(|view| view.status == "PRIMARY").map(|view| view.set.target_group)
        });
        let name = self.elb.forwards.get(listener).cloned().or(primary).unwrap_or_default();
        let target = target_group_arn(&caller.account, &caller.region, &name);
        Ok(format!(
            "<member><Type>forward</Type><TargetGroupArn>{target}</TargetGroupArn><ForwardConfig><TargetGroups><member>\
             <TargetGroupArn>{target}</TargetGroupArn><Weight>1</Weight></member></TargetGroups></ForwardConfig></member>"
        ))
    }

    fn describe_target_health(
        &self,
        caller: &Principal,
        form: &HashMap<String, String>,
        known: &[String],
        now: Millis,
    ) -> Result<Answer, Refusal> {
        let name = known_name(known, form.get("TargetGroupArn").map_or("", String::as_str))?;
        let world = ecs::World { codedeploy: &self.codedeploy, now };
        let targets = self.ecs.targets(caller, name, world).into_iter().map(|(address, trouble)| {
            let health = match trouble {
                Trouble::None => "<State>healthy</State>".to_owned(),
                Trouble::Exiting | Trouble::NoCapacity => {
                    "<State>initial</State><Reason>Elb.InitialHealthChecking</Reason>".to_owned()
                }
                Trouble::Unhealthy(check) => {
                    let (reason, description) = check.reason();
                    format!("<State>unhealthy</State><Reason>{reason}</Reason><Description>{description}</Description>")
                }
            };
            format!(
                "<member><Target><Id>{address}</Id><Port>8080</Port><AvailabilityZone>{}a</AvailabilityZone></Target>\
                 <HealthCheckPort>8080</HealthCheckPort><TargetHealth>{health}</TargetHealth></member>",
                caller.region
            )
        });
        let targets: String = targets.collect();
        Ok(answer("DescribeTargetHealth", &format!("<TargetHealthDescriptions>{targets}</TargetHealthDescriptions>")))
    }
}

fn describe_target_groups(
    caller: &Principal,
    form: &HashMap<String, String>,
    known: &[String],
) -> Result<Answer, Refusal> {
    let list = |member: &str| -> Vec<&String> {
        (1..=20).map_while(|place| form.get(&format!("{member}.member.{place}"))).collect()
    };
    let (names, arns) = (list("Names"), list("TargetGroupArns"));
    let mut shown: Vec<&str> = Vec::new();
    for wanted in names.iter().chain(&arns) {
        shown.push(known_name(known, wanted)?);
    }
    if names.is_empty() && arns.is_empty() {
        shown.extend(known.iter().map(String::as_str));
    }
    let groups: Vec<String> = shown.iter().map(|name| target_group(caller, name)).collect();
    Ok(answer("DescribeTargetGroups", &format!("<TargetGroups>{}</TargetGroups>", groups.concat())))
}

fn target_group(caller: &Principal, name: &str) -> String {
    format!(
        "<member><TargetGroupArn>{}</TargetGroupArn><TargetGroupName>{}</TargetGroupName><Protocol>HTTP</Protocol>\
         <Port>8080</Port><VpcId>vpc-0123456789abcdef0</VpcId><HealthCheckProtocol>HTTP</HealthCheckProtocol>\
         <HealthCheckPort>traffic-port</HealthCheckPort><HealthCheckEnabled>true</HealthCheckEnabled>\
         <HealthCheckIntervalSeconds>30</HealthCheckIntervalSeconds>\
         <HealthCheckTimeoutSeconds>5</HealthCheckTimeoutSeconds><HealthyThresholdCount>5</HealthyThresholdCount>\
         <UnhealthyThresholdCount>2</UnhealthyThresholdCount><HealthCheckPath>/health</HealthCheckPath>\
         <Matcher><HttpCode>200</HttpCode></Matcher><TargetType>ip</TargetType></member>",
        target_group_arn(&caller.account, &caller.region, name),
        s3::escape(name)
    )
}

/// The name of a known target group, by its name or ARN.
fn known_name<'k>(known: &'k [String], wanted: &str) -> Result<&'k str, Refusal> {
    let name = wanted.split('/').nth(1).unwrap_or(wanted);
    let found = known.iter().find(|known| *known == name).map(String::as_str);
    found.ok_or_else(|| Refusal::new(400, "TargetGroupNotFound", "One or more target groups not found"))
}

fn answer(operation: &str, result: &str) -> Answer {
    let body = format!(
        "<{operation}Response xmlns=\"{NAMESPACE}\"><{operation}Result>{result}</{operation}Result><ResponseMetadata>\
         <RequestId>f9880f01-7852-629d-a6c3-3ae2-666a40928ba8</RequestId></ResponseMetadata></{operation}Response>"
    );
    Answer::new(200, "text/xml", body)
}
