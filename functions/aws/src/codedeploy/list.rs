//! The deployments of a group, by their IDs.

use aws_smithy_types::DateTime;
use codedeploy_core::deployment::DeploymentStatus;
use serde_json::{Map, Value, json};

use super::shared::{CODEDEPLOY, cause, with_token};
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{list, pages};

/// Which deployments to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeploymentFilter<'a> {
    /// CodeDeploy application.
    pub application: &'a str,
    /// Deployment group.
    pub group: &'a str,
    /// Only deployments in one of these states; all if empty.
    pub statuses: &'a [DeploymentStatus],
    /// Only deployments created at or after this time, in milliseconds since 1970.
    pub created_after_ms: Option<u64>,
    /// The most deployments to return. CodeDeploy returns about a hundred per call.
    pub limit: usize,
}

/// Returns the IDs of the deployments of a group in CodeDeploy's order, which the API reference does not define. Asks
/// for page after page until [`DeploymentFilter::limit`].
/// <https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ListDeployments.html>
pub async fn list_deployments(aws: &Aws, filter: &DeploymentFilter<'_>) -> Result<Vec<String>, AwsError> {
    let call = aws.call("codedeploy:ListDeployments", format!("{}/{}", filter.application, filter.group))?;
    let mut ids = Vec::new();
    pages(
        aws,
        &CODEDEPLOY,
        &call,
        |token| with_token(filter.arguments(), token),
        "/nextToken",
        cause,
        |page| {
            ids.extend(list(page, "/deployments").filter_map(Value::as_str).map(str::to_owned));
            ids.len() < filter.limit
        },
    )
    .await?;
    ids.truncate(filter.limit);
    Ok(ids)
}

impl DeploymentFilter<'_> {
    fn arguments(&self) -> Value {
        let mut arguments = Map::new();
        arguments.insert("applicationName".to_owned(), self.application.into());
        arguments.insert("deploymentGroupName".to_owned(), self.group.into());
        if !self.statuses.is_empty() {
            let statuses = self.statuses.iter().map(DeploymentStatus::name).collect();
            arguments.insert("includeOnlyStatuses".to_owned(), statuses);
        }
        if let Some(millis) = self.created_after_ms.and_then(|millis| i64::try_from(millis).ok()) {
            let start = DateTime::from_millis(millis).as_secs_f64();
            arguments.insert("createTimeRange".to_owned(), json!({ "start": start }));
        }
        Value::Object(arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};
    use codedeploy_core::fault::Fault;
    use expect_test::expect;

    async fn start(answers: Vec<Answer>) -> (Aws, FakeAws) {
        let fake = FakeAws::start(answers);
        (aws_at(&fake.url, Timeouts::default()).await, fake)
    }

    #[tokio::test]
    async fn pages_are_asked_for_until_the_limit() {
        let first = r#"{"deployments":["d-3","d-2"],"nextToken":"t"}"#;
        let second = r#"{"deployments":["d-1","d-0"],"nextToken":"u"}"#;
        let (aws, fake) = start(vec![Answer::json(200, first), Answer::json(200, second)]).await;
        let filter = DeploymentFilter {
            application: "app",
            group: "dg",
            statuses: &[DeploymentStatus::InProgress, DeploymentStatus::Other("New".to_owned())],
            created_after_ms: Some(1_700_000_000_500),
            limit: 3,
        };
        assert_eq!(list_deployments(&aws, &filter).await.unwrap(), ["d-3", "d-2", "d-1"]);
        let bodies: Vec<_> = fake.requests().iter().map(crate::fake_aws::Request::body_json).collect();
        let expect = json!({"applicationName": "app", "deploymentGroupName": "dg",
            "includeOnlyStatuses": ["InProgress", "New"], "createTimeRange": {"start": 1_700_000_000.5}});
        assert_eq!(bodies[0], expect);
        assert_eq!(bodies[1]["nextToken"], json!("t"));
        assert_eq!(bodies.len(), 2);
    }

    #[tokio::test]
    async fn nothing_more_is_said_than_asked_for() {
        let missing = r#"{"__type":"DeploymentGroupDoesNotExistException","message":"No Deployment Group found"}"#;
        let (aws, fake) = start(vec![Answer::json(200, "{}"), Answer::json(400, missing)]).await;
        let filter =
            DeploymentFilter { application: "app", group: "dg", statuses: &[], created_after_ms: None, limit: 9 };
        assert_eq!(list_deployments(&aws, &filter).await.unwrap(), Vec::<String>::new());
        assert_eq!(fake.requests()[0].body_json(), json!({"applicationName": "app", "deploymentGroupName": "dg"}));
        let error = list_deployments(&aws, &filter).await.unwrap_err();
        expect![[r#"
            DEP07: deployment group "app/dg" not found in eu-west-1
            hint: check the name of the group and of its application"#]]
        .assert_eq(&Fault::from(error).report());
    }

    #[tokio::test]
    async fn a_token_that_comes_again_ends_the_list() {
        let page = r#"{"deployments":["d-1"],"nextToken":"t"}"#;
        let (aws, fake) = start((0..9).map(|_| Answer::json(200, page)).collect()).await;
        let filter =
            DeploymentFilter { application: "app", group: "dg", statuses: &[], created_after_ms: None, limit: 9 };
        assert_eq!(Fault::from(list_deployments(&aws, &filter).await.unwrap_err()).code(), "AWS10");
        assert_eq!(fake.requests().len(), 2);
    }
}
