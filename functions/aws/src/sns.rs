//! Calls to Amazon SNS.

use codedeploy_core::deployment::report::Notice;
use codedeploy_core::names::region_of;

use crate::answer::refused;
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, Protocol, Service, send};

pub(crate) const SNS: Service =
    Service { id: "SNS", signing: "sns", host: "sns", protocol: Protocol::Query("2010-03-31") };

/// Sends a notice to a topic, in the Region of its ARN: `Publish`. A topic with a key of AWS KMS also needs
/// `kms:GenerateDataKey` and `kms:Decrypt`.
pub async fn publish(aws: &Aws, topic: &str, notice: &Notice) -> Result<(), AwsError> {
    let aws = aws.with_region(region_of(topic).unwrap_or_default())?;
    let call = aws.call("sns:Publish", topic)?;
    let fields = [("TopicArn", topic), ("Subject", &notice.subject), ("Message", &notice.text)];
    let form = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    send(&aws, &SNS, &call, Arguments::Form(form), refused).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::fault::Fault;
    use expect_test::expect;

    const TOPIC: &str = "arn:aws:sns:eu-central-1:111111111111:deployments";

    async fn published(answer: Answer) -> (Result<(), AwsError>, FakeAws) {
        let fake = FakeAws::start(vec![answer]);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let notice = Notice { subject: "shop/web: failed".to_owned(), text: "one\ntwo & three".to_owned() };
        (publish(&aws, TOPIC, &notice).await, fake)
    }

    #[tokio::test]
    async fn a_notice_goes_to_the_region_of_the_topic() {
        let body = "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>m\
                    </MessageId></PublishResult></PublishResponse>";
        let (answer, fake) = published(Answer::text(200, body)).await;
        answer.unwrap();
        let request = &fake.requests()[0];
        assert!(request.header("authorization").unwrap().contains("/eu-central-1/sns/aws4_request"), "{request:?}");
        expect!["Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aeu-central-1%3A111111111111%3Adeployments&Subject=shop%2Fweb%3A%20failed&Message=one%0Atwo%20%26%20three"].assert_eq(&String::from_utf8_lossy(&request.body));
    }

    #[tokio::test]
    async fn a_denied_notice_names_action_and_topic() {
        let body = "<ErrorResponse><Error><Code>AuthorizationError</Code><Message>User is not authorized to perform: \
                    SNS:Publish</Message></Error></ErrorResponse>";
        let (answer, _) = published(Answer::text(403, body)).await;
        expect![[r#"
            AWS01: sns:Publish on arn:aws:sns:eu-central-1:111111111111:deployments in eu-central-1: access denied: User is not authorized to perform: SNS:Publish
            hint: allow SNS:Publish"#]].assert_eq(&Fault::from(answer.unwrap_err()).report());
    }
}
