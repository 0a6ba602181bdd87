//! Handles a denied poll: credentials that can be renewed are requested again.

use std::time::Duration;

use codedeploy_aws::error::{AwsError, Why};
use codedeploy_core::fault::Explain as _;
use serde_json::json;

use crate::steps::account::Account;
use crate::terminal::progress::Reporter;

/// The time limit, in real time: the build log must not stay silent.
const LIMIT: Duration = Duration::from_secs(20);

/// What became of the credentials.
pub(super) enum Renewal {
    /// They have expired, and there can be no others.
    Impossible,
    /// They have not changed, but the next answer may differ.
    None,
    /// There are new ones.
    Fresh(Box<Account>),
}

/// Requests new credentials after a denial, and reports it.
pub(super) async fn renewed(account: &Account, error: &AwsError, reporter: Reporter) -> Renewal {
    let expired = matches!(error.why(), Why::Expired);
    let renewal = match tokio::time::timeout(LIMIT, account.renewed()).await {
        Ok(Ok(Some(fresh))) => Renewal::Fresh(Box::new(fresh)),
        Ok(Ok(None)) if expired => Renewal::Impossible,
        // The session that assumes the role has expired as well.
        Ok(Err(failed)) if expired && failed.code() == "AWS02" && account.is_fixed().await => Renewal::Impossible,
        _ => Renewal::None,
    };
    let how = match &renewal {
        Renewal::Impossible => return renewal,
        Renewal::None => "asking again",
        Renewal::Fresh(_) => "asking again with renewed credentials",
    };
    let members = json!({ "code": error.code(), "renewed": matches!(renewal, Renewal::Fresh(_)) });
    reporter.line(&format!("a poll was refused: {}: {error}; {how}", error.code()), "refused", members);
    renewal
}
