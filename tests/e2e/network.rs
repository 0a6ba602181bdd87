//! Company networks: proxies, a private CA, FIPS and dual-stack endpoints, other partitions. The real programs connect
//! through a [`Gateway`], which records the host of each call and needs no network.

mod certificates;
mod credentials;
mod debug;
mod endpoints;
mod proxies;
mod settings;

use std::path::PathBuf;

use e2e::{
    certificates::Certificates,
    environment::Environment,
    fake_aws::{Credentials, FakeAws},
    gateway::{Gateway, Rule},
    programs::{Output, Run},
    samples,
    scratch::Scratch,
};

const ACCOUNT: &str = "111111111111";
const REGION: &str = "eu-west-1";

/// An account with the task definition `app`, behind a gateway.
struct Office {
    aws: FakeAws,
    keys: Credentials,
    gateway: Gateway,
    certificates: &'static Certificates,
    scratch: Scratch,
}

impl Office {
    /// `None` (reported) without Python, which makes the certificates.
    fn with(rule: Rule) -> Option<Office> {
        Office::in_region(REGION, rule)
    }

    fn in_region(region: &str, rule: Rule) -> Option<Office> {
        let certificates = Certificates::shared()?;
        let aws = FakeAws::start();
        aws.add_task_definition(&samples::task_definition(ACCOUNT, region, "app", 7, "x").to_string());
        let keys = aws.session(ACCOUNT, "deployer", &["*"]);
        let gateway = Gateway::start(&aws, certificates, rule);
        Some(Office { aws, keys, gateway, certificates, scratch: Scratch::new() })
    }

    /// The PEM file of the CA that has signed the gateway's certificate.
    fn authority(&self) -> String {
        self.file("authority.pem", &self.certificates.authority)
    }

    fn file(&self, name: &str, text: &str) -> String {
        self.path(name, text).display().to_string()
    }

    fn path(&self, name: &str, text: &str) -> PathBuf {
        self.scratch.write(name, text)
    }

    /// Keys and region; no endpoint, proxy or CA yet.
    fn plain(&self) -> Environment {
        Environment::of_aws("", REGION, &self.keys).without("AWS_ENDPOINT_URL").without("SSL_CERT_FILE")
    }

    /// Out through the gateway, whose CA is trusted.
    fn proxied(&self) -> Environment {
        let proxy = format!("http://{}", self.gateway.name());
        self.plain().with("HTTPS_PROXY", &proxy).with("AWS_CA_BUNDLE", &self.authority())
    }
}

/// Describes the task definition `app`.
fn generate(environment: &Environment) -> Output {
    let args = ["generate", "--artifact", "-", "--task-definition", "app"];
    Run::new(args).environment(environment.clone()).stdout_is_artifact().run()
}

/// Exit code and standard error, for a snapshot; what differs between two runs is given a name.
fn seen(output: &Output, names: &[(&str, &str)]) -> String {
    let said = names.iter().fold(output.stderr.clone(), |said, (value, name)| said.replace(value, name));
    format!("exit {}\n{said}", output.code)
}
