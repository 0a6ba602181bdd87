//! The clock of the program that is shipped.

use std::process::Command;

#[test]
fn it_is_that_of_the_machine_whatever_the_environment_says() {
    let program = env!("CARGO_BIN_EXE_codedeploy-artifact");
    let search = |text: &str| Command::new("grep").args(["-q", "-a", "-F", text, program]).status().unwrap().success();
    assert!(search("CODEDEPLOY_ARTIFACT_EXTERNAL_ID"), "the search finds nothing");
    assert_eq!(search("CODEDEPLOY_ARTIFACT_TIME_SCALE"), cfg!(feature = "simulated-time"));
}
