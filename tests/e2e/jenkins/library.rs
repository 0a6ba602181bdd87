//! The shared library: its keys, its refusals, what it makes of hostile values, and what it returns.

use std::collections::BTreeSet;

use super::*;

/// Runs Groovy of a user in a container of ours.
fn plan(scene: &Scene, text: &str) -> Value {
    let mut plan = scene.plan();
    plan["text"] =
        json!(format!("docker.image('codedeploy-artifact').inside('-e AWS_REGION') {{ withAWS([:]) {{\n{text}\n}} }}"));
    plan
}

/// An AppSpec for the second revision.
fn appspec() -> String {
    let appspec = samples::appspec("arn:aws:ecs:eu-west-1:111111111111:task-definition/shop-web:2");
    samples::with_container(&appspec, "web").to_string()
}

/// Commands that are of no use to a build. They are named, so that a new command is not forgotten.
const NOT_FOR_BUILDS: [&str; 3] = ["explain", "completions", "man"];

/// The commands with their arguments as keys, as the library has them.
fn verbs() -> String {
    let mut text = String::new();
    for command in step_image::command().get_subcommands() {
        if NOT_FOR_BUILDS.contains(&command.get_name()) {
            continue;
        }
        let mut line = format!("        {}: '", command.get_name());
        for argument in command.get_arguments() {
            let key = argument.get_long().unwrap_or(argument.get_id().as_str()).replace('-', "_");
            // The step asks for JSON itself, what `--print` prints is in the artifact, and the name that `rotate` takes
            // has a flag.
            if ["output", "print", "unified", "explain", "help", "name"].contains(&key.as_str()) {
                continue;
            }
            if line.len() + key.len() > 114 {
                text.extend([&line, "' +\n"]);
                line = String::from("            '");
            }
            line.extend([&key, " "]);
        }
        text.extend([line.trim_end(), "',\n"]);
    }
    text
}

#[test]
fn the_library_knows_the_keys_of_the_program() {
    let library = include_str!("../../../step-image/jenkins/src/codedeploy/CommandLine.groovy");
    let (before, rest) = library.split_once("static final Map VERBS = [\n").expect("the beginning of the verbs");
    let (_, after) = rest.split_once("    ]\n").expect("the end of the verbs");
    let library = format!("{before}static final Map VERBS = [\n{}    ]\n{after}", verbs());
    expect_test::expect_file!["../../../step-image/jenkins/src/codedeploy/CommandLine.groovy"].assert_eq(&library);
}

#[test]
fn what_is_given_wrongly_is_refused_before_anything_runs() {
    let cases = [
        ("codedeployArtifact task_defintion: 'a', artifact: 'a.zip'", "did you mean \"task_definition\"?"),
        ("codedeployArtifact.deploy aplication: 'a'", "did you mean \"application\"?"),
        ("codedeployArtifact verb: 'upload', zzzzzzzzzz: 'a'", "expected one of path, to, kms_key"),
        ("codedeployArtifact verb: 'destroy'", "unknown verb \"destroy\"; expected one of generate, check"),
        (
            "codedeployArtifact.wait timeout: '1h'",
            "wait requires the key \"id\", or \"service\", or \"application\" and \"deployment_group\"",
        ),
        ("codedeployArtifact()", "exit code 2"),
    ];
    let scene = Scene::new(group(), Scenario::Succeeds);
    let plans: Vec<Value> = cases.iter().map(|(text, _)| plan(&scene, text)).collect();
    for ((text, says), build) in cases.iter().zip(groovy::run(&plans).into_iter().flatten()) {
        sound(&build);
        let log = build["log"].as_str().unwrap_or_default();
        assert!(build["result"] == "FAILURE" && log.contains(says), "{text}: {log}");
        assert_eq!(steps(&build, "sh").len(), usize::from(says.starts_with("exit")), "{text}: {log}");
    }
    assert!(scene.aws.all_calls().is_empty());
}

/// Everything a shell might read: quotes, substitutions, globs, line ends, a leading dash.
const HOSTILE: &str = "it's \"$(touch pwned)\" `touch pwned` ${HOME} \\ * ; touch pwned # é --x";

#[test]
fn no_value_is_read_by_the_shell() {
    let scene = Scene::new(group(), Scenario::Succeeds);
    let text = "
        String hostile = params.HOSTILE
        answers << codedeployArtifact(task_definition: 'shop-web', artifact: \"${hostile}.zip\", images: [web: 'repository/app:9'],
            network: [subnets: ['subnet-1', 'subnet-2'], security_groups: ['sg-1'], assign_public_ip: 'DISABLED'],
            capacity_provider_strategy: [[capacity_provider: 'FARGATE', base: 1, weight: 2]], result: 'it is.json')
        answers << codedeployArtifact.deploy(artifact: \"${hostile}.zip\", application: 'shop', deployment_group: 'shop',
            register: true, no_wait: true, description: hostile, auto_rollback: ['failure', 'alarm'], alarm: ['a b', hostile],
            external_id: null)
    ";
    let mut plan = plan(&scene, text);
    plan["params"]["HOSTILE"] = json!(HOSTILE);
    let Some(builds) = groovy::run(&[plan]) else { return };
    let build = &builds[0];
    sound(build);
    assert_eq!(build["result"], "SUCCESS", "{}", build["log"]);
    assert!(scene.file("pwned").is_none());
    let create = scene.aws.calls("codedeploy:CreateDeployment")[0].json();
    assert!(create["description"].as_str().is_some_and(|text| text.ends_with(HOSTILE)), "{create}");
    assert_eq!(create["overrideAlarmConfiguration"]["alarms"], json!([{"name": "a b"}, {"name": HOSTILE}]));
    let events = json!(["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"]);
    assert_eq!(create["autoRollbackConfiguration"]["events"], events, "{create}");
    let content = create["revision"]["appSpecContent"]["content"].as_str().unwrap_or_default();
    assert!(content.contains("subnet-2") && content.contains("FARGATE"), "{content}");
    let (made, deployed) = (&build["answers"][0], &build["answers"][1]);
    assert_eq!((&made["exit_code"], &made["container_name"]), (&json!(0), &json!("web")), "{made}");
    assert_eq!(made["artifact"]["path"], format!("{HOSTILE}.zip"), "{made}");
    assert_eq!(deployed["deployment_id"], scene.aws.deployments()[0]["deploymentId"], "{deployed}");
}

/// `sound` looks for it in all that Jenkins shows and keeps: the log, and the arguments of every step.
#[test]
fn an_external_id_reaches_no_log_and_no_script() {
    let scene = Scene::new(group(), Scenario::Succeeds);
    let text = "
        withCredentials([string(credentialsId: 'deployer-external-id', variable: 'EXTERNAL_ID')]) {
            def role = [role_arn: 'arn:aws:iam::111111111111:role/codedeploy-deployer', external_id: env.EXTERNAL_ID]
            codedeployArtifact([service: 'prod/shop', artifact: 'a.zip', appspec_task_definition: 'arn'] + role)
            codedeployArtifact.deploy([artifact: 'a.zip', application: 'shop', deployment_group: 'shop', no_wait: true,
                debug: true] + role)
        }
        codedeployArtifact task_definition: 'shop-web', artifact: 'b.zip', variables: [KEY: 'planted=1'], return_status: true
    ";
    let Some(builds) = groovy::run(&[plan(&scene, text)]) else { return };
    sound(&builds[0]);
    assert_eq!(builds[0]["result"], "SUCCESS", "{}", builds[0]["log"]);
    let log = builds[0]["log"].as_str().unwrap_or_default();
    assert!(
        log.contains("CODEDEPLOY_ARTIFACT_EXTERNAL_ID=*** codedeploy-artifact ") && !log.contains("--external-id"),
        "{log}"
    );
    let line = "debug: codedeploy:CreateDeployment region=eu-west-1 attempt=1/1 status=200 ";
    assert!(log.contains(" deploy --output json --debug ") && log.contains(line), "{log}");
    assert!(log.contains("--variables=KEY=***") && !log.contains("planted=1"), "{log}");
    let caller = scene.aws.calls("codedeploy:CreateDeployment")[0].caller.clone().unwrap_or_default();
    assert!(caller.contains("assumed-role/codedeploy-deployer/"), "{caller}");
}

/// The exit code 20 of `diff` is a result; any other one fails the build.
#[test]
fn changes_do_not_fail_a_build() {
    let scene = Scene::new(group(), Scenario::Succeeds);
    let text = "
        codedeployArtifact service: 'prod/shop', images: [web: 'repository/app:9'], artifact: 'a.zip'
        answers << codedeployArtifact.diff(path: 'a.zip', service: 'prod/shop')
        answers << codedeployArtifact.diff(path: 'a.zip', against: 'a.zip')
        codedeployArtifact.diff path: 'a.zip', service: 'prod/none'
    ";
    let Some(builds) = groovy::run(&[plan(&scene, text)]) else { return };
    sound(&builds[0]);
    let answers = &builds[0]["answers"];
    assert_eq!((&answers[0]["exit_code"], &answers[0]["summary"]), (&json!(20), &json!("1 change: web image")));
    assert_eq!((&answers[1]["exit_code"], &answers[1]["changes"]), (&json!(0), &json!([])));
    assert_eq!(builds[0]["result"], "FAILURE", "{}", builds[0]["log"]);
    assert!(builds[0]["log"].as_str().is_some_and(|log| log.contains("SVC02")), "{}", builds[0]["log"]);
}

#[test]
fn every_verb_returns_what_it_found() {
    let scene = Scene::new(group(), Scenario::HookFails("AfterInstall"));
    let text = "
        codedeployArtifact task_definition: 'shop-web:2', artifact: 'a.zip', appspec_task_definition: 'arn'
        answers << codedeployArtifact.upload(path: 'a.zip', to: 's3://shop-revisions/a.yml')
        def failed = codedeployArtifact.deploy(revision: 's3://shop-revisions/a.yml', application: 'shop',
            deployment_group: 'shop', return_status: true)
        answers << failed
        answers << codedeployArtifact.status(id: failed.deployment_id)
        answers << codedeployArtifact.stop(id: failed.deployment_id)
        answers << codedeployArtifact.wait(id: failed.deployment_id, return_status: true, publish: false, report: 'w.xml')
    ";
    let Some(builds) = groovy::run(&[plan(&scene, text)]) else { return };
    let build = &builds[0];
    sound(build);
    // The report has failures in it, and the build was not to fail of them.
    assert_eq!(build["result"], "UNSTABLE", "{}", build["log"]);
    let answers = build["answers"].as_array().expect("answers");
    let codes: Vec<_> = answers.iter().map(|answer| answer["exit_code"].as_i64()).collect();
    assert_eq!(codes, [0, 10, 0, 0, 10].map(Some), "{answers:#?}");
    assert_eq!(answers[0]["key"], "a.yml", "{}", answers[0]);
    assert_eq!(answers[3]["outcome"], "already-finished", "{}", answers[3]);
    let ids: BTreeSet<_> = answers[1..].iter().map(|answer| answer["deployment_id"].to_string()).collect();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert!(scene.file("w.xml").is_some());
    assert_eq!(steps(build, "junit").len(), 1, "publish: false publishes nothing");
}

#[test]
fn a_group_stands_for_its_newest_deployment() {
    let scene = Scene::new(group().termination_wait(600), Scenario::Succeeds);
    scene.scratch.write("workspace/a.json", appspec());
    let text = "
        def shop = [application: 'shop', deployment_group: 'shop']
        answers << codedeployArtifact.deploy(shop + [appspec: 'a.json', no_wait: true])
        answers << codedeployArtifact.wait(shop + [timeout: '1m', return_status: true, publish: false])
        answers << codedeployArtifact.status(shop)
        answers << codedeployArtifact.stop(shop + [cluster: 'prod', service: 'shop'])
        answers << codedeployArtifact.list(service: 'prod/shop', status: ['active', 'failed', 'stopped'], limit: 1)
    ";
    let Some(builds) = groovy::run(&[plan(&scene, text)]) else { return };
    let build = &builds[0];
    sound(build);
    assert_eq!(build["result"], "SUCCESS", "{}", build["log"]);
    let answers = build["answers"].as_array().expect("answers");
    let codes: Vec<_> = answers.iter().map(|answer| answer["exit_code"].as_i64()).collect();
    assert_eq!(codes, [0, 13, 0, 0, 0].map(Some), "{answers:#?}");
    let id = &scene.aws.deployments()[0]["deploymentId"];
    assert!(answers[..4].iter().all(|answer| answer["deployment_id"] == *id), "{answers:#?}");
    assert_eq!(answers[4]["deployments"].as_array().map(Vec::len), Some(1), "{}", answers[4]);
    assert!(scene.file("codedeploy-artifact-list-prod-shop.json").is_some());
}

/// While a rollback or somebody else's deployment is followed, the program speaks of those.
#[test]
fn the_deployment_that_is_returned_is_the_one_that_was_made() {
    let scene = Scene::new(group(), Scenario::Succeeds);
    let created = r#"{"event":"created","deployment":"d-OURS","adopted":false}"#;
    let rollback = r#"{"event":"heartbeat","deployment":"d-ROLL","of_rollback":true}"#;
    let other = r#"{"event":"waits-for-other","deployment":"d-OTHER"}"#;
    let expired = r#"{"error":{"code":"DEP20","message":"m","hint":"h"}}"#;
    let end = r#"{"verdict":"succeeded","deployment":{"id":"d-OURS"}}"#;
    let cases = [
        (vec![created, rollback, expired], "", json!("d-OURS")),
        (vec![other, expired], "", json!(null)),
        (vec![other, created, rollback, end], "", json!("d-OURS")),
        (vec![rollback, expired], "d-GIVEN", json!("d-GIVEN")),
        (vec![], "d-GIVEN", json!("d-GIVEN")),
    ];
    let calls = cases.iter().map(|(lines, given, _)| {
        let lines = lines.join("\\n");
        format!(
            "answers << codedeploy.CommandLine.result(15, '{lines}', {})\n",
            if given.is_empty() { "null".to_owned() } else { format!("'{given}'") }
        )
    });
    let again = "codedeploy.CommandLine.following([verb: 'deploy', timeout: '2h'], [exit_code: ";
    let again = format!("answers << {again}15, deployment_id: null])\nanswers << {again}16])\n");
    let known = "codedeploy.CommandLine.following([verb: 'wait', service: 'prod/shop', timeout: '2h'], [exit_code: 15, \
         deployment_id: 'd-1'])";
    let lost = "codedeploy.CommandLine.following([verb: 'stop', service: 'prod/shop', wait: true], [exit_code: 15])";
    let again = format!("{again}answers << {known}\nanswers << ({lost} == null)\n");
    let Some(mut builds) = groovy::run(&[plan(&scene, &(calls.collect::<String>() + &again))]) else { return };
    sound(&builds[0]);
    let answers = builds[0]["answers"].as_array_mut().expect("answers");
    let expect = [
        json!({"verb": "deploy", "timeout": "2h", "resume": true}),
        json!({"verb": "deploy", "timeout": "2h"}),
        json!({"verb": "wait", "timeout": "2h", "id": "d-1", "on_abort": "leave"}),
        json!(true),
    ];
    assert_eq!(answers.split_off(cases.len()), expect, "a lost answer is looked for, what was not made is made");
    let found: Vec<_> =
        builds[0]["answers"].as_array().expect("answers").iter().map(|it| &it["deployment_id"]).collect();
    assert_eq!(found, cases.iter().map(|(.., id)| id).collect::<Vec<_>>(), "{}", builds[0]["answers"]);
}

#[test]
fn a_session_that_ends_before_a_deployment_is_made_is_followed_by_another() {
    let scene = Scene::new(group().termination_wait(60), Scenario::Succeeds);
    scene.scratch.write("workspace/a.json", appspec());
    let text = "
        def to = [appspec: 'a.json', application: 'shop', deployment_group: 'shop']
        codedeployArtifact.deploy(to + [no_wait: true, publish: false])
        withEnv(['BUILD_TAG=other']) {
            answers << codedeployArtifact.deploy(to + [on_conflict: 'wait',
                with_credentials: { work -> withAWS([:]) { work() } }])
        }
    ";
    let mut plan = plan(&scene, text);
    let short = scene.aws.session(ACCOUNT, "jenkins", &["*"]);
    let (long, of_short) = (variables(&scene.keys), variables(&short));
    plan["sessions"] = json!([long, of_short, long]);
    let builds = std::thread::scope(|scope| {
        scope.spawn(|| pipelines::expire_in_the_middle(&scene, &short));
        groovy::run(&[plan])
    });
    let Some(build) = builds.into_iter().flatten().next() else { return };
    sound(&build);
    let exits: Vec<_> = calls(&build).iter().map(|step| step["exit"].as_i64()).collect();
    assert_eq!(exits, [Some(0), Some(16), Some(0)], "{}\n{}", build["steps"], build["log"]);
    assert_eq!((&build["result"], scene.count("codedeploy:CreateDeployment")), (&json!("SUCCESS"), 2), "{build}");
    assert_eq!(build["answers"][0]["deployment_id"], scene.aws.deployments()[1]["deploymentId"], "{build}");
    assert!(scene.file("codedeploy-artifact-deploy-shop-shop.json").is_some());
}

#[test]
fn exit_codes_become_results() {
    let cases = [
        ("timeout: '10m'", 13, "FAILURE", "still in progress; use the verb wait"),
        ("deployment_group: 'none'", 3, "FAILURE", "none"),
        ("on_conflict: 'fail'", 14, "NOT_BUILT", "another deployment is active"),
    ];
    let scenes: Vec<_> = cases.iter().map(|_| Scene::new(group().termination_wait(600), Scenario::Succeeds)).collect();
    let plans: Vec<Value> = cases.iter().zip(&scenes).map(|((more, code, ..), scene)| {
        scene.scratch.write("workspace/a.json", appspec());
        let first = "codedeployArtifact.deploy(appspec: 'a.json', application: 'shop', deployment_group: 'shop', no_wait: true)\n";
        let first = if *code == 14 { first } else { "" };
        // Another build number, or the second would be the first one's.
        let text = format!(
            "{first} withEnv(['BUILD_TAG=other']) {{ codedeployArtifact.deploy([appspec: 'a.json', application: 'shop', \
             deployment_group: 'shop'] + [{more}]) }}"
        );
        plan(scene, &text)
    }).collect();
    for ((more, code, result, says), build) in cases.iter().zip(groovy::run(&plans).into_iter().flatten()) {
        sound(&build);
        let log = build["log"].as_str().unwrap_or_default();
        assert_eq!(steps(&build, "sh").last().map(|step| &step["exit"]), Some(&json!(code)), "{more}: {log:.3000}");
        assert_eq!(build["result"], *result, "{more}: {log}");
        assert!(log.contains(says), "{more}: {log}");
    }
}

#[test]
fn a_build_shows_the_page_and_what_came_of_it() {
    let scene = Scene::new(group(), Scenario::HookFails("AfterInstall"));
    let text = "
        codedeployArtifact service: 'prod/shop', images: [web: 'repository/app:9'], artifact: 'a.zip'
        def shop = [artifact: 'a.zip', register: true, application: 'shop', deployment_group: 'shop', return_status: true]
        codedeployArtifact.deploy(shop)
        codedeployArtifact.deploy(shop + [resume: true, report: ['out/again.html', 'again.xml']])
        codedeployArtifact.deploy(shop + [resume: true, publish: false])
    ";
    let mut with = plan(&scene, text);
    with["publisher"] = json!(true);
    let Some(builds) = groovy::run(&[with]) else { return };
    let build = &builds[0];
    sound(build);
    let published: Vec<_> = steps(build, "publishHTML").iter().map(|step| (&step["name"], &step["files"])).collect();
    let name = |name: &str| json!(name);
    let expect = [
        (name("deployment-shop-shop"), json!(["./deployment-shop-shop.html"])),
        (name("again"), json!(["out/again.html"])),
    ];
    assert_eq!(published, expect.iter().map(|(name, files)| (name, files)).collect::<Vec<_>>(), "{}", build["log"]);
    let description = build["description"].as_str().expect("a description");
    let said: Vec<&str> = description.split("; ").collect();
    assert_eq!(said.len(), 2, "publish: false adds nothing: {description}");
    assert!(said[0].starts_with("shop-web:3 \u{2192} failed-and-rolled-back: "), "{description}");
    assert!(said[0].contains("AfterInstall"), "{description}");
    // Jenkins may show it as HTML.
    assert!(!description.contains(['<', '>', '&']) && description.len() < 400, "{description}");
}
