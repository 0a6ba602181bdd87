//! One example, applied to a moto of its own.

use std::time::{Duration, Instant};

use e2e::{
    environment::Environment,
    moto::{Moto, outsider},
    scratch::Scratch,
    terraform::{Configuration, Copy},
};
use serde_json::{Value, json};

use crate::aws;

/// The region of all examples.
pub(crate) const REGION: &str = "eu-west-1";
/// The account in which the examples put workloads of their own; it differs from that of the provider's keys.
pub(crate) const WORKLOAD: &str = "222222222222";
/// What the function and Jenkins have to say to become a role.
pub(crate) const EXTERNAL_ID: &str = "pipeline-7f3a91";
/// What the account's inventory calls the application, and who pays.
const APP_ID: &str = "app-0001";
const COST_CENTER: &str = "cc-0001";
/// Who Jenkins is.
pub(crate) const JENKINS: &str = "arn:aws:iam::123456789012:role/jenkins-agent";

/// An example beside another one.
pub(crate) struct Neighbour {
    pub(crate) configuration: Configuration,
    _copy: Copy,
}

/// A file of an example, a text in it, and what it is replaced by.
pub(crate) type Edit = (&'static str, &'static str, &'static str);

/// An applied example.
pub(crate) struct Example {
    pub(crate) moto: Moto,
    configuration: Configuration,
    /// What each account had before: of the provider's keys, and the workload's.
    before: [Value; 2],
    name: &'static str,
    started: Instant,
    copy: Copy,
    _package: Scratch,
}

impl Example {
    /// Applies it; `None` (reported) where this machine lacks something.
    pub(crate) fn apply(name: &'static str) -> Option<Example> {
        Example::apply_with(name, |_| Vec::new())
    }

    /// The same with variables, which may name what the account has: see `seed.py`.
    pub(crate) fn apply_with(
        name: &'static str,
        variables: impl FnOnce(&Value) -> Vec<(&'static str, Value)>,
    ) -> Option<Example> {
        Example::apply_edited(name, &[], variables)
    }

    /// The same with other texts in its files, until [`Example::restore`].
    pub(crate) fn apply_edited(
        name: &'static str,
        edits: &[Edit],
        variables: impl FnOnce(&Value) -> Vec<(&'static str, Value)>,
    ) -> Option<Example> {
        let copy = Copy::new()?;
        let moto = Moto::start()?;
        let started = Instant::now();
        let seeded = moto.seed(REGION);
        let package = Scratch::new();
        // Terraform looks at nothing but the digest; what runs in the tests is the program that Cargo has built.
        let zip = package.write("bootstrap.zip", EMPTY_ZIP);
        let zip = zip.display().to_string();
        let source = json!({"bucket": seeded["source_bucket"], "key": seeded["source_key"]});
        // What an example does not declare is ignored.
        let mut environment = Environment::of_aws(&moto.url(), REGION, &outsider())
            .with("TF_VAR_function_package", &zip)
            .with("TF_VAR_gate_package", &zip)
            .with("TF_VAR_source_object", &source.to_string())
            .with("TF_VAR_workload_role_arn", &format!("arn:aws:iam::{WORKLOAD}:role/terraform"))
            .with("TF_VAR_external_id", EXTERNAL_ID)
            .with("TF_VAR_jenkins_principal_arns", &json!([JENKINS]).to_string())
            .with("TF_VAR_app_id", APP_ID)
            .with("TF_VAR_chargeback_id", COST_CENTER)
            .with("TF_VAR_app", &json!({"app_id": APP_ID, "chargeback_id": COST_CENTER}).to_string());
        for (variable, seed) in
            [("vpc_name", "vpc_name"), ("private_domain", "domain"), ("artifacts_bucket", "source_bucket")]
        {
            let value = seeded[seed].as_str().expect("a name");
            environment = environment.with(&format!("TF_VAR_{variable}"), value);
        }
        for (name, value) in variables(&seeded) {
            environment = environment.with(&format!("TF_VAR_{name}"), &value.to_string());
        }
        let configuration = copy.configuration(&format!("examples/{name}"), environment);
        for (file, own, other) in edits {
            configuration.edit(file, own, other);
        }
        configuration.init();
        let before = inventories(&moto);
        let example = Example { moto, configuration, before, name, started, copy, _package: package };
        let applied = example.configuration.apply(&[]);
        example.say("applied", applied.elapsed);
        Some(example)
    }

    /// An example that somebody else applies, in an account that has nothing; `None` (reported) where this machine lacks
    /// something.
    pub(crate) fn in_empty_account(name: &'static str) -> Option<Example> {
        let copy = Copy::new()?;
        let moto = Moto::start()?;
        let package = Scratch::new();
        let zip = package.write("bootstrap.zip", EMPTY_ZIP).display().to_string();
        let environment = Environment::of_aws(&moto.url(), REGION, &outsider()).with("TF_VAR_function_package", &zip);
        let configuration = copy.configuration(&format!("examples/{name}"), environment);
        let before = inventories(&moto);
        let started = Instant::now();
        Some(Example { moto, configuration, before, name, started, copy, _package: package })
    }

    /// What a shell needs to apply it.
    pub(crate) fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The copy of `infra/` that it is in.
    pub(crate) fn copy(&self) -> &Copy {
        &self.copy
    }

    /// Another example in the same account, with a state of its own.
    pub(crate) fn beside(&self, name: &str, variables: &[(&str, &str)]) -> Neighbour {
        let copy = Copy::new().expect("the first example had Terraform");
        let mut environment = self.configuration.environment().clone();
        for (variable, value) in variables {
            environment = environment.with(&format!("TF_VAR_{variable}"), value);
        }
        let configuration = copy.configuration(&format!("examples/{name}"), environment);
        configuration.init();
        Neighbour { configuration, _copy: copy }
    }

    /// Applies it with its own text again.
    pub(crate) fn restore(&self, (file, own, other): Edit) {
        self.configuration.edit(file, other, own);
        self.say("applied again", self.configuration.apply(&[]).elapsed);
    }

    /// The outputs, by name.
    pub(crate) fn outputs(&self) -> Value {
        self.configuration.outputs()
    }

    /// Another plan has nothing to do.
    pub(crate) fn is_settled(&self, when: &str) {
        let started = Instant::now();
        if let Some(plan) = self.configuration.plan(&[]) {
            panic!("{}, {when}: the plan is not empty:\n{plan}", self.name);
        }
        self.say(&format!("plan {when} is empty"), started.elapsed());
    }

    /// The variables and keys of somebody in that account.
    pub(crate) fn environment(&self, account: &str) -> Environment {
        Environment::of_aws(&self.moto.url(), REGION, &self.moto.session(account))
    }

    /// What that account has now.
    pub(crate) fn inventory(&self, account: &str) -> Value {
        aws::inventory(&self.environment(account))
    }

    /// Destroys it, after which nothing is left of it anywhere.
    pub(crate) fn destroy(self) {
        let during = inventories(&self.moto);
        assert_ne!(during, self.before, "the inventory sees what the example made");
        let destroyed = self.configuration.destroy(&[]);
        self.is_gone();
        self.say("destroyed", destroyed.elapsed);
    }

    /// Nothing is left of it anywhere.
    pub(crate) fn is_gone(&self) {
        assert_eq!(self.configuration.resources(), Vec::<Value>::new(), "the state is empty");
        assert_eq!(inventories(&self.moto), self.before, "{}: the accounts are as they were", self.name);
    }

    fn say(&self, what: &str, took: Duration) {
        let (took, so_far) = (took.as_secs(), self.started.elapsed().as_secs());
        println!("{}: {what} in {took} s ({so_far} s so far)", self.name);
    }
}

fn inventories(moto: &Moto) -> [Value; 2] {
    let own = Environment::of_aws(&moto.url(), REGION, &outsider());
    let workload = Environment::of_aws(&moto.url(), REGION, &moto.session(WORKLOAD));
    [aws::inventory(&own), aws::inventory(&workload)]
}

/// An archive without entries: its end record alone.
const EMPTY_ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
