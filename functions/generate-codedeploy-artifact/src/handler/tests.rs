use super::*;

async fn code(work: impl Future<Output = Result<(), Error>> + Send + 'static, stage: &Stage) -> String {
    bounded(Duration::from_millis(100), stage, work).await.expect_err("no outcome").to_string()
}

#[tokio::test]
async fn work_that_hangs_is_ended_in_time() {
    let stage = Stage::default();
    stage.enter("uploading the artifact");
    assert_eq!(
        code(std::future::pending(), &stage).await,
        "JOB05: not done within 0.1 s, while uploading the artifact; stopped in time to report it"
    );
}

#[tokio::test]
async fn a_panic_is_an_outcome_and_shows_nothing_of_its_message() {
    let stage = Stage::default();
    let panics = async { panic!("with planted-secret") };
    assert_eq!(code(panics, &stage).await, "JOB06: a defect of this function, while reading the event");
}

#[tokio::test]
async fn an_outcome_is_handed_on() {
    let outcome = bounded(Duration::from_secs(5), &Stage::default(), async { Ok(7) }).await;
    assert_eq!(outcome.expect("the outcome"), 7);
}
