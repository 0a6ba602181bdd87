//! Lists the deployment groups of an account, to find the one that deploys a service: `CodeDeploy` has no call for
//! that.

use codedeploy_core::deployment::Group;
use serde_json::{Value, json};

use super::group;
use super::shared::{CODEDEPLOY, cause, with_token};
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, list, pages, send};

/// The most groups that one `BatchGetDeploymentGroups` takes.
const BATCH: usize = 100;

/// Names of the applications of the account, of every compute platform: at most `limit` of them.
pub async fn list_applications(aws: &Aws, limit: usize) -> Result<Vec<String>, AwsError> {
    let call = aws.call("codedeploy:ListApplications", "*")?;
    let mut names = Vec::new();
    pages(
        aws,
        &CODEDEPLOY,
        &call,
        |token| with_token(json!({}), token),
        "/nextToken",
        cause,
        |page| {
            names.extend(list(page, "/applications").filter_map(Value::as_str).map(str::to_owned));
            names.len() < limit
        },
    )
    .await?;
    names.truncate(limit);
    Ok(names)
}

/// Names of the deployment groups of an application.
pub async fn list_deployment_groups(aws: &Aws, application: &str) -> Result<Vec<String>, AwsError> {
    let call = aws.call("codedeploy:ListDeploymentGroups", application)?;
    let arguments = |token: Option<&str>| with_token(json!({ "applicationName": application }), token);
    let mut names = Vec::new();
    pages(aws, &CODEDEPLOY, &call, arguments, "/nextToken", cause, |page| {
        names.extend(list(page, "/deploymentGroups").filter_map(Value::as_str).map(str::to_owned));
        true
    })
    .await?;
    Ok(names)
}

/// `BatchGetDeploymentGroups`, in calls of 100. Groups of other compute platforms than ECS are left out.
pub async fn batch_get_deployment_groups(
    aws: &Aws,
    application: &str,
    names: &[String],
) -> Result<Vec<Group>, AwsError> {
    let mut groups = Vec::new();
    for names in names.chunks(BATCH) {
        let call = aws.call("codedeploy:BatchGetDeploymentGroups", application)?;
        let arguments = Arguments::Json(json!({ "applicationName": application, "deploymentGroupNames": names }));
        let answer = send(aws, &CODEDEPLOY, &call, arguments, cause).await?;
        groups.extend(list(&answer, "/deploymentGroupsInfo").map(|info| group::read(info, application, "")));
    }
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};

    async fn start(answers: Vec<Answer>) -> (Aws, FakeAws) {
        let fake = FakeAws::start(answers);
        (aws_at(&fake.url, Timeouts::default()).await, fake)
    }

    fn asked(fake: &FakeAws) -> Vec<serde_json::Value> {
        fake.requests().iter().map(crate::fake_aws::Request::body_json).collect()
    }

    #[tokio::test]
    async fn names_are_asked_for_page_by_page() {
        let pages = [r#"{"applications":["a","b"],"nextToken":"t"}"#, r#"{"applications":["c","d"],"nextToken":"u"}"#];
        let (aws, fake) = start(pages.map(|page| Answer::json(200, page)).into()).await;
        assert_eq!(list_applications(&aws, 3).await.unwrap(), ["a", "b", "c"]);
        assert_eq!(asked(&fake), [json!({}), json!({"nextToken": "t"})]);
        let pages = [r#"{"deploymentGroups":["g"],"nextToken":"t"}"#, r#"{"deploymentGroups":["h"]}"#];
        let (aws, fake) = start(pages.map(|page| Answer::json(200, page)).into()).await;
        assert_eq!(list_deployment_groups(&aws, "a").await.unwrap(), ["g", "h"]);
        let expect = [json!({"applicationName": "a"}), json!({"applicationName": "a", "nextToken": "t"})];
        assert_eq!(asked(&fake), expect);
    }

    #[tokio::test]
    async fn groups_are_described_in_parts() {
        let info = |name: &str| {
            format!(
                r#"{{"deploymentGroupsInfo":[{{"applicationName":"a","deploymentGroupName":"{name}","computePlatform":"ECS",
                "ecsServices":[{{"serviceName":"web","clusterName":"main"}}]}}]}}"#
            )
        };
        let (aws, fake) = start(vec![Answer::json(200, &info("g")), Answer::json(200, &info("h"))]).await;
        let names: Vec<String> = (0..101).map(|number| format!("g{number}")).collect();
        let found = batch_get_deployment_groups(&aws, "a", &names).await.unwrap();
        let found: Vec<_> = found.iter().map(|group| (&*group.name, &*group.ecs_services[0].service)).collect();
        assert_eq!(found, [("g", "web"), ("h", "web")]);
        let asked = asked(&fake);
        let counts: Vec<_> = asked.iter().map(|body| body["deploymentGroupNames"].as_array().unwrap().len()).collect();
        assert_eq!(counts, [100, 1]);
    }

    #[tokio::test]
    async fn a_denial_names_the_action() {
        let denied = r#"{"__type":"AccessDeniedException","message":"User: arn:aws:sts::111111111111:assumed-role/reader/s is not authorized to perform: codedeploy:ListApplications on resource: arn:aws:codedeploy:eu-west-1:111111111111:application:*"}"#;
        let (aws, _) = start(vec![Answer::json(400, denied)]).await;
        let error = list_applications(&aws, 9).await.unwrap_err();
        assert!(error.to_string().contains("codedeploy:ListApplications"), "{error}");
        assert!(matches!(error.why(), crate::error::Why::Denied { .. }), "{error:?}");
    }
}
