//! S3 (REST and XML): buckets, their objects and what keeps a caller from them. The bucket is the first part of the path,
//! or of the host where that is one of S3's own.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

use super::{Call, FakeAws, Principal, Refusal};
use crate::{
    http::{Answer, Delivery, Received},
    unique,
};

/// A bucket and its rules.
#[derive(Debug, Clone)]
pub struct Bucket {
    name: String,
    account: String,
    region: String,
    requires_kms: bool,
    shared_with: Vec<String>,
    objects: BTreeMap<String, Vec<Object>>,
}

impl Bucket {
    /// An empty bucket that every permitted caller of its account can use.
    pub fn new(name: &str, account: &str, region: &str) -> Bucket {
        let (name, account, region) = (name.to_owned(), account.to_owned(), region.to_owned());
        Bucket { name, account, region, requires_kms: false, shared_with: Vec::new(), objects: BTreeMap::new() }
    }

    /// The bucket policy that AWS documents for artifact buckets: an upload that does not itself name `aws:kms` is
    /// denied, whatever the bucket's default encryption is.
    #[must_use]
    pub fn requiring_kms(self) -> Bucket {
        Bucket { requires_kms: true, ..self }
    }

    /// The bucket policy lets another account in.
    #[must_use]
    pub fn shared_with(mut self, account: &str) -> Bucket {
        self.shared_with.push(account.to_owned());
        self
    }
}

/// A version of an object.
#[derive(Debug, Clone)]
pub struct Object {
    /// The content, without any transfer encoding.
    pub bytes: Bytes,
    /// The headers of the upload, names in lower case; empty for an object that the test itself put there.
    pub headers: Vec<(String, String)>,
    /// The ARN of who uploaded it; empty for the test itself.
    pub uploaded_by: String,
    /// The KMS key that it is encrypted with: `None` without KMS, `aws/s3` for the AWS managed key.
    pub kms_key: Option<String>,
    /// What a download announces as its length, where that is not the length of `bytes`.
    announced: Option<u64>,
    e_tag: String,
    /// Whether another object takes its place as soon as it is read: no later condition on its version holds.
    is_replaced: bool,
}

impl Object {
    fn of_the_test(bytes: Bytes) -> Object {
        let (headers, uploaded_by, e_tag) = (Vec::new(), String::new(), e_tag(&bytes));
        Object { bytes, headers, uploaded_by, kms_key: None, announced: None, e_tag, is_replaced: false }
    }
}

fn e_tag(bytes: &[u8]) -> String {
    format!("\"{}\"", hex::encode(&Sha256::digest(bytes)[..16]))
}

#[derive(Debug, Default)]
pub(super) struct S3 {
    buckets: HashMap<String, Bucket>,
}

impl FakeAws {
    /// Adds a bucket.
    pub fn add_bucket(&self, bucket: Bucket) {
        self.state().s3.buckets.insert(bucket.name.clone(), bucket);
    }

    /// Puts an object there without a call, encrypted with that KMS key where one is named.
    pub fn put_object(&self, bucket: &str, key: &str, bytes: impl Into<Bytes>, kms_key: Option<&str>) {
        self.put(bucket, key, Object { kms_key: kms_key.map(str::to_owned), ..Object::of_the_test(bytes.into()) });
    }

    /// Puts an object there that is replaced as soon as it is read.
    pub fn put_replaced_object(&self, bucket: &str, key: &str, bytes: impl Into<Bytes>) {
        self.put(bucket, key, Object { is_replaced: true, ..Object::of_the_test(bytes.into()) });
    }

    /// Puts an object there that is announced with that length, more than a test can store, and breaks off at once.
    pub fn put_object_of_length(&self, bucket: &str, key: &str, announced: u64) {
        let object = Object::of_the_test(Bytes::from_static(b"PK"));
        self.put(bucket, key, Object { announced: Some(announced), ..object });
    }

    fn put(&self, bucket: &str, key: &str, object: Object) {
        let mut state = self.state();
        let bucket = state.s3.buckets.get_mut(bucket).expect("a bucket that was added");
        bucket.objects.entry(key.to_owned()).or_default().push(object);
    }

    /// The newest version of an object.
    pub fn object(&self, bucket: &str, key: &str) -> Option<Object> {
        self.object_versions(bucket, key).pop()
    }

    /// Every version of an object, oldest first.
    pub fn object_versions(&self, bucket: &str, key: &str) -> Vec<Object> {
        let state = self.state();
        state.s3.buckets.get(bucket).and_then(|bucket| bucket.objects.get(key)).cloned().unwrap_or_default()
    }
}

/// The operation of a request, by its method and what its path names.
pub(super) fn operation(request: &Received) -> &'static str {
    let (_, key) = address(request);
    match (request.method.as_str(), key.is_empty()) {
        ("GET", false) => "GetObject",
        ("HEAD", false) => "HeadObject",
        ("PUT", false) => "PutObject",
        ("HEAD", true) => "HeadBucket",
        ("GET", true) => "ListObjectsV2",
        _ => "NotImplemented",
    }
}

fn address(request: &Received) -> (String, String) {
    let path = percent_decode_str(request.path.trim_start_matches('/')).decode_utf8_lossy().into_owned();
    let host = request.header("host").unwrap_or_default();
    if let Some((bucket, _)) = host.split_once(".s3.").or_else(|| host.split_once(".s3-fips.")) {
        return (bucket.to_owned(), path);
    }
    path.split_once('/').map_or_else(|| (path.clone(), String::new()), |(b, k)| (b.to_owned(), k.to_owned()))
}

impl S3 {
    /// The bytes of an object (of that version) in a bucket of that region, as another service of AWS reads them.
    pub(super) fn content(&self, bucket: &str, key: &str, version: Option<&str>, region: &str) -> Option<Bytes> {
        let versions = self.buckets.get(bucket).filter(|bucket| bucket.region == region)?.objects.get(key)?;
        let object = match version {
            None => versions.last(),
            Some(version) => versions.get(version.parse::<usize>().ok()?.checked_sub(1)?),
        };
        object.map(|object| object.bytes.clone())
    }

    pub(super) fn answer(&mut self, caller: &Principal, call: &Call) -> Result<Answer, Refusal> {
        let (name, key) = address(&call.request);
        let missing = || Refusal::new(404, "NoSuchBucket", "The specified bucket does not exist");
        let bucket = self.buckets.get_mut(&name).ok_or_else(missing)?;
        if bucket.region != caller.region {
            let message = format!(
                "The authorization header is malformed; the region '{}' is wrong; expecting '{}'",
                caller.region, bucket.region
            );
            return Err(Refusal::new(400, "AuthorizationHeaderMalformed", message));
        }
        let permission = match call.operation.as_str() {
            "GetObject" | "HeadObject" => "s3:GetObject",
            "PutObject" => "s3:PutObject",
            "HeadBucket" => "s3:ListBucket",
            _ => {
                return Err(Refusal::new(
                    501,
                    "NotImplemented",
                    "A header you provided implies functionality that is not implemented",
                ));
            }
        };
        let resource = format!("\"arn:aws:s3:::{name}/{key}\"");
        let outsider = bucket.account != caller.account && !bucket.shared_with.contains(&caller.account);
        if outsider || !caller.may(permission) {
            return Err(Refusal::denied(caller, permission, &resource));
        }
        match call.operation.as_str() {
            "PutObject" => bucket.put(caller, key, &call.request),
            "HeadBucket" => Ok(Answer::new(200, "application/xml", "")),
            _ => bucket.get(caller, &key, &call.request),
        }
    }
}

impl Bucket {
    fn get(&self, caller: &Principal, key: &str, request: &Received) -> Result<Answer, Refusal> {
        let version = request.query.split('&').find_map(|pair| pair.strip_prefix("versionId="));
        let versions = self.objects.get(key);
        let found = versions.and_then(|versions| match version {
            None => versions.last(),
            Some(version) => version.parse::<usize>().ok().and_then(|number| versions.get(number.checked_sub(1)?)),
        });
        let Some(object) = found else {
            // S3 tells that a key is missing only to those who may list the bucket.
            return Err(match (caller.may("s3:ListBucket"), version) {
                (false, _) => Refusal::denied(caller, "s3:ListBucket", &format!("\"arn:aws:s3:::{}\"", self.name)),
                (true, None) => Refusal::new(404, "NoSuchKey", "The specified key does not exist."),
                (true, Some(_)) => Refusal::new(404, "NoSuchVersion", "The specified version does not exist."),
            });
        };
        if let Some(kms_key) = &object.kms_key
            && !caller.may("kms:Decrypt")
        {
            return Err(Refusal::denied(caller, "kms:Decrypt", kms_key));
        }
        if request.header("if-match").is_some_and(|tag| object.is_replaced || (tag != "*" && tag != object.e_tag)) {
            let message = "At least one of the pre-conditions you specified did not hold";
            return Err(Refusal::new(412, "PreconditionFailed", message));
        }
        let length = object.announced.unwrap_or(object.bytes.len() as u64);
        let range = request.header("range").and_then(|header| range(header, length));
        if range.as_ref().is_some_and(Range::is_empty) {
            return Err(Refusal::new(416, "InvalidRange", "The requested range is not satisfiable"));
        }
        let mut answer = described(object, Answer::new(200, "application/octet-stream", part(object, range.as_ref())));
        let sent = range.clone().unwrap_or(0..length);
        if let Some(Range { start, end }) = range {
            answer = Answer { status: 206, ..answer };
            answer = answer.with("content-range", format!("bytes {start}-{}/{length}", end - 1));
        }
        // S3 has no checksum of a part.
        if request.header("x-amz-checksum-mode") == Some("ENABLED") && sent == (0..length) {
            answer =
                answer.with("x-amz-checksum-crc32", crc32(&object.bytes)).with("x-amz-checksum-type", "FULL_OBJECT");
        }
        if object.announced.is_some() {
            answer = answer.with("content-length", (sent.end - sent.start).to_string());
            answer.delivery = Delivery::Cut;
        }
        let version = version.map_or_else(|| versions.map_or(0, Vec::len).to_string(), str::to_owned);
        Ok(answer.with("last-modified", http_date(OffsetDateTime::now_utc())).with("x-amz-version-id", version))
    }

    fn put(&mut self, caller: &Principal, key: String, request: &Received) -> Result<Answer, Refusal> {
        let algorithm = request.header("x-amz-server-side-encryption");
        let resource = format!("\"arn:aws:s3:::{}/{key}\"", self.name);
        if self.requires_kms && algorithm != Some("aws:kms") {
            let message = format!(
                "User: {} is not authorized to perform: s3:PutObject on resource: {resource} \
                 with an explicit deny in a resource-based policy",
                caller.arn
            );
            return Err(Refusal::new(403, "AccessDenied", message));
        }
        if request.header("if-none-match") == Some("*") && self.objects.contains_key(&key) {
            let message = "At least one of the pre-conditions you specified did not hold";
            return Err(Refusal::new(412, "PreconditionFailed", message));
        }
        let named = request.header("x-amz-server-side-encryption-aws-kms-key-id");
        let kms_key = (algorithm == Some("aws:kms")).then(|| named.unwrap_or("aws/s3").to_owned());
        if let Some(kms_key) = &kms_key
            && !caller.may("kms:GenerateDataKey")
        {
            return Err(Refusal::denied(caller, "kms:GenerateDataKey", kms_key));
        }
        let bytes = content(request)?;
        let (headers, uploaded_by) = (request.headers.clone(), caller.arn.clone());
        let object = Object { headers, uploaded_by, kms_key, ..Object::of_the_test(bytes) };
        let mut answer = described(&object, Answer::new(200, "application/xml", ""));
        if let Some(checksum) = request.header("x-amz-checksum-sha256") {
            answer = answer.with("x-amz-checksum-sha256", checksum.to_owned());
        }
        let versions = self.objects.entry(key).or_default();
        versions.push(object);
        Ok(answer.with("x-amz-version-id", versions.len().to_string()))
    }
}

/// The bytes that a `Range` names, empty if the object has none of them. `None` for a header that S3 ignores.
fn range(header: &str, length: u64) -> Option<Range<u64>> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    if first.is_empty() {
        return Some(length.saturating_sub(last.parse().ok()?)..length);
    }
    let end = if last.is_empty() { length } else { last.parse::<u64>().ok()?.checked_add(1)?.min(length) };
    let first = length.min(first.parse().ok()?);
    (first == length || first < end).then_some(first..end)
}

fn part(object: &Object, range: Option<&Range<u64>>) -> Bytes {
    let place = |at: u64| usize::try_from(at).expect("an object in memory");
    match range {
        Some(Range { start, end }) if object.announced.is_none() => object.bytes.slice(place(*start)..place(*end)),
        _ => object.bytes.clone(),
    }
}

fn described(object: &Object, answer: Answer) -> Answer {
    let answer = answer
        .with("x-amz-request-id", unique::job_id())
        .with("etag", object.e_tag.clone())
        .with("accept-ranges", "bytes");
    match &object.kms_key {
        None => answer.with("x-amz-server-side-encryption", "AES256"),
        Some(key) => answer
            .with("x-amz-server-side-encryption", "aws:kms")
            .with("x-amz-server-side-encryption-aws-kms-key-id", key.clone()),
    }
}

/// The content of an upload, after the checks that S3 makes of it.
fn content(request: &Received) -> Result<Bytes, Refusal> {
    let sent = request.header("x-amz-content-sha256").unwrap_or("UNSIGNED-PAYLOAD");
    let bytes = if sent.starts_with("STREAMING-") {
        unchunk(&request.body)
            .ok_or_else(|| Refusal::new(400, "IncompleteBody", "The request body terminated unexpectedly"))?
    } else {
        request.body.clone()
    };
    let digest = hex::encode(Sha256::digest(&bytes));
    if sent.len() == 64 && sent != digest {
        let message = "The provided 'x-amz-content-sha256' header does not match what was computed.";
        return Err(Refusal::new(400, "XAmzContentSHA256Mismatch", message));
    }
    if request.header("x-amz-checksum-crc32").is_some_and(|sum| sum != crc32(&bytes)) {
        return Err(Refusal::new(400, "BadDigest", "The CRC32 you specified did not match the calculated checksum."));
    }
    Ok(bytes)
}

/// Takes `aws-chunked` framing away: `HEX-SIZE[;chunk-signature=…]` lines, each followed by that many bytes.
fn unchunk(body: &[u8]) -> Option<Bytes> {
    let (mut rest, mut content) = (body, Vec::new());
    loop {
        let end = rest.windows(2).position(|pair| pair == b"\r\n")?;
        let line = std::str::from_utf8(rest.get(..end)?).ok()?;
        let size = usize::from_str_radix(line.split(';').next()?, 16).ok()?;
        rest = rest.get(end + 2..)?;
        if size == 0 {
            return Some(content.into());
        }
        content.extend_from_slice(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

fn crc32(bytes: &[u8]) -> String {
    STANDARD.encode(crc32fast::hash(bytes).to_be_bytes())
}

/// `Mon, 23 Nov 2026 05:45:24 GMT`
fn http_date(at: OffsetDateTime) -> String {
    let (weekday, month) = (at.weekday().to_string(), at.month().to_string());
    format!(
        "{}, {:02} {} {} {:02}:{:02}:{:02} GMT",
        &weekday[..3],
        at.day(),
        &month[..3],
        at.year(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// The body of an error of S3.
pub(super) fn error_body(code: &str, message: &str, request_id: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>{}</Message>\
         <RequestId>{request_id}</RequestId><HostId>ZmFrZQ==</HostId></Error>",
        escape(message)
    )
}

/// Text of XML.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As recorded from S3, and as RFC 9110 has it.
    #[test]
    fn ranges_are_those_of_s3() {
        for (header, length, expect) in [
            ("bytes=0-1023", 2048, Some(0..1024)),
            ("bytes=1024-4096", 2048, Some(1024..2048)),
            ("bytes=5-", 8, Some(5..8)),
            ("bytes=-5", 8, Some(3..8)),
            ("bytes=-9", 8, Some(0..8)),
            ("bytes=1024-4096", 8, Some(8..8)),
            ("bytes=-5", 0, Some(0..0)),
            ("bytes=-0", 8, Some(8..8)),
            ("bytes=5-2", 8, None),
            ("bytes=0-1,4-5", 8, None),
            ("lines=0-1", 8, None),
        ] {
            assert_eq!(range(header, length), expect, "{header} of {length}");
        }
    }

    #[test]
    fn aws_chunked_framing_is_taken_away() {
        let check = |body: &[u8], expect: Option<&'static [u8]>| {
            assert_eq!(unchunk(body), expect.map(Bytes::from_static));
        };
        check(b"3;chunk-signature=ab\r\nabc\r\n2\r\nde\r\n0\r\nx-amz-checksum-crc32:AAAA==\r\n\r\n", Some(b"abcde"));
        check(b"0\r\n\r\n", Some(b""));
        check(b"5\r\nabc", None);
        check(b"abc", None);
    }
}
