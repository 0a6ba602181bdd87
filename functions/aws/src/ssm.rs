//! Calls to AWS Systems Manager. The value of a parameter is never read.

use serde_json::json;

use crate::answer::refused;
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, Protocol, Service, list, pages, text};

pub(crate) const SSM: Service =
    Service { id: "SSM", signing: "ssm", host: "ssm", protocol: Protocol::Json("AmazonSSM") };

/// Which parameters of these names exist: `DescribeParameters`, which returns no values.
pub async fn parameters(aws: &Aws, names: &[String]) -> Result<Vec<String>, AwsError> {
    let mut found = Vec::new();
    // A filter takes at most 50 values, and so many a page has.
    for names in names.chunks(50) {
        let call = aws.call("ssm:DescribeParameters", names.join(", "))?;
        let arguments = |token: Option<&str>| {
            let filter = json!({ "Key": "Name", "Option": "Equals", "Values": names });
            let mut arguments = json!({ "ParameterFilters": [filter], "MaxResults": 50 });
            if let (Some(members), Some(token)) = (arguments.as_object_mut(), token) {
                members.insert("NextToken".to_owned(), token.into());
            }
            Arguments::Json(arguments)
        };
        pages(aws, &SSM, &call, arguments, "/NextToken", refused, |page| {
            found.extend(list(page, "/Parameters").filter_map(|it| text(it, "/Name").map(str::to_owned)));
            true
        })
        .await?;
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};

    #[tokio::test]
    async fn an_empty_page_is_not_the_end() {
        let pages = [r#"{"Parameters":[],"NextToken":"t"}"#, r#"{"Parameters":[{"Name":"/b"}]}"#];
        let fake = FakeAws::start(pages.map(|page| Answer::json(200, page)).into());
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let names = ["/a", "/b"].map(str::to_owned);
        assert_eq!(parameters(&aws, &names).await.unwrap(), ["/b"]);
        let asked: Vec<_> = fake.requests().iter().map(|request| request.body_json()["NextToken"].clone()).collect();
        assert_eq!(asked, [serde_json::Value::Null, json!("t")]);
    }
}
