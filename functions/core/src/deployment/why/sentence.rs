//! The innermost message of an AWS error: services wrap the error of another service into a message of their own.

/// What the service that failed answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sentence<'a> {
    /// Without the sentences around it.
    pub(super) text: &'a str,
    /// The error code beside it, such as `InvalidParameterException`.
    pub(super) code: Option<&'a str>,
}

/// What stands before the error of another service.
const BEFORE: [&str; 15] = [
    "due to an unexpected error: ",
    "due to the following error: ",
    "due to the following reason: ",
    "due to the following: ",
    "due to the error: ",
    "due to error: ",
    "with the following error: ",
    "failed with the following error: ",
    "deployment failed: ",
    "task failed to start: ",
    "non empty error stream: ",
    "caused by: ",
    "invalid request provided: ",
    "updateservice error: ",
    "createtaskset error: ",
];

/// What the SDKs and CodeDeploy add behind it.
const BEHIND: [&str; 6] = [
    " (service: ",
    " check your ecs service status",
    " contact your aws administrator",
    " (requestid: ",
    " (request id: ",
    " for more information, see",
];

/// The most wrappers that are taken off.
const DEPTH: usize = 16;

/// Finds the innermost message; a text without a wrapper is returned as it is.
pub(super) fn innermost(text: &str) -> Sentence<'_> {
    let text = text.trim();
    let end = BEHIND.iter().filter_map(|marker| find(text, marker)).filter(|end| *end > 0).min();
    let mut sentence = Sentence { text: end.and_then(|end| text.get(..end)).unwrap_or(text), code: code_beside(text) };
    for _ in 0..DEPTH {
        let Some((rest, code)) = unwrapped(sentence.text) else { break };
        sentence.code = code.or(sentence.code);
        sentence.text = rest;
    }
    sentence.text = sentence.text.trim_end_matches(['.', ' ']);
    sentence
}

/// The text without its outermost wrapper, and the error code that the wrapper names.
fn unwrapped(text: &str) -> Option<(&str, Option<&str>)> {
    let rest = |at: usize| text.get(at..).map(str::trim_start).filter(|rest| !rest.is_empty());
    if let Some((at, length)) = BEFORE.iter().filter_map(|marker| Some((find(text, marker)?, marker.len()))).min() {
        return Some((rest(at + length)?, None));
    }
    // "An error occurred (CODE) when calling the X operation: TEXT", as the AWS CLI and boto3 write it.
    if let Some(at) = find(text, " when calling the ") {
        let code =
            text.get(..at).and_then(|before| before.rsplit_once('(')).and_then(|(_, code)| code.strip_suffix(')'));
        let colon = at + text.get(at..)?.find(": ")? + 2;
        return Some((rest(colon)?, code));
    }
    // "api error CODE: TEXT" of the SDK for Go, "…Exception: TEXT" of any.
    text.match_indices(": ").find_map(|(at, colon)| {
        let code = text.get(..at)?.rsplit([' ', '.', ',']).next().filter(|word| is_code(word))?;
        Some((rest(at + colon.len())?, Some(code)))
    })
}

fn is_code(word: &str) -> bool {
    let ends = ["Exception", "AccessDenied", "Forbidden"].iter().any(|end| word.ends_with(end));
    ends && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The code in `(Service: AmazonECS; Status Code: 400; Error Code: CODE; Request ID: …; Proxy: null)`.
fn code_beside(text: &str) -> Option<&str> {
    let rest = text.get(find(text, "error code: ")? + "error code: ".len()..)?;
    rest.split([';', ',', ')', ' ']).next().filter(|code| !code.is_empty())
}

fn find(text: &str, lower_case: &str) -> Option<usize> {
    // As bytes: ASCII case does not move the boundaries of characters.
    text.to_ascii_lowercase().find(lower_case)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, code: Option<&str>) {
        assert_eq!(innermost(text), Sentence { text: expected, code }, "{text}");
    }

    #[test]
    fn wrappers_are_taken_off() {
        let of_ecs = "(Service: AmazonECS; Status Code: 400; Error Code: InvalidParameterException; Request ID: 0; Proxy: \
                      null). Check your ECS service status.";
        check(
            &format!(
                "The ECS service cannot be updated due to an unexpected error: Invalid revision number. Number: latest {of_ecs}"
            ),
            "Invalid revision number. Number: latest",
            Some("InvalidParameterException"),
        );
        check(
            "The ECS service cannot be updated due to an unexpected error: TaskDefinition is inactive. Check your ECS \
             service status.",
            "TaskDefinition is inactive",
            None,
        );
        check(
            "The ELB could not be updated due to the following error: Primary taskset target group must be behind listener \
             arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/x/1/2",
            "Primary taskset target group must be behind listener arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/x/1/2",
            None,
        );
        check(
            "deployment failed: The ELB could not be updated due to the following error: One or more target groups not found \
             (Service: ElasticLoadBalancingV2, Status Code: 400, Request ID: 0) (SDK Attempt Count: 1)",
            "One or more target groups not found",
            None,
        );
        check(
            "An error occurred (ClientException) when calling the CreateTaskSet operation: TaskDefinition not found.",
            "TaskDefinition not found",
            Some("ClientException"),
        );
        check(
            "operation error ECR: GetAuthorizationToken, https response error StatusCode: 400, RequestID: 0, api error \
             AccessDeniedException: User: x",
            "User: x",
            Some("AccessDeniedException"),
        );
        check(
            "com.amazonaws.services.ecs.model.ClientException: Role is not valid",
            "Role is not valid",
            Some("ClientException"),
        );
    }

    #[test]
    fn a_bare_sentence_stays() {
        for text in ["", "Cluster not found", "The container web: x did not start", "due to an unexpected error: "] {
            check(text, text.trim(), None);
        }
    }
}
