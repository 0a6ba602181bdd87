//! Tests of the harness: the fake AWS answers as AWS does (checked by botocore), its faults are as named, and Lambda,
//! moto and the leak scan work.

pub(crate) mod account;
mod aws;
mod aws_cli;
mod codedeploy;
mod ecs;
mod faults;
mod lambda;
mod wire;

use std::{collections::BTreeMap, sync::OnceLock};

use e2e::{environment::Environment, moto::Moto, programs, python::Worker, unique};
use serde_json::{Value, json};

/// Makes calls with boto3: see `calls.py`.
pub(crate) fn boto(environment: &Environment, calls: &Value) -> Option<Vec<Value>> {
    static SCRIPT: OnceLock<Option<Worker>> = OnceLock::new();
    let worker = SCRIPT.get_or_init(|| Worker::start(include_str!("harness/calls.py"))).as_ref()?;
    let environment: BTreeMap<_, _> = environment.iter().collect();
    worker.ask(&json!([environment, calls])).as_array().cloned()
}

#[test]
fn moto_keeps_accounts_apart() {
    let Some(moto) = Moto::shared() else { return };
    let (mine, other) = (moto.session("111111111111"), moto.session("222222222222"));
    let family = unique::name("app");
    let container = json!([{"name": "app", "image": "busybox", "memory": 64}]).to_string();
    let register = ["ecs", "register-task-definition", "--family", &family, "--container-definitions", &container];
    moto.aws("eu-west-1", &other, &register);
    let environment = |keys| Environment::of_aws(&moto.url(), "eu-west-1", keys);
    let describe = json!([["ecs", "describe_task_definition", {"taskDefinition": family}]]);
    let seen = boto(&environment(&other), &describe).unwrap();
    let arn = format!("arn:aws:ecs:eu-west-1:222222222222:task-definition/{family}:1");
    assert_eq!(seen[0]["taskDefinition"]["taskDefinitionArn"], arn);
    let unseen = boto(&environment(&mine), &describe).unwrap();
    assert_eq!(unseen[0], json!([400, "ClientException", "Unable to describe task definition."]));
}

#[test]
fn the_programs_are_built() {
    assert!(programs::lambda().exists());
    assert!(programs::command_line().exists());
}
