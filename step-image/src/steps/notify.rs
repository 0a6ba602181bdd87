//! `--notify`: others are told when a deployment begins, why it failed, and how it ended. No error of a notification changes
//! what happens to the deployment.

#![expect(clippy::doc_markdown, reason = "the doc comments of flags are their help texts")]

use std::env;
use std::time::Duration;

use clap::Args;
use codedeploy_aws::config::{Aws, Timeouts};
use codedeploy_aws::secret::Secret;
use codedeploy_aws::{sns, webhook};
use codedeploy_core::deployment::Followed;
use codedeploy_core::deployment::report::{Console, Notice, notice};
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;
use codedeploy_core::names::Arn;
use serde_json::json;

use crate::terminal::print;
use crate::terminal::values::Refused;

faults! {
    /// The faults of the flag.
    pub(crate) const FORMS;

    /// Neither a topic nor the word for the webhook.
    fn unknown(value: &str) [value = shown(value)] => "NTF01" Configuration
        "--notify {value} is neither the ARN of an Amazon SNS topic nor `webhook`",
        "name a topic, such as arn:aws:sns:eu-west-1:111111111111:deployments, or write `--notify webhook`";
    /// The webhook has no usable URL.
    fn no_url() => "NTF02" Configuration
        "`--notify webhook` needs an HTTP or HTTPS URL in CODEDEPLOY_ARTIFACT_WEBHOOK_URL",
        "set the variable, for example from a secret of the build system";
}

/// The variable with the URL of the webhook, which often is a credential: flags are visible in the process list.
const URL: &str = "CODEDEPLOY_ARTIFACT_WEBHOOK_URL";

/// Who is told.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Notify {
    /// Tell an Amazon SNS topic, or the webhook in CODEDEPLOY_ARTIFACT_WEBHOOK_URL, when the deployment begins, why it failed and
    /// how it ended (repeatable)
    #[arg(long = "notify", value_name = "TOPIC_ARN|webhook", value_parser = |text: &str| Channel::of(text).map_err(Refused::from))]
    channels: Vec<Channel>,
}

#[derive(Debug, Clone)]
enum Channel {
    Topic(String),
    Webhook(Secret),
}

/// The time limit of one notification: meanwhile the deployment continues, and its wait does not.
const LONGEST: Timeouts = Timeouts { attempt: Duration::from_secs(4), operation: Duration::from_secs(10) };

impl Notify {
    /// Tells the state of a deployment.
    pub(crate) async fn tell(&self, read: &Aws, followed: &Followed) {
        let notice = notice(followed, &Console { region: read.region().map(str::to_owned) });
        let aws = read.with_timeouts(LONGEST);
        for channel in &self.channels {
            if let Err(why) = channel.send(&aws, &notice).await {
                print::message(&format!("note: the notification was not sent: {why}"));
            }
        }
    }
}

impl Channel {
    fn of(text: &str) -> Result<Channel, Fault> {
        if text == "webhook" {
            let url = env::var_os(URL).unwrap_or_default().to_string_lossy().into_owned();
            let scheme = ["https://", "http://"].into_iter().find_map(|scheme| url.strip_prefix(scheme));
            let usable = scheme.is_some_and(|rest| !rest.is_empty()) && url.bytes().all(|byte| byte.is_ascii_graphic());
            return if usable { Ok(Channel::Webhook(Secret::new(url))) } else { Err(no_url()) };
        }
        match Arn::parse(text) {
            Some(arn) if arn.service == "sns" && !arn.region.is_empty() => Ok(Channel::Topic(text.to_owned())),
            _ => Err(unknown(text)),
        }
    }

    async fn send(&self, aws: &Aws, notice: &Notice) -> Result<(), String> {
        match self {
            Channel::Topic(topic) => {
                sns::publish(aws, topic, notice).await.map_err(|error| Fault::from(error).to_string())
            }
            Channel::Webhook(url) => webhook::post(aws, url, &json!({ "text": in_slack(&notice.text) }))
                .await
                .map_err(|why| format!("the webhook in {URL}: {why}")),
        }
    }
}

/// Text in which Slack sees no markup: <https://docs.slack.dev/messaging/formatting-message-text>.
fn in_slack(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
