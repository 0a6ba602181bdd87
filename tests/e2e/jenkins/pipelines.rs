//! The four Jenkinsfiles, each to its good end, to a rollback and to an abort.

use std::{thread, time::Duration};

use super::*;

const FILES: [&str; 4] =
    ["Jenkinsfile.declarative", "Jenkinsfile.scripted", "Jenkinsfile.kubernetes", "Jenkinsfile.library"];

/// A plan for a Jenkinsfile of ours.
fn plan(scene: &Scene, file: &str) -> Value {
    let mut plan = scene.plan();
    plan["file"] = json!(groovy::library().join(file));
    if ["Jenkinsfile.scripted", "Jenkinsfile.library"].contains(&file) {
        plan["params"]["IMAGE"] = json!("repository/app:9");
    }
    if file == "Jenkinsfile.scripted" {
        // The keys of the fake are those of a session, and have a third part.
        plan["variables"]["AWS_SESSION_TOKEN"] = json!(scene.keys.session_token);
    }
    if !scene.fast {
        let label = if file == "Jenkinsfile.library" { "codedeploy-artifact deploy" } else { "Deploy" };
        plan["abort"] = json!({"label": label, "says": " created"});
    }
    plan
}

/// The exit code of the step that deployed.
fn deployed(build: &Value) -> Option<i64> {
    let last = calls(build).pop()?;
    assert!(
        last["script"].as_str()?.contains(" --report") || last["script"].as_str()?.contains("'--report="),
        "{last}"
    );
    last["exit"].as_i64()
}

/// The stages in which something was done, in their order.
fn stages(build: &Value) -> Vec<String> {
    let mut stages = Vec::new();
    for step in build["steps"].as_array().expect("the steps") {
        if let Some(stage) = step["stage"].as_str().filter(|stage| stages.last().is_none_or(|last| last != stage)) {
            stages.push(stage.to_owned());
        }
    }
    stages
}

fn scenes(make: impl Fn() -> Scene) -> Vec<(&'static str, Scene)> {
    FILES.map(|file| (file, make())).into()
}

#[test]
fn the_pipelines_end_as_their_deployments_do() {
    let succeed = scenes(|| Scene::new(group(), Scenario::Succeeds));
    let fail = scenes(|| Scene::new(group(), Scenario::HookFails("AfterInstall")));
    let abort = scenes(|| Scene::new(group(), Scenario::Succeeds).in_real_time());
    let all = || succeed.iter().chain(&fail).chain(&abort);
    let plans: Vec<Value> = all().map(|(file, scene)| plan(scene, file)).collect();
    let Some(builds) = groovy::run(&plans) else { return };
    for ((number, (file, scene)), build) in all().enumerate().zip(&builds) {
        sound(build);
        let (result, exit) = [("SUCCESS", 0), ("FAILURE", 10), ("ABORTED", 143)][number / FILES.len()];
        let context = format!("{file}: {}\n{}", build["steps"], build["log"].as_str().unwrap_or_default());
        assert_eq!(build["result"], result, "{context}");
        assert_eq!(deployed(build), Some(exit), "{context}");
        let expect: &[&str] = match *file {
            "Jenkinsfile.declarative" => &["Artifact", "Upload", "Deploy"],
            "Jenkinsfile.kubernetes" => &["Artifact", "Upload", "Deploy", "Report"],
            "Jenkinsfile.scripted" => &["Artifact", "Deploy", "Report"],
            _ => &["Artifact", "Deploy"],
        };
        assert_eq!(stages(build), expect, "{context}");
        assert_eq!(scene.count("codedeploy:CreateDeployment"), 1, "{context}");
        assert_eq!(scene.count("codedeploy:StopDeployment"), usize::from(exit == 143), "{context}");
        reports(file, scene, build, exit, &context);
        places(file, build, &context);
        if exit == 143 {
            let stop = scene.aws.calls("codedeploy:StopDeployment")[0].json();
            assert_eq!(stop["autoRollbackEnabled"], true, "{context}");
            // The step did not end before the program did.
            assert!(
                context.contains("SIGTERM: deployment d-") && context.contains(" stopped and rolled back"),
                "{context}"
            );
        }
    }
}

/// `junit` found a report with the failure in it, and both reports are kept; after an abort there is none.
fn reports(file: &str, scene: &Scene, build: &Value, exit: i64, context: &str) {
    let (junit, archived) = (steps(build, "junit"), steps(build, "archiveArtifacts"));
    assert_eq!((junit.len(), archived.len()), (1, 1), "{context}");
    if exit == 143 {
        assert_eq!(junit[0]["files"], json!([]), "{context}");
        return;
    }
    // The library names them for the group, so that several can stand beside each other.
    let name = if file == "Jenkinsfile.library" { "deployment-shop-shop" } else { "deployment" };
    let (markdown, xml) = (format!("{name}.md"), format!("{name}.xml"));
    assert_eq!(junit[0]["files"], json!([xml]), "{context}");
    let mut files = vec![markdown.clone(), xml];
    if file == "Jenkinsfile.library" {
        files.push(format!("{name}.html"));
        let description = build["description"].as_str().unwrap_or_default();
        assert_eq!(description.contains("\u{2192} succeeded"), exit == 0, "{description}");
    }
    assert_eq!(archived[0]["files"], json!(files), "{context}");
    assert!(steps(build, "publishHTML").is_empty(), "the plugin is not installed: {context}");
    assert!(junit[0]["tests"].as_i64() > Some(0), "{context}");
    assert_eq!(junit[0]["failures"].as_i64() > Some(0), exit == 10, "{context}");
    let markdown = scene.file(&markdown).expect("the Markdown");
    assert_eq!(
        markdown.contains("AfterInstall") && markdown.contains("HOOK_EXECUTION_FAILURE"),
        exit == 10,
        "{markdown}"
    );
}

/// Each `sh` ran in our container, and the build has a limit that is longer than the program's own.
fn places(file: &str, build: &Value, context: &str) {
    let place = if file == "Jenkinsfile.kubernetes" { "pod" } else { "docker" };
    assert!(calls(build).iter().all(|step| step["place"] == place), "{context}");
    let limit = steps(build, "timeout");
    let hours = match file {
        "Jenkinsfile.kubernetes" => 3,
        "Jenkinsfile.scripted" => 5,
        _ => 13,
    };
    assert_eq!((&limit[0]["time"], &limit[0]["unit"]), (&json!(hours), &json!("HOURS")), "{context}");
    if place == "docker" {
        let inside = steps(build, "inside")[0];
        assert!(inside["image"].as_str().is_some_and(|image| image.contains("codedeploy-artifact:")), "{inside}");
        let args = "-e AWS_REGION -e AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
        assert_eq!(inside["args"], args, "what the agent's role needs: {context}");
        return;
    }
    let pod = steps(build, "podTemplate")[0]["yaml"].as_str().expect("the pod");
    let pod: Value = serde_yaml::from_str(pod).expect("YAML");
    let container = &pod["spec"]["containers"][0];
    assert_eq!(container["name"], steps(build, "container")[0]["name"], "{pod}");
    assert_eq!((&container["command"], &container["args"]), (&json!(["sleep"]), &json!(["99d"])), "{pod}");
    assert_eq!(pod["spec"]["securityContext"]["runAsUser"], 1000, "{pod}");
}

/// Agents keep their workspaces: what lies there is of another build. A pod is new for each build.
#[test]
fn a_build_that_fails_early_shows_no_reports_of_the_one_before() {
    let scenes = scenes(|| Scene::new(group(), Scenario::Succeeds));
    let scenes: Vec<_> = scenes.into_iter().filter(|(file, _)| *file != "Jenkinsfile.kubernetes").collect();
    let plans: Vec<Value> = scenes.iter().map(|(file, scene)| plan(scene, file)).collect();
    for (_, scene) in &scenes {
        let message = "User: jenkins is not authorized to perform: ecs:DescribeTaskDefinition".to_owned();
        scene
            .aws
            .fail_always("ecs:*", Fault::Refuse { status: 403, code: "AccessDeniedException".to_owned(), message });
    }
    let Some(builds) = groovy::run(&plans) else { return };
    for ((file, _), build) in scenes.iter().zip(&builds) {
        sound(build);
        assert_eq!(build["result"], "FAILURE", "{file}: {}", build["log"]);
        assert!(steps(build, "junit").iter().all(|step| step["files"] == json!([])), "{file}: {}", build["steps"]);
        assert!(steps(build, "archiveArtifacts").iter().all(|step| step["files"] == json!([])), "{file}");
    }
}

/// Sessions of `withAWS` end, and the deployment goes on: the pipeline takes a new one and finds its deployment.
#[test]
fn a_session_that_ends_is_followed_by_another() {
    if groovy::run(&[]).is_none() {
        return;
    }
    let files = ["Jenkinsfile.declarative", "Jenkinsfile.library"];
    let scenes = files.map(|file| (file, Scene::new(group().termination_wait(90), Scenario::Succeeds)));
    let short = scenes.each_ref().map(|(_, scene)| scene.aws.session(ACCOUNT, "jenkins", &["*"]));
    let plans = scenes.iter().zip(&short).map(|((file, scene), short)| {
        let mut plan = plan(scene, file);
        let (long, short) = (variables(&scene.keys), variables(short));
        let before = if *file == "Jenkinsfile.library" { 1 } else { 2 };
        plan["sessions"] = json!([vec![long.clone(); before], vec![short], vec![long]].concat());
        plan
    });
    let plans: Vec<Value> = plans.collect();
    let builds = thread::scope(|scope| {
        for ((_, scene), short) in scenes.iter().zip(&short) {
            scope.spawn(move || expire_in_the_middle(scene, short));
        }
        groovy::run(&plans)
    });
    for ((file, scene), build) in scenes.iter().zip(builds.into_iter().flatten()) {
        sound(&build);
        let shell = calls(&build);
        let exits: Vec<_> = shell.iter().rev().take(2).map(|step| step["exit"].as_i64()).collect();
        let context = format!("{file}: {}\n{}", build["steps"], build["log"].as_str().unwrap_or_default());
        assert_eq!(exits, [Some(0), Some(15)], "{context}");
        assert_eq!(build["result"], "SUCCESS", "{context}");
        assert_eq!(scene.count("codedeploy:CreateDeployment"), 1, "{context}");
        assert_eq!(steps(&build, "withAWS").len(), shell.len(), "{context}");
    }
}

pub(super) fn expire_in_the_middle(scene: &Scene, keys: &Credentials) {
    // At most as long as the harness waits for a step.
    for _ in 0..1_200 {
        if scene.count("codedeploy:GetDeployment") > 2 {
            return scene.aws.expire(keys, Duration::ZERO);
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// The limit of the program is reached: the deployment goes on, and a build with `FOLLOW` follows it.
#[test]
fn a_wait_that_timed_out_is_taken_up_by_another_build() {
    let files = ["Jenkinsfile.declarative", "Jenkinsfile.kubernetes"];
    let scenes = files.map(|file| (file, Scene::new(group().termination_wait(200), Scenario::Succeeds)));
    let plans: Vec<Value> = scenes.iter().map(|(file, scene)| plan(scene, file)).collect();
    let Some(builds) = groovy::run(&plans) else { return };
    for build in &builds {
        sound(build);
        assert_eq!((&build["result"], deployed(build)), (&json!("FAILURE"), Some(13)), "{build}");
        assert!(build["log"].as_str().is_some_and(|log| log.contains("Build again with FOLLOW")), "{build}");
    }
    let plans = scenes.iter().map(|(file, scene)| {
        let mut plan = plan(scene, file);
        plan["params"]["FOLLOW"] = scene.aws.deployments()[0]["deploymentId"].clone();
        plan["variables"]["BUILD_TAG"] = json!("jenkins-shop-deploy-8");
        plan
    });
    let plans: Vec<Value> = plans.collect();
    for (build, (_, scene)) in groovy::run(&plans).into_iter().flatten().zip(&scenes) {
        sound(&build);
        assert_eq!((&build["result"], deployed(&build)), (&json!("SUCCESS"), Some(0)), "{build}");
        assert_eq!(calls(&build).len(), 1, "nothing but the wait: {build}");
        assert_eq!(scene.count("codedeploy:CreateDeployment"), 1, "{build}");
    }
}

/// Rules of Jenkins that running does not show, and that a file which breaks each of them is found.
#[test]
fn the_files_keep_the_rules_of_jenkins() {
    let files = FILES.into_iter().chain(["vars/codedeployArtifact.groovy"]);
    let files: Vec<_> = files.map(|file| groovy::library().join(file)).collect();
    let classes = ["src/codedeploy/CommandLine.groovy", "src/codedeploy/Words.groovy"];
    let classes: Vec<_> = classes.iter().map(|file| groovy::library().join(file)).collect();
    let scratch = Scratch::new();
    let broken = scratch.write(
        "Jenkinsfile",
        "pipeline {\n stages { stage('a') { steps {\n if (x) { sh 'a' }\n sh \"a ${b}\"\n step.of()\n } } }\n}\n\
         @NonCPS\nvoid pure() {\n echo 'a'\n}\n",
    );
    let rules = |files: &[std::path::PathBuf]| json!({ "rules": files });
    let plans = [rules(&[files, classes].concat()), rules(&[broken])];
    let Some(found) = groovy::run(&plans) else { return };
    assert_eq!(found[0]["broken"], json!([]));
    let expect = [
        "Jenkinsfile:4: the script of sh is not a constant",
        "Jenkinsfile:3: not a step, outside of script",
        "Jenkinsfile:5: not a step, outside of script",
        "Jenkinsfile:10: pure is NonCPS and calls echo",
    ];
    assert_eq!(found[1]["broken"], json!(expect));
}
