//! `--notify`: a topic and a webhook are told the beginning, the failure and the end, and change nothing by it.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    sync::{Arc, Mutex},
};

use super::*;

const TOPIC: &str = "arn:aws:sns:eu-west-1:111111111111:deployments";
const SECRET: &str = "T0PL4NT3D";

/// A service such as Slack: keeps what is posted to it, and answers with that status.
struct Webhook {
    url: String,
    posted: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Webhook {
    fn answering(status: u16) -> Webhook {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}/services/{SECRET}?token={SECRET}", listener.local_addr().unwrap());
        let posted = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&posted);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = BufReader::new(stream.unwrap());
                let mut lines = Vec::new();
                loop {
                    let mut line = String::new();
                    stream.read_line(&mut line).unwrap();
                    match line.trim_end() {
                        "" => break,
                        line => lines.push(line.to_lowercase()),
                    }
                }
                let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")).unwrap_or("0");
                let mut body = vec![0; length.parse().unwrap()];
                stream.read_exact(&mut body).unwrap();
                kept.lock().unwrap().push((lines.join("\n"), serde_json::from_slice(&body).unwrap()));
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
                stream.get_mut().write_all(answer.as_bytes()).unwrap();
            }
        });
        Webhook { url, posted }
    }

    fn texts(&self) -> Vec<String> {
        let posted = self.posted.lock().unwrap();
        posted.iter().map(|(_, body)| body["text"].as_str().expect("a text").to_owned()).collect()
    }
}

fn deployed(stage: &Stage, webhook: &Webhook, more: &[&str]) -> Output {
    let environment = stage.environment().with("CODEDEPLOY_ARTIFACT_WEBHOOK_URL", &webhook.url);
    let both = ["--notify", TOPIC, "--notify", "webhook"];
    let output = Run::new(stage.deploy_args(&[&both[..], more].concat())).environment(environment).run();
    assert!(!output.stderr.contains(SECRET) && !output.text().contains(SECRET), "{}", output.stderr);
    output
}

#[test]
fn a_success_is_told_at_its_beginning_and_its_end() {
    let (stage, webhook) = (Stage::new(group()), Webhook::answering(200));
    stage.aws.add_topic(TOPIC);
    let output = deployed(&stage, &webhook, &["--debug"]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    let id = stage.aws.deployments()[0]["deploymentId"].as_str().unwrap().to_owned();
    let published = stage.aws.published(TOPIC);
    let subjects: Vec<&str> = published.iter().map(|(subject, _)| subject.as_str()).collect();
    let subject = |state: &str| format!("shop/web: deployment {id} {state}");
    assert_eq!(subjects, [subject("in progress"), subject("succeeded")]);
    let url =
        format!("https://eu-west-1.console.aws.amazon.com/codesuite/codedeploy/deployments/{id}?region=eu-west-1");
    let begun = format!("deployment {id} is in progress\ndeployment group: shop/web\n{url}");
    assert_eq!(published[0].1, begun);
    assert_eq!(webhook.texts(), published.into_iter().map(|(_, text)| text).collect::<Vec<_>>());
    let (head, _) = &webhook.posted.lock().unwrap()[0];
    assert!(head.contains("content-type: application/json"), "{head}");
    assert!(!head.contains("authorization") && !head.contains("x-amz") && !head.contains("aws-sdk"), "{head}");
    botocore::check(&stage.aws.all_calls());
}

/// The cause is told before the rollback has ended, which may take hours.
#[test]
fn a_failure_is_told_with_its_cause_before_its_rollback_ends() {
    let stage = Stage::playing(group().alarms(&["errors<5xx> & more"]), Scenario::AlarmAt(20));
    let webhook = Webhook::answering(200);
    stage.aws.add_topic(TOPIC);
    let output = deployed(&stage, &webhook, &[]);
    assert_eq!(output.code, 10, "{}", output.stderr);
    let told = stage.aws.published(TOPIC);
    let [begun, failed, ended] = &told[..] else { panic!("{told:?}") };
    assert!(begun.0.ends_with("in progress"), "{begun:?}");
    assert!(failed.0.ends_with(" failed") && failed.1.contains("probable cause: alarm"), "{failed:?}");
    assert!(failed.1.contains("errors<5xx> & more") && failed.1.contains("\nnext: "), "{failed:?}");
    assert!(ended.0.ends_with("failed and rolled back"), "{ended:?}");
    assert!(ended.1.contains("now serving: the previous version"), "{ended:?}");
    let published = stage.aws.calls("sns:Publish")[1].at;
    let last = stage.aws.calls("codedeploy:GetDeployment").into_iter().next_back().unwrap();
    assert!(last.at > published, "the rollback was followed after the failure had been told");
    assert!(webhook.texts()[1].contains("errors&lt;5xx&gt; &amp; more"), "{:?}", webhook.texts());
}

#[test]
fn what_cannot_be_told_is_a_note_and_nothing_else() {
    let stage = Stage::new(group());
    let webhook = Webhook::answering(404);
    let output = deployed(&stage, &webhook, &[]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert_eq!(output.stderr.matches("note: the notification was not sent: ").count(), 4, "{}", output.stderr);
    assert!(
        output.stderr.contains("the webhook in CODEDEPLOY_ARTIFACT_WEBHOOK_URL: it answered 404"),
        "{}",
        output.stderr
    );
    assert!(output.stderr.contains("Topic does not exist"), "{}", output.stderr);

    let mut denied = Stage::new(group());
    denied.aws.add_topic(TOPIC);
    denied.keys = denied.aws.session(ACCOUNT, "deployer", &["codedeploy:*", "ecs:*", "elasticloadbalancing:*"]);
    let gone = Webhook { url: format!("http://127.0.0.1:1/{SECRET}"), posted: Arc::default() };
    let output = deployed(&denied, &gone, &[]);
    assert_eq!(output.code, 0, "{}", output.stderr);
    assert!(output.stderr.contains("no identity-based policy allows the SNS:Publish action"), "{}", output.stderr);
    assert!(output.stderr.contains("it could not be reached"), "{}", output.stderr);
}

#[test]
fn a_wrong_channel_is_refused_before_anything_is_asked() {
    let stage = Stage::new(group());
    for (channel, url, code) in [
        ("deployments", "", "NTF01"),
        ("arn:aws:sqs:eu-west-1:111111111111:queue", "", "NTF01"),
        ("webhook", "", "NTF02"),
        ("webhook", "ftp://host/T0PL4NT3D", "NTF02"),
        ("webhook", "https://", "NTF02"),
        ("webhook", "https://host/T0PL4NT3D\nx", "NTF02"),
    ] {
        let environment = stage.environment().with("CODEDEPLOY_ARTIFACT_WEBHOOK_URL", url);
        let output = Run::new(stage.deploy_args(&["--notify", channel])).environment(environment).run();
        assert_eq!(output.code, 2, "{channel} {url:?}: {}", output.stderr);
        assert!(
            output.stderr.contains(code) && !output.stderr.contains(SECRET),
            "{channel} {url:?}: {}",
            output.stderr
        );
    }
    assert!(stage.aws.all_calls().is_empty());
}
