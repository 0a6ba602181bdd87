//! Credentials that will not last as long as the wait: said before it begins.

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use super::*;

const WARNING: &str = "warning: these are temporary credentials that nobody renews";

/// A time from now, as `aws configure export-credentials` writes it.
fn in_minutes(minutes: i64) -> String {
    let then = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap() + time::Duration::minutes(minutes);
    then.format(&Rfc3339).unwrap()
}

#[test]
fn a_session_that_ends_before_the_wait_is_warned_of() {
    let stage = Stage::new(group().config(LINEAR).termination_wait(60));
    let id = stage.created(&[]);
    let said = |environment: Environment| {
        let output = Run::new(["wait", id.as_str()]).environment(environment).run();
        assert_eq!(output.code, 0, "{}", output.stderr);
        output.stderr
    };
    // Jenkins' `withAWS`: key, secret and token, and no word of the end.
    let unknown = said(stage.environment());
    assert!(unknown.contains(WARNING) && unknown.contains("they may expire before the wait"), "{unknown}");
    let soon = in_minutes(20);
    let known = said(stage.environment().with("AWS_CREDENTIAL_EXPIRATION", &soon));
    assert!(known.contains(&format!("they expire at {soon}, before the wait")), "{known}");
    let late = said(stage.environment().with("AWS_CREDENTIAL_EXPIRATION", &in_minutes(12 * 60)));
    assert!(!late.contains(WARNING), "{late}");
}
