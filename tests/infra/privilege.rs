//! Least privilege, tested with an independent evaluator: the policies that Terraform made allow
//! every call that was made, hold no statement that nothing needs, and allow nothing else that was thought of.

mod judge;
mod policies;
mod probes;
mod request;
mod witnesses;

use std::collections::{BTreeMap, BTreeSet};

use e2e::moto::DEFAULT_ACCOUNT;
use serde_json::{Value, json};

use crate::example::{Example, REGION, WORKLOAD};
use judge::judge;
use policies::Policies;
pub(crate) use request::{Called, role_of};
use request::{Request, World, of_moto};

/// The least number of probes for one role.
const PROBES: usize = 50;

/// Judges the policies of the example by these calls and by those that moto has recorded, and says all that is wrong.
///
/// `account` is that of the service, and of its one deployment group.
pub(crate) fn check(example: &Example, account: &str, more: Vec<Called>) {
    let groups = example.inventory(account)["deployment group"].clone();
    let (application, group) = groups[0].as_str().and_then(|name| name.split_once('/')).expect("a deployment group");
    let names = ["--application-name", application, "--deployment-group-name", group];
    let args = [&["deploy", "get-deployment-group"], &names[..]].concat();
    let described = example.moto.aws(REGION, &example.moto.session(account), &args);
    let config = described["deploymentGroupInfo"]["deploymentConfigName"].as_str().expect("a deployment config");
    let policies = Policies::of(example, &[DEFAULT_ACCOUNT, WORKLOAD]);
    let mut calls = of_moto(&example.moto.recorded());
    calls.extend(more);
    calls.retain(|call| {
        let target = call.parameters["RoleArn"].as_str().unwrap_or_default();
        policies.roles.contains_key(&call.role) || policies.roles.contains_key(target)
    });
    let made: BTreeSet<Request> = calls
        .iter()
        .flat_map(|call| call.requests(&World { application, group, config, policies: &policies }))
        .collect();
    let made: Vec<Request> = made.into_iter().collect();
    assert!(!made.is_empty(), "roles of Terraform's have made calls");
    let Some(mut wrong) = calls_that_are_denied(&policies, &made) else { return };
    wrong.extend(statements_that_nothing_needs(&policies, &made));
    wrong.extend(probes_that_are_not_denied(&policies, &made));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Judges requests, each with its policies less the given statement; what is no request of AWS's goes to `wrong`.
fn allowed(simulations: &[Value], requests: &[&Request], wrong: &mut Vec<String>) -> Option<Vec<bool>> {
    let verdicts = judge(simulations)?;
    let verdicts = verdicts.iter().zip(requests).map(|(verdict, request)| {
        verdict.allows().unwrap_or_else(|why| {
            wrong.push(format!("no request of AWS: {request}: {why}"));
            false
        })
    });
    Some(verdicts.collect())
}

/// `None` without a judge.
fn calls_that_are_denied(policies: &Policies, made: &[Request]) -> Option<Vec<String>> {
    let mut wrong = Vec::new();
    let simulations: Vec<_> = made.iter().map(|request| policies.simulation(request, None)).collect();
    let allowed = allowed(&simulations, &made.iter().collect::<Vec<_>>(), &mut wrong)?;
    let denied = made.iter().zip(allowed).filter(|(_, allowed)| !allowed);
    wrong.extend(denied.map(|(request, _)| format!("made, and denied: {request}")));
    Some(wrong)
}

/// Without any one statement, a call that was made, or one that a service is documented to make, is denied.
fn statements_that_nothing_needs(policies: &Policies, made: &[Request]) -> Vec<String> {
    let statements = policies.statements();
    let mut trials: Vec<(usize, Request)> = Vec::new();
    for (index, statement) in statements.iter().enumerate() {
        let witnesses = witnesses::of(statement, &policies.roles[&statement.role].trust, REGION);
        let of_role = made.iter().filter(|request| request.principal == statement.role).cloned();
        trials.extend(of_role.chain(witnesses).map(|request| (index, request)));
    }
    let with = trials.iter().map(|(_, request)| policies.simulation(request, None));
    let without = trials.iter().map(|(index, request)| policies.simulation(request, Some(&statements[*index])));
    let simulations: Vec<Value> = with.chain(without).collect();
    let requests: Vec<&Request> = trials.iter().chain(&trials).map(|(_, request)| request).collect();
    let mut wrong = Vec::new();
    let allowed = allowed(&simulations, &requests, &mut wrong).unwrap_or_default();
    let (with, without) = allowed.split_at(trials.len());
    let decisive = trials.iter().zip(with.iter().zip(without)).filter(|(_, (with, without))| **with && !**without);
    let needed: BTreeSet<usize> = decisive.map(|((index, _), _)| *index).collect();
    let idle = statements.iter().enumerate().filter(|(index, idle)| !needed.contains(index) && !idle.needs_no_reason());
    wrong.extend(idle.map(|(_, idle)| format!("nothing needs {} of {}: {:?}", idle.sid(), idle.role, idle.actions())));
    println!("{} statements, for {} requests that were made and those of services", statements.len(), made.len());
    wrong
}

/// Among them every call that was made, spoilt in one thing.
fn probes_that_are_not_denied(policies: &Policies, made: &[Request]) -> Vec<String> {
    let mut buckets = policies.buckets.iter();
    let (bucket, key) =
        buckets.find_map(|(name, bucket)| Some((name, bucket.key.as_ref()?))).expect("a bucket with a key");
    let plain: Vec<Request> = policies.roles.keys().flat_map(|role| probes::of(role, bucket, key, REGION)).collect();
    let spoilt = probes::spoilt(made, policies);
    let all: Vec<&Request> = plain.iter().chain(&spoilt).collect();
    let simulations: Vec<_> = all.iter().map(|probe| policies.simulation(probe, None)).collect();
    let mut wrong = Vec::new();
    let open = allowed(&simulations, &all, &mut wrong).unwrap_or_default();
    let open = all.iter().zip(open).filter(|(_, open)| *open);
    wrong.extend(open.map(|(probe, _)| format!("allowed, and must be denied: {probe}")));
    // A denial shows something only where the request could be allowed at all. The policies of buckets and roles, and
    // of keys in another account, keep even an administrator out.
    let for_anybody: Vec<&Request> = plain
        .iter()
        .filter(|probe| !["s3:PutObject", "sts:AssumeRole"].contains(&probe.action.as_str()))
        .filter(|probe| !probe.action.starts_with("kms:") || probe.is_in_own_account())
        .collect();
    let simulations: Vec<_> = for_anybody.iter().map(|probe| policies.as_administrator(probe)).collect();
    let possible = allowed(&simulations, &for_anybody, &mut Vec::new()).unwrap_or_default();
    let hollow = for_anybody.iter().zip(possible).filter(|(_, possible)| !possible);
    wrong.extend(hollow.map(|(probe, _)| format!("nobody could do it, so a denial shows nothing: {probe}")));
    assert!(all.len() >= PROBES * policies.roles.len(), "{} probes", all.len());
    println!("{} probes are denied, {} of them calls that were made but for one thing", all.len(), spoilt.len());
    wrong
}

/// The actions that the policies of each role name.
pub(crate) fn actions(example: &Example, account: &str) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::<String, Vec<String>>::new();
    for statement in Policies::of(example, &[account]).statements() {
        all.entry(statement.role.clone()).or_default().extend(statement.actions().into_iter().map(str::to_owned));
    }
    all
}

/// The judging itself: a call without its statement, a statement without its call and a hole are found.
#[test]
fn planted_defects_are_found() {
    let role = format!("arn:aws:iam::{DEFAULT_ACCOUNT}:role/planted");
    let statement = |sid: &str, action: &str| json!({"Sid": sid, "Effect": "Allow", "Action": action, "Resource": "*"});
    let policies = Policies::planted(
        &role,
        &json!({"Version": "2012-10-17", "Statement": [
            statement("Read", "ecs:DescribeTaskDefinition"),
            statement("Hole", "s3:DeleteObject")
        ]}),
    );
    let made = ["ecs:DescribeTaskDefinition", "codedeploy:StopDeployment"]
        .map(|action| Request::new(&role, action, "*", REGION, &[]));
    let Some(denied) = calls_that_are_denied(&policies, &made) else { return };
    assert!(denied.len() == 1 && denied[0].contains("codedeploy:StopDeployment"), "{denied:?}");
    let idle = statements_that_nothing_needs(&policies, &made);
    assert!(idle.len() == 1 && idle[0].contains("Hole"), "{idle:?}");
    let open = probes_that_are_not_denied(&policies, &made);
    assert!(open.iter().any(|open| open.contains("must be denied: planted s3:DeleteObject")), "{open:?}");
    assert!(open.iter().all(|open| open.contains("s3:DeleteObject") || open.contains("ecs:Describe")), "{open:?}");
    let unknown = Request::new(&role, "ecs:NoSuchAction", "*", REGION, &[]);
    let denied = calls_that_are_denied(&policies, &[unknown]).expect("the judge was there a moment ago");
    assert!(denied[0].starts_with("no request of AWS"), "{denied:?}");
}
