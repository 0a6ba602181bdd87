//! Rows 51 to 59: the zip of an input artifact, and the S3 object that it comes from.

use std::time::Instant;

use super::*;
use packed::{Entry, archive, deflated, entry};

const NAME: &str = "appspec.yaml";

/// An archive that is read for its `appspec.yaml`.
fn zip(number: u8, bytes: Vec<u8>) -> Row {
    row(number, json!({"task_definition": "app", "appspec_template": format!("Source::{NAME}")})).source(bytes)
}

fn of_one(number: u8, entry: Entry) -> Row {
    zip(number, archive(&[entry]))
}

#[test]
fn archives_are_refused_by_what_is_wrong_with_them() {
    let world = World::new();
    let plain = || entry(NAME, b"version: 0.0\n");
    let whole = archive(&[plain()]);
    let many: Vec<Entry> = (0..33_000).map(|at| entry(&format!("{at:0>210}"), b"")).collect();
    let large = vec![b'x'; (1 << 20) + 1];
    let says = |what: &str| format!("\"{NAME}\" in artifact Source {what}");
    // The first 30 bytes are the header in front of the content.
    let local = |at: usize| {
        let mut bytes = archive(&[plain()]);
        bytes[at] ^= 1;
        zip(54, bytes)
    };
    let s3_error = "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>";
    world.play(
        &[],
        &[
            zip(51, s3_error.as_bytes().to_vec())
                .says("ZIP01: artifact Source is an S3 error response (code AccessDenied), not a zip archive", INPUT),
            zip(51, b"<!DOCTYPE html><html>".to_vec())
                .says("ZIP01: artifact Source is not a zip archive (starts with \"<!DOCTYPE html><\")", INPUT),
            zip(52, whole[..whole.len() - 1].to_vec())
                .says("ZIP02: artifact Source is truncated, or followed by other bytes (no end record)", INPUT),
            zip(52, Vec::new()).says("ZIP02: artifact Source is empty (0 bytes)", INPUT),
            of_one(53, Entry { crc: 7, ..plain() })
                .says(format!("ZIP03: {}", says("is damaged: Invalid checksum")), INPUT),
            zip(54, archive(&[plain(), entry(NAME, b"version: 1.0\n")]))
                .says(format!("ZIP04: {}", says("appears 2 times")), INPUT),
            local(14)
                .says(format!("ZIP04: {}", says("is described in two different ways (the checksums differ)")), INPUT),
            local(22).says(format!("ZIP04: {}", says("is described in two different ways (the sizes differ)")), INPUT),
            of_one(55, Entry { mode: 0o120_777, ..entry(NAME, b"../../secret") })
                .says(format!("ZIP05: {}", says("is a symbolic link")), INPUT),
            of_one(55, Entry { flags: 1, ..plain() }).says(format!("ZIP05: {}", says("is encrypted")), INPUT),
            of_one(55, Entry { method: 99, ..plain() })
                .says(format!("ZIP05: {}", says("uses unsupported compression method 99")), INPUT),
            of_one(56, deflated(NAME, &large)).says(format!("ZIP06: {}", says("is larger than 64 KiB")), INPUT),
            of_one(56, Entry { size: 10, ..deflated(NAME, &large) })
                .says(format!("ZIP06: {}", says("does not unpack to the 10 bytes that the archive declares")), INPUT),
            zip(56, archive(&[plain(), Entry { offset: Some(0), ..entry("other", b"version: 0.0\n") }]))
                .says("ZIP07: artifact Source has overlapping entries", INPUT),
            zip(57, archive(&many))
                .says("ZIP08: artifact Source has too many files: their list has 8.5 MB, limit 8 MiB", INPUT),
        ],
    );
}

#[test]
fn an_object_that_is_too_large_is_refused_before_it_is_downloaded() {
    let world = World::new();
    let mut lambda = world.lambda(&[]);
    let row = zip(57, Vec::new());
    let event = world.event(&row);
    world.aws.put_object_of_length("artifacts", "pipe/Source/57.zip", 2_100_000_000);
    world.aws.add_job(TOOLS, event.id());
    let started = Instant::now();
    let found = world.reported(&mut lambda, event.id(), &event.text());
    let expect = "JobFailed ZIP09: artifact is 2.1 GB, limit 256 MB (s3://artifacts/pipe/Source/57.zip)";
    assert_eq!(differs(&row, "the function", expect, &found), None);
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(world.aws.calls("s3:GetObject").len(), 1);

    let scratch = Scratch::new();
    let sparse = scratch.write("large.zip", "");
    std::fs::File::options().write(true).open(&sparse).unwrap().set_len(2_100_000_000).unwrap();
    let source = format!("--input-artifact=Source={}", sparse.display());
    let flags = [row.flags.clone().unwrap(), vec![source]].concat();
    let found = world.at_command_line(&Row { source: None, ..zip(57, Vec::new()) }, &flags);
    let expect = "3 ZIP09: artifact Source is 2.1 GB, limit 256 MB";
    assert_eq!(differs(&row, "the command line", expect, &found), None);
}

#[test]
fn a_denied_key_is_named_with_the_role_that_lacks_it() {
    let world = World::new();
    let keys = world.aws.session(TOOLS, "codepipeline-x", &["s3:*"]);
    let row = zip(58, Vec::new()).says(
        "S3-01: cannot read s3://artifacts/pipe/Source/58.zip: kms:Decrypt denied on key …1234 for role \
         codepipeline-x (key policy, role policy and bucket policy must all allow it)",
        DENIED,
    );
    let event = world.event(&row).data(
        "artifactCredentials",
        json!({
            "accessKeyId": keys.access_key_id,
            "secretAccessKey": keys.secret_access_key,
            "sessionToken": keys.session_token,
        }),
    );
    world.aws.put_object("artifacts", "pipe/Source/58.zip", "zip", Some(KEY));
    world.aws.add_job(TOOLS, event.id());
    let found = world.reported(&mut world.lambda(&[]), event.id(), &event.text());
    assert_eq!(differs(&row, "the function", &format!("{} {}", row.who.0, row.says), &found), None);
    assert_eq!(world.aws.calls("s3:GetObject").len(), 1, "a refusal is not asked for again");
}

#[test]
fn an_object_that_is_not_there_yet_is_asked_for_again() {
    let world = World::new();
    let mut lambda = world.lambda(&[]);
    let row = text_row(59, &zip(59, Vec::new()).parameters)
        .says("S3-02: s3://artifacts/pipe/Source/59.zip does not exist", NOT_FOUND);
    let job = || {
        let event = world.event(&row).input("Source", "artifacts", "pipe/Source/59.zip");
        world.aws.add_job(TOOLS, event.id());
        event
    };
    let (event, started) = (job(), Instant::now());
    let found = world.reported(&mut lambda, event.id(), &event.text());
    assert_eq!(differs(&row, "the function", &format!("{} {}", row.who.0, row.says), &found), None);
    let asked: Vec<Instant> = world.aws.calls("s3:GetObject").iter().map(|call| call.at).collect();
    assert_eq!(asked.len(), 4, "once, and three times again");
    let (waited, elapsed) = (*asked.last().unwrap() - asked[0], started.elapsed());
    assert!(waited > Duration::from_secs(2) && waited < Duration::from_secs(5), "{waited:?} of {elapsed:?}");

    let event = job();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while world.aws.calls("s3:GetObject").len() < 6 {
                std::thread::sleep(Duration::from_millis(20));
            }
            let text = "version: 0.0\nResources: [{TargetService: {Type: AWS::ECS::Service, Properties: {\
                        TaskDefinition: <TASK_DEFINITION>, \
                        LoadBalancerInfo: {ContainerName: app, ContainerPort: 8080}}}}]";
            world.aws.put_object("artifacts", "pipe/Source/59.zip", packed::one(NAME, text), None);
        });
        lambda.invoke(&event.text(), TIMEOUT);
    });
    let job = world.aws.job(event.id());
    assert_eq!(job.state, JobState::Succeeded, "it has come in the meantime: {:?}", job.results);
}
