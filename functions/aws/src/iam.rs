//! Calls to AWS Identity and Access Management.

use std::borrow::Cow;

use codedeploy_core::account::facts::{Decision, Role};
use serde_json::Value;

use crate::answer::refused;
use crate::config::Aws;
use crate::error::AwsError;
use crate::lean::{Arguments, Protocol, Service, find, list, members, send, text};

pub(crate) const IAM: Service =
    Service { id: "IAM", signing: "iam", host: "iam", protocol: Protocol::Query("2010-05-08") };

/// `GetRole` by name; `None` if there is no such role in the account.
pub async fn role(aws: &Aws, name: &str) -> Result<Option<Role>, AwsError> {
    let call = aws.call("iam:GetRole", name)?;
    let arguments = Arguments::Form(vec![("RoleName".to_owned(), name.to_owned())]);
    let Some(found) = find(aws, &IAM, &call, arguments, &["NoSuchEntity"]).await? else { return Ok(None) };
    let role = call.part(found.pointer("/GetRoleResult/Role"))?;
    let arn = text(role, "/Arn").unwrap_or_default().to_owned();
    Ok(Some(Role { arn, trusts: trusts(text(role, "/AssumeRolePolicyDocument").unwrap_or_default()) }))
}

/// Whether the role with that ARN may do `action` on each of the resources, in their order: `SimulatePrincipalPolicy`.
/// `context` is a condition key with its value.
pub async fn simulate(
    aws: &Aws,
    role: &str,
    action: &str,
    resources: &[String],
    context: Option<(&str, &str)>,
) -> Result<Vec<(String, Decision)>, AwsError> {
    let call = aws.call("iam:SimulatePrincipalPolicy", role)?;
    let mut form = vec![("PolicySourceArn", role.to_owned()), ("ActionNames.member.1", action.to_owned())];
    if let Some((key, value)) = context {
        form.push(("ContextEntries.member.1.ContextKeyName", key.to_owned()));
        form.push(("ContextEntries.member.1.ContextKeyValues.member.1", value.to_owned()));
        form.push(("ContextEntries.member.1.ContextKeyType", "string".to_owned()));
    }
    let mut form: Vec<(String, String)> = form.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    form.extend(members("ResourceArns", resources.iter().map(String::as_str)));
    let answer = send(aws, &IAM, &call, Arguments::Form(form), refused).await?;
    let result = |result: &Value| Some((text(result, "/EvalResourceName")?.to_owned(), decision(result)?));
    Ok(list(&answer, "/SimulatePrincipalPolicyResult/EvaluationResults").filter_map(result).collect())
}

/// A denial that depends on condition keys unknown to the simulation does not count.
fn decision(result: &Value) -> Option<Decision> {
    let missing: Vec<String> =
        list(result, "/MissingContextValues").filter_map(Value::as_str).map(str::to_owned).collect();
    Some(match text(result, "/EvalDecision")? {
        "allowed" => Decision::Allowed,
        _ if !missing.is_empty() => Decision::Depends(missing),
        "explicitDeny" => Decision::Denied { explicitly: true },
        _ => Decision::Denied { explicitly: false },
    })
}

/// The services that a trust policy allows to assume the role, `*` for everybody. IAM percent-encodes the policy.
fn trusts(document: &str) -> Vec<String> {
    let policy: Value = serde_json::from_str(&decoded(document)).unwrap_or_default();
    let mut trusts = Vec::new();
    for statement in items(policy.get("Statement")) {
        if text(statement, "/Effect") != Some("Allow") {
            continue;
        }
        let principal = statement.get("Principal");
        if principal.and_then(Value::as_str) == Some("*") {
            trusts.push("*".to_owned());
        }
        let services = items(principal.and_then(|it| it.get("Service")));
        trusts.extend(services.into_iter().filter_map(Value::as_str).map(str::to_owned));
    }
    trusts
}

/// Policies write one value without a list.
fn items(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let Some((byte, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok());
        if let Some(decoded) = code.filter(|_| *byte == b'%') {
            bytes.push(decoded);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(*byte);
            rest = tail;
        }
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Timeouts;
    use crate::config::tests::aws_at;
    use crate::fake_aws::{Answer, FakeAws};

    #[test]
    fn a_trust_policy_is_read_in_all_its_forms() {
        let one = r#"{"Statement":{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;
        assert_eq!(trusts(one), ["ecs-tasks.amazonaws.com"]);
        let encoded = "%7B%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%5B%22a.x%22%2C%22b.x%22%5D%7D%7D%2C%7B%22Effect%22%3A%22Deny%22%2C%22Principal%22%3A%7B%22Service%22%3A%22c.x%22%7D%7D%2C%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%22%2A%22%7D%5D%7D";
        assert_eq!(trusts(encoded), ["a.x", "b.x", "*"]);
        assert_eq!(trusts("%7B%2"), [""; 0]);
    }

    #[tokio::test]
    async fn a_simulation_is_asked_with_its_context() {
        let member = |name: &str, decision: &str, missing: &str| {
            format!(
                "<member><EvalActionName>iam:PassRole</EvalActionName><EvalResourceName>{name}</EvalResourceName>\
                 <EvalDecision>{decision}</EvalDecision><MatchedStatements><member><SourcePolicyId>p</SourcePolicyId></member>\
                 </MatchedStatements>{missing}</member>"
            )
        };
        let results = [
            member("a", "allowed", "<MissingContextValues/>"),
            member("b", "implicitDeny", ""),
            member("c", "explicitDeny", "<MissingContextValues/>"),
            member("d", "implicitDeny", "<MissingContextValues><member>aws:SourceVpc</member></MissingContextValues>"),
        ];
        let body = format!(
            "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults>{}</EvaluationResults>\
             </SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>",
            results.concat()
        );
        let fake = FakeAws::start(vec![Answer::text(200, &body)]);
        let aws = aws_at(&fake.url, Timeouts::default()).await;
        let resources = ["a", "b"].map(str::to_owned);
        let context = Some(("iam:PassedToService", "ecs-tasks.amazonaws.com"));
        let found = simulate(&aws, "arn:aws:iam::1:role/r", "iam:PassRole", &resources, context).await.unwrap();
        let decisions: Vec<Decision> = found.into_iter().map(|(_, decision)| decision).collect();
        let expect = [
            Decision::Allowed,
            Decision::Denied { explicitly: false },
            Decision::Denied { explicitly: true },
            Decision::Depends(vec!["aws:SourceVpc".to_owned()]),
        ];
        assert_eq!(decisions, expect);
        let asked = String::from_utf8(fake.requests()[0].body.clone()).unwrap();
        assert_eq!(
            asked,
            "Action=SimulatePrincipalPolicy&Version=2010-05-08&PolicySourceArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr&\
             ActionNames.member.1=iam%3APassRole&ContextEntries.member.1.ContextKeyName=iam%3APassedToService&\
             ContextEntries.member.1.ContextKeyValues.member.1=ecs-tasks.amazonaws.com&\
             ContextEntries.member.1.ContextKeyType=string&ResourceArns.member.1=a&ResourceArns.member.2=b"
        );
    }
}
