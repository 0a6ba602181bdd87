//! The AWS that all peers meet: one fake behind TLS, with an address for each service, so that each needs a connection of
//! its own as in reality.

use std::{net::SocketAddr, time::Duration};

use e2e::{
    certificates::Certificates,
    environment::Environment,
    fake_aws::{Credentials, FakeAws, codedeploy::Group, codepipeline::JobState, s3::Bucket},
    gateway::{Gateway, Rule},
    job_event::JobEvent,
    samples,
    scratch::Scratch,
};
use serde_json::{Value, json};

use crate::link;

pub(crate) const ACCOUNT: &str = "111111111111";
pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const BUCKET: &str = "artifacts";
const OUTPUT: &str = "pipe/Files/abcdefg.zip";
/// The services, each at an address of its own: a session of TLS is resumed at the host where it began, and those of AWS are
/// different hosts.
const SERVICES: [(&str, [u8; 4]); 5] = [
    ("ECS", [0, 0, 0, 0]),
    ("S3", [127, 0, 0, 1]),
    ("CODEPIPELINE", [127, 0, 0, 1]),
    ("CODEDEPLOY", [127, 0, 0, 1]),
    ("STS", [127, 0, 0, 1]),
];

pub(crate) struct Stage {
    pub(crate) aws: FakeAws,
    pub(crate) scratch: Scratch,
    keys: Credentials,
    gateways: Vec<Gateway>,
    authority: &'static str,
}

impl Stage {
    /// `None` (said loudly) without Python, which makes the certificates.
    pub(crate) fn new() -> Option<Stage> {
        let certificates = Certificates::shared()?;
        let aws = FakeAws::start();
        aws.add_bucket(Bucket::new(BUCKET, ACCOUNT, REGION).requiring_kms());
        aws.add_task_definition(&definition("app", 1, 0).to_string());
        let arn = format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/app:7");
        aws.add_service(ACCOUNT, REGION, "main", &samples::service(ACCOUNT, REGION, "main", "web", &arn));
        aws.add_group(ACCOUNT, REGION, Group::ecs("shop", "web", "main", "web"));
        let keys = aws.session(ACCOUNT, "bench", &["*"]);
        let gateways = SERVICES.iter().map(|_| Gateway::start(&aws, certificates, Rule::Open)).collect();
        let scratch = Scratch::new();
        Some(Stage { aws, scratch, keys, gateways, authority: &certificates.authority })
    }

    /// What Lambda sets, and an endpoint for each service, that far away.
    pub(crate) fn environment(&self, round_trip: Duration) -> Environment {
        let plain = Environment::of_lambda("", REGION, &self.keys).without("AWS_ENDPOINT_URL");
        let authority = self.scratch.write("authority.pem", self.authority).display().to_string();
        let trusted = plain.with("AWS_CA_BUNDLE", &authority).with("NODE_EXTRA_CA_CERTS", &authority);
        SERVICES.iter().zip(&self.gateways).fold(trusted, |environment, ((service, host), gateway)| {
            let near = SocketAddr::from(([127, 0, 0, 1], gateway.port()));
            let near = if round_trip.is_zero() { near } else { link::start(near, round_trip) };
            let address = SocketAddr::from((*host, near.port()));
            environment.with(&format!("AWS_ENDPOINT_URL_{service}"), &format!("https://{address}"))
        })
    }

    /// The address of a server behind TLS, and the certificate of its authority.
    pub(crate) fn server(&self) -> (SocketAddr, &str) {
        let port = self.gateways.first().map_or(0, Gateway::port);
        (SocketAddr::from(([127, 0, 0, 1], port)), self.authority)
    }

    /// A new job with these UserParameters.
    pub(crate) fn event(&self, user_parameters: &Value) -> JobEvent {
        let event = JobEvent::new(ACCOUNT, &self.keys).output("Files", BUCKET, OUTPUT);
        self.aws.add_job(ACCOUNT, event.id());
        event.user_parameters(user_parameters)
    }

    /// The job that all peers can do.
    pub(crate) fn usual(&self) -> JobEvent {
        self.event(&json!({"task_definition": "app"}))
    }

    /// A job that has failed is not measured.
    pub(crate) fn assert_succeeded(&self, event: &JobEvent, who: &str) {
        let job = self.aws.job(event.id());
        assert_eq!(job.state, JobState::Succeeded, "{who}: {:?}", job.results);
        assert!(self.aws.object(BUCKET, OUTPUT).is_some_and(|object| object.bytes.len() > 500), "{who}: no artifact");
    }
}

/// A described task definition of that many containers, with so many more bytes in their environment.
pub(crate) fn definition(family: &str, containers: usize, bytes: usize) -> Value {
    let mut described = samples::task_definition(ACCOUNT, REGION, family, 7, &"x".repeat(16 + bytes / containers));
    let first = described["taskDefinition"]["containerDefinitions"][0].clone();
    let more = (1..containers).map(|number| {
        let mut container = first.clone();
        container["name"] = format!("side-{number}").into();
        container["portMappings"] = json!([]);
        container
    });
    let all: Vec<Value> = std::iter::once(first.clone()).chain(more).collect();
    described["taskDefinition"]["containerDefinitions"] = all.into();
    described
}
