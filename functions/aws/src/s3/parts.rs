//! A large object that is read in parts, all of one version.

use std::io::{Seek, Write};
use std::ops::Range;
use std::time::Duration;

use super::faults::replaced;
use super::{Asked, MISSING_PAUSES, copy_within};
use crate::config::Aws;
use crate::error::{AwsError, Caller, Why};

/// An object of which a part was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    bucket: String,
    key: String,
    /// Its size in bytes.
    pub length: u64,
    /// The entity tag of its version, known unless the whole object arrived.
    e_tag: Option<String>,
}

/// Copies the last `bytes` of an object to their place in `into`, piece by piece as they arrive, and returns which bytes of
/// the object arrived: all of it if it is smaller, or if the service does not support ranges.
///
/// Refuses an object of more than `limit` bytes by its headers before the body is read, and again while it is read.
/// After an error, `into` may hold a part of the object. Each request ends with [`crate::Timeouts::operation`].
pub async fn download_end<W: Write + Seek>(
    aws: &Aws,
    bucket: &str,
    key: &str,
    bytes: u64,
    limit: u64,
    into: &mut W,
) -> Result<(Object, Range<u64>), AwsError> {
    download_end_with(aws, bucket, key, bytes, limit, into, &MISSING_PAUSES).await
}

pub(super) async fn download_end_with<W: Write + Seek>(
    aws: &Aws,
    bucket: &str,
    key: &str,
    bytes: u64,
    limit: u64,
    into: &mut W,
    pauses: &[Duration],
) -> Result<(Object, Range<u64>), AwsError> {
    let call = aws.call("s3:GetObject", format!("s3://{bucket}/{key}"))?;
    let caller = Caller::PipelineAction;
    let asked = Asked { bucket, key, version: None, e_tag: None, range: Some(format!("bytes=-{bytes}")), caller };
    let arrived = match copy_within(aws, &call, &asked, limit, into, pauses).await {
        // An object of 0 bytes has no last bytes.
        Err(error) if *error.why() == Why::NoSuchRange => {
            copy_within(aws, &call, &Asked { range: None, ..asked }, limit, into, &[]).await?
        }
        arrived => arrived?,
    };
    let is_end = arrived.part.end == arrived.length && (arrived.part.start == 0 || arrived.e_tag.is_some());
    call.part(is_end.then_some(()))?;
    let (bucket, key) = (bucket.to_owned(), key.to_owned());
    Ok((Object { bucket, key, length: arrived.length, e_tag: arrived.e_tag }, arrived.part))
}

/// Copies a part of an object to its place in `into`, as [`download_end`] does, and returns which bytes arrived: at least
/// that part. An error if the object was replaced in the meantime.
pub async fn download_part<W: Write + Seek>(
    aws: &Aws,
    object: &Object,
    part: Range<u64>,
    into: &mut W,
) -> Result<Range<u64>, AwsError> {
    let Object { bucket, key, length, e_tag } = object;
    let call = aws.call("s3:GetObject", format!("s3://{bucket}/{key}"))?;
    let range = Some(format!("bytes={}-{}", part.start, part.end.saturating_sub(1)));
    let e_tag = e_tag.as_deref();
    let asked = Asked { bucket, key, version: None, e_tag, range, caller: Caller::PipelineAction };
    let arrived = copy_within(aws, &call, &asked, *length, into, &[]).await;
    let arrived = match arrived {
        // A service may ignore the condition.
        Ok(other) if other.length != *length || other.e_tag.as_deref() != e_tag => Err(replaced(&call.name()).into()),
        Err(error) if *error.why() == Why::ObjectTooLarge => Err(replaced(&call.name()).into()),
        arrived => arrived,
    }?;
    call.part((arrived.part.start <= part.start && part.end <= arrived.part.end).then_some(arrived.part))
}

/// The bytes of an answer and the size of the object: `bytes 0-1023/2048`.
pub(super) fn content_range(text: &str) -> Option<(Range<u64>, u64)> {
    let (part, length) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = part.split_once('-')?;
    let (first, last, length): (u64, u64, u64) = (first.parse().ok()?, last.parse().ok()?, length.parse().ok()?);
    (first <= last && last < length).then_some((first..last + 1, length))
}

#[cfg(test)]
mod tests;
