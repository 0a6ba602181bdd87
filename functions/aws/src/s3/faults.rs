//! What the errors of Amazon S3 mean.

use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;

use crate::answer::{Facts, refused};
use crate::call::Call;
use crate::error::{Caller, Cause, Denial, Why};
use crate::faults::{long, sentence};

faults! {
    /// The faults of reading and writing objects.
    pub(crate) const FORMS;

    /// The object may not be read.
    fn read_denied(name: &str, refusal: &str) => "S3-01" Denied
        "cannot read {name}: {refusal}", "allow s3:GetObject on the object and kms:Decrypt on its key";

    /// The object does not exist, after all attempts.
    fn object_missing(name: &str) => "S3-02" NotFound
        "{name} does not exist", "check that the action that writes the object has finished";

    /// The object may not be written.
    fn write_denied(name: &str, refusal: &str) => "S3-03" Denied
        "cannot write {name}: {refusal}", "allow s3:PutObject on the object and kms:GenerateDataKey on the key";

    /// The bucket does not exist.
    fn bucket_missing(name: &str) => "S3-04" NotFound "{name}: the bucket does not exist", "check the bucket name";

    /// The bucket is in another Region than the call went to.
    fn bucket_in(name: &str, bucket: &str, region: &str) [bucket = shown(bucket)] => "S3-05" Configuration
        "{name}: the bucket is in {bucket}, but the request went to {region}", "set the Region to {bucket}";

    /// The bucket is in an unknown other Region.
    fn bucket_elsewhere(name: &str, region: &str) => "S3-05" Configuration
        "{name}: the bucket is not in {region}", "set the Region to that of the bucket";

    /// The body of the object ended early or stalled.
    pub(super) fn interrupted(name: &str, received: u64) [received = size(received)] => "S3-06" Unavailable
        "{name}: the download was interrupted after {received}", "try again";

    /// What arrived could not be written on this machine.
    pub(super) fn not_stored(name: &str, problem: &str) [problem = shown(problem)] => "S3-07" Configuration
        "{name}: cannot store the download: {problem}", "free disk space for temporary files";

    /// The object is not UTF-8 text, or is too large for one.
    pub(super) fn not_text(name: &str) => "S3-08" Input
        "{name} is not UTF-8 text of at most 1 MiB", "check that the object is the AppSpec file itself";

    /// The KMS key of the object does not exist, is disabled, or is about to be deleted.
    fn key_refused(name: &str, text: &str, place: &str, region: &str) [text = sentence(text)] => "S3-09" Configuration
        "{name}: its KMS key cannot be used: {text}",
        "use an enabled key in {region} ({place}); `aws kms enable-key` enables a disabled one again";

    /// The object is another one than before.
    pub(super) fn replaced(name: &str) => "S3-10" Unavailable "{name} was replaced while it was being read", "try again";

    /// The object is larger than the caller accepts.
    fn artifact_too_large(name: &str, bytes: u64, limit: u64) [bytes = size(bytes), limit = size(limit)] =>
        "ZIP09" Input "artifact is {bytes}, limit {limit} ({name})", "remove large files from the artifact";
}

/// An object of more than `limit` bytes.
pub(super) fn too_large(call: &Call, bytes: u64, limit: u64) -> Cause {
    Why::ObjectTooLarge.because(artifact_too_large(&call.name(), bytes, limit))
}

/// The cause of an error of S3. `denied` creates the fault for reading or for writing.
pub(super) fn cause(
    call: &Call,
    facts: &Facts,
    caller: Caller,
    denied: impl Fn(&Call, &Denial, Caller) -> Fault,
) -> Cause {
    let elsewhere = || match &facts.bucket_region {
        Some(bucket) => bucket_in(&call.name(), bucket, &call.region),
        None => bucket_elsewhere(&call.name(), &call.region),
    };
    match facts.code.as_str() {
        // S3 repeats an error of KMS, with its name in front.
        code if code.starts_with("KMS.") => {
            let place = match caller {
                Caller::Own => "--kms-key, or the default encryption of the bucket",
                Caller::PipelineAction => "the encryption key of the pipeline's artifact store",
            };
            key_refused(&call.name(), &facts.message, place, &call.region).into()
        }
        "NoSuchKey" | "NoSuchVersion" => Why::ObjectMissing.because(object_missing(&call.name())),
        "PreconditionFailed" => replaced(&call.name()).into(),
        "InvalidRange" => Why::NoSuchRange.because(replaced(&call.name())),
        "NoSuchBucket" => bucket_missing(&call.name()).into(),
        "PermanentRedirect"
        | "TemporaryRedirect"
        | "AuthorizationHeaderMalformed"
        | "IllegalLocationConstraintException" => elsewhere().into(),
        _ if (300..400).contains(&facts.status) => elsewhere().into(),
        _ => match refused(call, facts) {
            Cause { why: Why::Denied { denial }, .. } => {
                let fault = denied(call, &denial, caller);
                Why::Denied { denial }.because(fault)
            }
            other => other,
        },
    }
}

/// A denied `GetObject`.
pub(super) fn not_readable(call: &Call, denial: &Denial, caller: Caller) -> Fault {
    let Call { action, subject, .. } = call;
    let step = match caller {
        _ if denial.action.is_some() => denial.next_step(action),
        Caller::Own => format!(
            "allow {action} on {subject} and kms:Decrypt on its key; without s3:ListBucket, S3 returns the same error for \
             a missing object"
        ),
        Caller::PipelineAction => format!(
            "allow {action} on {subject} and kms:Decrypt on its key to the pipeline's action role (not the function \
             role); without s3:ListBucket, S3 returns the same error for a missing object"
        ),
    };
    read_denied(&call.name(), &refusal(denial, action)).with_hint(step)
}

/// A denied `PutObject`.
pub(super) fn not_writable(call: &Call, denial: &Denial, caller: Caller) -> Fault {
    let extra = match caller {
        Caller::Own => {
            ", and kms:GenerateDataKey on the key; a bucket policy or SCP may require encryption with KMS (--kms-key)"
        }
        Caller::PipelineAction => {
            "; that is the role of the pipeline's action, not of the function; a bucket policy or SCP may require the header \
             x-amz-server-side-encryption-aws-kms-key-id"
        }
    };
    let step = denial.next_step(call.action);
    write_denied(&call.name(), &refusal(denial, call.action)).with_hint(format!("{step}{extra}"))
}

/// `kms:Decrypt denied on key …1234 for role x (…)`: which of several policies it takes.
fn refusal(denial: &Denial, action: &str) -> String {
    let denied = denial.action.as_deref().unwrap_or(action);
    let on = match denial.resource.as_deref().and_then(|arn| arn.split_once(":key/")) {
        Some((_, id)) => format!(" on key …{}", shown(id.get(id.len().saturating_sub(4)..).unwrap_or(id))),
        None => String::new(),
    };
    let caller = denial.caller().map(|caller| format!(" for {}", long(&caller))).unwrap_or_default();
    let policies = match (denial.explicit, denied.starts_with("kms:")) {
        (true, _) => "a policy denies it explicitly",
        (false, true) => "key policy, role policy and bucket policy must all allow it",
        (false, false) => "role policy and bucket policy must both allow it",
    };
    format!("{} denied{on}{caller} ({policies})", shown(denied))
}

/// A size in decimal units.
fn size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000 => return format!("{bytes} bytes"),
        1_000..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = bytes / (unit / 10);
    match tenths % 10 {
        0 => format!("{} {name}", tenths / 10),
        rest => format!("{}.{rest} {name}", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_in_decimal_units() {
        let cases = [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_000, "1 kB"),
            (256_000_000, "256 MB"),
            (3_449_999, "3.4 MB"),
            (2_100_000_013, "2.1 GB"),
        ];
        for (bytes, expect) in cases {
            assert_eq!(size(bytes), expect);
        }
    }
}
