//! Credentials that expire before the end of the wait: the warning is printed before it begins.

use std::time::Instant;

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use e2e::fake_aws::codedeploy::Listing;

use super::*;

const WARNING: &str = "warning: these are temporary credentials that nobody renews";

/// A time from now, as `aws configure export-credentials` writes it.
fn in_minutes(minutes: i64) -> String {
    let then = OffsetDateTime::now_utc().replace_nanosecond(0).unwrap() + time::Duration::minutes(minutes);
    then.format(&Rfc3339).unwrap()
}

/// The next session of a build comes when its deployment may have ended already.
#[test]
fn a_build_that_is_resumed_finds_its_deployment_although_it_has_ended() {
    for (scenario, code) in [(Scenario::Succeeds, 0), (Scenario::HookFails("AfterInstall"), 10)] {
        let stage = Stage::playing(group(), scenario);
        let environment = stage.environment().with("BUILD_TAG", "jenkins-shop-web-7");
        let deploy = |more: &[&str]| {
            Run::new(stage.deploy_args(&[&["--output", "json"], more].concat())).environment(environment.clone()).run()
        };
        let first = deploy(&[]);
        assert_eq!(first.code, code, "{}", first.stderr);
        let id = &last(&first)["deployment"]["id"];
        let planned = deploy(&["--resume", "--dry-run"]).text();
        let ours = format!("{} belongs to this build", id.as_str().unwrap_or_default());
        assert!(planned.contains(&ours), "{planned}");
        let resumed = deploy(&["--resume"]);
        assert_eq!(resumed.code, code, "{}", resumed.stderr);
        assert_eq!((&last(&resumed)["deployment"]["id"], &last(&resumed)["adopted"]), (id, &true.into()));
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 1, "{code}");
        // Without it the step is tried again.
        deploy(&["--no-wait"]);
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 2, "{code}");
        // Without a build there is nothing to know it by.
        let nobody = stage.deploy(&["--resume"]);
        assert_eq!(nobody.code, 2, "{}", nobody.stderr);
        assert!(nobody.stderr.contains("DEP26: --resume: "), "{}", nobody.stderr);
        // Where the build has made none yet, one is made.
        let other = environment.clone().with("BUILD_TAG", "jenkins-shop-web-8");
        let args = stage.deploy_args(&["--resume", "--on-conflict", "wait", "--no-wait"]);
        assert_eq!(Run::new(args).environment(other).run().code, 0);
        assert_eq!(stage.count("codedeploy:CreateDeployment"), 3, "{code}");
    }
}

/// What the deployment needs was registered by the run that made it. By now the family may have another newest revision.
#[test]
fn nothing_is_registered_for_a_deployment_that_is_there() {
    let stage = Stage::new(group());
    let environment = stage.environment().with("BUILD_TAG", "jenkins-shop-web-7");
    let artifact = stage.scratch.path().join("artifact.zip").display().to_string();
    let run = |args: &[&str]| Run::new(args.iter().copied()).environment(environment.clone()).run();
    let image = ["generate", "--artifact", &artifact, "--task-definition", "web:2", "--images", "app=repo/app:9"];
    assert_eq!(run(&image).code, 0);
    let args = ["deploy", "--artifact", &artifact, "--application", "shop", "--deployment-group", "web", "--register"];
    let deploy = |more: &[&str]| run(&[&args[..], &["--output", "json"], more].concat());
    let first = deploy(&[]);
    assert_eq!((first.code, &last(&first)["task_definition"]["registered"]), (0, &true.into()), "{}", first.stderr);
    // Somebody else has another image meanwhile.
    stage.aws.add_task_definition(&samples::task_definition(ACCOUNT, REGION, "web", 4, "x").to_string());
    let resumed = deploy(&["--resume"]);
    assert_eq!((resumed.code, &last(&resumed)["task_definition"]), (0, &Value::Null), "{}", resumed.stderr);
    assert_eq!(stage.count("ecs:RegisterTaskDefinition"), 1);
    let said = run(&[&args[..], &["--resume", "--no-wait"]].concat()).text();
    assert!(said.contains(" already exists"), "{said}");
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

/// Within this time a command has sent its request, also on a busy machine.
const LONGEST: Duration = Duration::from_mins(1);

/// The answer of `CreateDeployment` is lost, and the credentials expire before anything else is known.
#[test]
fn a_rollback_whose_answer_is_lost_with_the_credentials_says_what_to_look_for() {
    let expired = || Fault::Refuse {
        status: 400,
        code: "ExpiredTokenException".to_owned(),
        message: "The security token included in the request is expired".to_owned(),
    };
    let check = |lost: Fault, in_the_look: bool| {
        let stage = Stage::new(group());
        let first = stage.scratch.write("first.json", samples::appspec(&arn(1)).to_string()).display().to_string();
        let group = ["--application", "shop", "--deployment-group", "web"];
        assert_eq!(stage.run(&[&["deploy", "--appspec", &first], &group[..]].concat()).code, 0);
        assert_eq!(stage.deploy(&[]).code, 0);
        // What is made from now on is not listed yet; what is there is older.
        stage.aws.clock().advance(Duration::from_hours(2));
        stage.aws.set_listing(Listing { lag: Duration::from_hours(1), ..Listing::default() });
        let faults = if in_the_look { vec![lost] } else { vec![lost, expired()] };
        stage.aws.fail_next("codedeploy:CreateDeployment", faults);
        let mut environment = stage.environment();
        if in_the_look {
            // Its ten seconds are two real ones, in which the credentials expire.
            stage.aws.clock().speed(5.0);
            environment = stage.environment_at(5);
        }
        let rollback = Run::new([&["rollback", "--yes", "--no-wait"], &group[..]].concat());
        let running = rollback.environment(environment).start();
        let started = Instant::now();
        while in_the_look && stage.count("codedeploy:CreateDeployment") < 3 && started.elapsed() < LONGEST {
            std::thread::sleep(Duration::from_millis(5));
        }
        if in_the_look {
            stage.aws.fail_always("codedeploy:*", expired());
        }
        let output = running.wait();
        assert_eq!(output.code, 15, "{}", output.stderr);
        for part in ["DEP31: ", "look for [token:", "if there is none, run the command again"] {
            assert!(output.stderr.contains(part), "no {part} in {}", output.stderr);
        }
        assert!(!output.stderr.contains("--resume"), "{}", output.stderr);
    };
    std::thread::scope(|scope| {
        let check = &check;
        for lost in [Fault::ResetAfter, Fault::ResetBefore] {
            for in_the_look in [false, true] {
                let lost = lost.clone();
                scope.spawn(move || check(lost, in_the_look));
            }
        }
    });
}
