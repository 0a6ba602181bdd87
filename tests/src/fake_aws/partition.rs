//! The partitions beside `aws`: the fake creates all ARNs in `aws` and returns them in the partition of the Region. In
//! what it is asked, it looks at region and account of an ARN only.

use bytes::Bytes;

use super::Call;
use crate::http::Answer;

/// The partition of a region, as far as our users have them.
fn partition(region: &str) -> Option<&'static str> {
    match region {
        _ if region.starts_with("cn-") => Some("arn:aws-cn:"),
        _ if region.starts_with("us-gov-") => Some("arn:aws-us-gov:"),
        _ => None,
    }
}

/// The answer with the ARNs of the caller's partition. The content of S3 objects is not AWS's to change.
pub(super) fn said(call: &Call, answer: Answer) -> Answer {
    match (partition(&call.region), std::str::from_utf8(&answer.body)) {
        (Some(prefix), Ok(text)) if call.service != "s3" => {
            Answer { body: Bytes::from(text.replace("arn:aws:", prefix)), ..answer }
        }
        _ => answer,
    }
}
