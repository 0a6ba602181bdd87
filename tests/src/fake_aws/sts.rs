//! STS (query protocol): roles, whom they trust, and the sessions that come of it.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::{Call, FakeAws, Principal, Refusal, State};
use crate::http::Answer;

/// A role: what it may do and who may take it.
#[derive(Debug, Clone)]
pub struct Role {
    arn: String,
    allow: Vec<String>,
    trusts: Option<String>,
    external_id: Option<String>,
}

impl Role {
    /// A role that may do what the patterns allow and can be taken by anyone.
    pub fn new(arn: &str, allow: &[&str]) -> Role {
        let allow = allow.iter().map(|pattern| (*pattern).to_owned()).collect();
        Role { arn: arn.to_owned(), allow, trusts: None, external_id: None }
    }

    /// The role can be taken from that account only.
    #[must_use]
    pub fn trusting(self, account: &str) -> Role {
        Role { trusts: Some(account.to_owned()), ..self }
    }

    /// The role can be taken with that external id only.
    #[must_use]
    pub fn with_external_id(self, external_id: &str) -> Role {
        Role { external_id: Some(external_id.to_owned()), ..self }
    }
}

#[derive(Debug, Default)]
pub(super) struct Sts {
    roles: HashMap<String, Role>,
}

impl FakeAws {
    /// Adds a role that `AssumeRole` can take.
    pub fn add_role(&self, role: Role) {
        self.state().sts.roles.insert(role.arn.clone(), role);
    }
}

impl State {
    pub(super) fn assume(&mut self, caller: &Principal, call: &Call) -> Result<Answer, Refusal> {
        let form = form(&call.request.text());
        let field = |name: &str| form.get(name).map(String::as_str);
        match call.operation.as_str() {
            "AssumeRole" => {}
            "GetCallerIdentity" => return Ok(identity(caller)),
            other => return Err(Refusal::new(400, "InvalidAction", format!("Could not find operation {other}"))),
        }
        let arn = field("RoleArn").unwrap_or_default();
        let session = field("RoleSessionName").unwrap_or_default();
        let seconds: i64 = field("DurationSeconds").unwrap_or("3600").parse().unwrap_or(0);
        validate(session, seconds, field("ExternalId"), caller)?;

        let role = self.sts.roles.get(arn).filter(|role| {
            let account_fits = role.trusts.as_ref().is_none_or(|account| *account == caller.account);
            let id_fits = role.external_id.is_none() || role.external_id.as_deref() == field("ExternalId");
            account_fits && id_fits && caller.may("sts:AssumeRole")
        });
        let Some(role) = role.cloned() else {
            let message =
                format!("User: {} is not authorized to perform: sts:AssumeRole on resource: {arn}", caller.arn);
            return Err(Refusal::new(403, "AccessDenied", message));
        };
        let mut allow = vec![role.allow];
        if let Some(policy) = field("Policy") {
            allow.push(allowed_by(policy)?);
        }
        let account = arn.split(':').nth(4).unwrap_or_default();
        let name = arn.rsplit('/').next().unwrap_or_default();
        let session_arn = format!("arn:aws:sts::{account}:assumed-role/{name}/{session}");
        let credentials = self.issue(account, session_arn.clone(), allow, true);
        let lifetime = std::time::Duration::from_secs(seconds.unsigned_abs());
        self.expire(&credentials.access_key_id, lifetime);
        // The client compares this with its own clock, which does not run faster with the fake's.
        let expiration = (OffsetDateTime::now_utc() + self.clock.really(lifetime)).replace_nanosecond(0);
        let expiration = expiration.ok().and_then(|at| at.format(&Rfc3339).ok()).unwrap_or_default();
        let result = format!(
            "<AssumeRoleResult><AssumedRoleUser><AssumedRoleId>AROAEXAMPLEEXAMPLE123:{session}</AssumedRoleId>\
             <Arn>{session_arn}</Arn></AssumedRoleUser><Credentials><AccessKeyId>{}</AccessKeyId>\
             <SecretAccessKey>{}</SecretAccessKey><SessionToken>{}</SessionToken>\
             <Expiration>{expiration}</Expiration></Credentials><PackedPolicySize>6</PackedPolicySize></AssumeRoleResult>",
            credentials.access_key_id, credentials.secret_access_key, credentials.session_token
        );
        Ok(answer("AssumeRole", &result))
    }
}

fn validate(session: &str, seconds: i64, external_id: Option<&str>, caller: &Principal) -> Result<(), Refusal> {
    let refuse = |message: String| Err(Refusal::new(400, "ValidationError", message));
    let fits = |text: &str, most: usize, extra: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) || extra.contains(c);
        (2..=most).contains(&text.len()) && text.chars().all(allowed)
    };
    if !fits(session, 64, "") {
        return refuse(format!(
            "1 validation error detected: Value '{session}' at 'roleSessionName' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: [\\w+=,.@-]*"
        ));
    }
    if external_id.is_some_and(|id| !fits(id, 1224, ":/")) {
        return refuse(
            "1 validation error detected: Value at 'externalId' failed to satisfy constraint: \
             Member must satisfy regular expression pattern: [\\w+=,.@:\\/-]*"
                .to_owned(),
        );
    }
    if !(900..=43200).contains(&seconds) {
        return refuse(format!(
            "1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to satisfy constraint: \
             Member must have value greater than or equal to 900"
        ));
    }
    if caller.chained && seconds > 3600 {
        return refuse(
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining"
                .to_owned(),
        );
    }
    Ok(())
}

/// The actions that a session policy allows. Its resources and conditions are ignored.
fn allowed_by(policy: &str) -> Result<Vec<String>, Refusal> {
    let malformed = || Refusal::new(400, "MalformedPolicyDocument", "This policy contains invalid Json");
    let policy: Value = serde_json::from_str(policy).map_err(|_| malformed())?;
    let list = |value: &Value| match value {
        Value::Array(items) => items.clone(),
        Value::Null => Vec::new(),
        one => vec![one.clone()],
    };
    let statements = list(&policy["Statement"]);
    let allowed = statements.iter().filter(|statement| statement["Effect"] == "Allow");
    let actions = allowed.flat_map(|statement| list(&statement["Action"]));
    Ok(actions.filter_map(|action| action.as_str().map(str::to_owned)).collect())
}

fn identity(caller: &Principal) -> Answer {
    let result = format!(
        "<GetCallerIdentityResult><Arn>{}</Arn><UserId>AROAEXAMPLEEXAMPLE123:session</UserId>\
         <Account>{}</Account></GetCallerIdentityResult>",
        caller.arn, caller.account
    );
    answer("GetCallerIdentity", &result)
}

fn answer(operation: &str, result: &str) -> Answer {
    let body = format!(
        "<{operation}Response xmlns=\"{NAMESPACE}\">{result}<ResponseMetadata>\
         <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata></{operation}Response>"
    );
    Answer::new(200, "text/xml", body)
}

/// The name space of its answers and errors.
pub(super) const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

/// The body of an error of the query protocol.
pub(super) fn error_body(namespace: &str, code: &str, message: &str, request_id: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"{namespace}\"><Error><Type>Sender</Type>\
         <Code>{code}</Code><Message>{}</Message></Error><RequestId>{request_id}</RequestId></ErrorResponse>",
        super::s3::escape(message)
    )
}

/// The fields of an `application/x-www-form-urlencoded` body.
pub(super) fn form(body: &str) -> HashMap<String, String> {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8_lossy().into_owned();
    let pairs = body.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}

#[cfg(test)]
mod tests {
    use super::{super::faults, *};

    #[test]
    fn a_session_policy_only_takes_away() {
        let policy = r#"{"Statement":{"Effect":"Allow","Action":["ecs:DescribeTaskDefinition"],"Resource":"*"}}"#;
        let session = allowed_by(policy).unwrap_or_default();
        let may = |action: &str| session.iter().any(|pattern| faults::matches(pattern, action));
        assert!(may("ecs:DescribeTaskDefinition"));
        assert!(!may("ecs:DescribeServices"));
        assert!(allowed_by("{").is_err());
    }
}
