use super::*;
use crate::config::Timeouts;
use crate::config::tests::aws_at;
use crate::fake_aws::{Answer, FakeAws, Request};
use codedeploy_core::fault::{Explain, Fault, Kind};
use std::io::Cursor;

fn part(range: &str, body: &str) -> Answer {
    Answer::text(206, body).with("content-range", range).with("etag", "\"one\"")
}

fn refusal(status: u16, code: &str) -> Answer {
    Answer::text(status, &format!("<Error><Code>{code}</Code><Message>no</Message></Error>"))
}

/// The last 4 bytes of an object of at most 100, and then the first 3, if the last are not the whole object.
async fn fetch(answers: Vec<Answer>) -> (Result<Vec<u8>, AwsError>, Vec<Request>) {
    let fake = FakeAws::start(answers);
    let aws = aws_at(&fake.url, Timeouts::default()).await;
    let mut into = Cursor::new(Vec::new());
    let read = async {
        let (object, end) = download_end(&aws, "b", "k", 4, 100, &mut into).await?;
        assert_eq!(end.end, object.length);
        if end.start > 0 {
            let part = download_part(&aws, &object, 0..3, &mut into).await?;
            assert!(part.start == 0 && part.end >= 3, "{part:?}");
        }
        Ok(())
    }
    .await;
    (read.map(|()| into.into_inner()), fake.requests())
}

#[tokio::test]
async fn the_end_and_a_part_are_of_one_version() {
    let (read, requests) = fetch(vec![part("bytes 6-9/10", "6789"), part("bytes 0-2/10", "012")]).await;
    assert_eq!(read.unwrap(), b"012\0\0\x006789");
    let sent = |name: &str| requests.iter().map(|it| it.header(name).map(str::to_owned)).collect::<Vec<_>>();
    assert_eq!(sent("range"), [Some("bytes=-4".to_owned()), Some("bytes=0-2".to_owned())]);
    assert_eq!(sent("if-match"), [None, Some("\"one\"".to_owned())]);
}

#[tokio::test]
async fn a_small_object_and_a_service_without_ranges_take_one_request() {
    for answer in [part("bytes 0-2/3", "abc"), Answer::text(200, "abc"), Answer::text(200, "abcdefgh")] {
        let (read, requests) = fetch(vec![answer]).await;
        assert!(read.unwrap().starts_with(b"abc"));
        assert_eq!(requests.len(), 1);
    }
    // The second answer may ignore the range as well.
    let whole = Answer::text(200, "0123456789").with("etag", "\"one\"");
    assert_eq!(fetch(vec![part("bytes 6-9/10", "6789"), whole]).await.0.unwrap(), b"0123456789");
}

#[tokio::test]
async fn an_object_of_0_bytes_has_no_range() {
    let (read, requests) = fetch(vec![refusal(416, "InvalidRange"), Answer::text(200, "")]).await;
    assert_eq!((read.unwrap(), requests.len()), (Vec::new(), 2));
    assert_eq!(requests[1].header("range"), None);
}

#[tokio::test]
async fn an_object_that_is_replaced_meanwhile_is_refused() {
    let other = |range, body| Answer::text(206, body).with("content-range", range).with("etag", "\"two\"");
    for second in [
        refusal(412, "PreconditionFailed"),
        other("bytes 0-2/10", "012"),
        part("bytes 0-2/11", "012"),
        Answer::text(200, "abc").with("etag", "\"one\""),
        Answer::text(200, "0123456789"),
    ] {
        let error = fetch(vec![part("bytes 6-9/10", "6789"), second]).await.0.unwrap_err();
        assert_eq!((error.code(), error.kind()), ("S3-10", Kind::Unavailable));
    }
    let error = fetch(vec![part("bytes 6-9/10", "6789"), refusal(412, "PreconditionFailed")]).await.0.unwrap_err();
    assert_eq!(Fault::from(error).report(), "S3-10: s3://b/k was replaced while it was being read\nhint: try again");
}

#[tokio::test]
async fn answers_that_do_not_fit_the_request_are_refused() {
    let end = || part("bytes 6-9/10", "6789");
    for (answers, code) in [
        (vec![part("bytes 5-8/10", "5678")], "AWS10"),
        (vec![part("bytes 6-9/*", "6789")], "AWS10"),
        (vec![part("6789", "6789")], "AWS10"),
        (vec![part("bytes 6-10/10", "67890")], "AWS10"),
        (vec![Answer::text(206, "6789").with("content-range", "bytes 6-9/10")], "AWS10"),
        (vec![end(), part("bytes 1-3/10", "123")], "AWS10"),
        (vec![end(), part("bytes 0-1/10", "01")], "AWS10"),
        (vec![end(), part("bytes 0-2/10", "01")], "S3-06"),
        (vec![part("bytes 6-9/10", "678")], "S3-06"),
        (vec![part("bytes 97-100/101", "6789")], "ZIP09"),
        (vec![end(), refusal(404, "NoSuchKey")], "S3-02"),
    ] {
        let (read, requests) = fetch(answers).await;
        assert_eq!(read.unwrap_err().code(), code, "{requests:?}");
    }
}
