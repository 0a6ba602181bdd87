//! `diff`: an artifact against what runs in the fake AWS and in moto.

use e2e::{moto::Moto, secrets, unique};
use serde_json::json;

use super::*;

const TERRAFORM: &str = "arn:aws:sts::111111111111:assumed-role/terraform/ci";

/// Registers a revision of `web` with these changes, as somebody.
fn register(stage: &Stage, revision: u64, by: &str, change: impl Fn(&mut Value)) {
    let mut answer = version(revision, "repo/web:1");
    answer["taskDefinition"]["registeredBy"] = by.into();
    change(&mut answer["taskDefinition"]);
    stage.aws.add_task_definition(&answer.to_string());
}

/// Generates the artifact of what the service runs, as a pipeline does with a template of its own.
fn artifact(stage: &Stage, more: &[&str]) -> String {
    let path = stage.scratch.path().join("artifact.zip").display().to_string();
    let args = ["generate", "--artifact", &path, "--service", "main/web", "--task-definition", "web:1"];
    let made = stage.run(&[&args[..], more].concat());
    assert_eq!(made.code, 0, "{}", made.stderr);
    path
}

/// What a deployment of it would change; only described, and only with the actions of a reader.
fn compared(stage: &Stage, args: &[&str]) -> Output {
    let (before, output) = (stage.aws.all_calls().len(), stage.run(&[&["diff"], args].concat()));
    let calls = stage.aws.all_calls();
    let reads = |call: &str| ["DescribeServices", "DescribeTaskDefinition"].contains(&call);
    assert!(calls[before..].iter().all(|call| call.service == "ecs" && reads(&call.operation)), "{args:?}");
    botocore::check(&calls);
    output
}

#[test]
fn what_runs_is_compared_with_an_artifact() {
    let stage = Stage::new(group());
    let same = artifact(&stage, &[]);
    let none = compared(&stage, &[&same, "--service", "main/web"]);
    assert_eq!(none.code, 0, "{}\n{}", none.text(), none.stderr);
    assert!(none.text().ends_with("\nno changes\n"), "{}", none.text());

    let other = artifact(&stage, &["--images", "app=repo/web:2", "--platform-version", "1.3.0"]);
    let changes = compared(&stage, &[&other, "--service", "main/web", "--output", "json"]);
    assert_eq!(changes.code, 20, "{}", changes.stderr);
    assert_eq!(
        changes.json()["changes"],
        json!([
            {"path": "containerDefinitions[app].image", "kind": "changed", "before": "repo/web:1", "after": "repo/web:2", "hidden": false},
            {"path": "AppSpec.PlatformVersion", "kind": "changed", "before": "1.4.0", "after": "1.3.0", "hidden": false},
        ])
    );
    assert_eq!(changes.json()["summary"], "2 changes: app image, AppSpec PlatformVersion");
    let revision = compared(&stage, &[&other, "--task-definition", "web"]);
    assert_eq!(revision.code, 0, "{}", revision.text());
    assert!(revision.text().contains("the AppSpec was not compared"), "{}", revision.text());

    // The AppSpec alone names the second revision, which is described.
    let named = compared(&stage, &["--appspec", &stage.appspec, "--service", "main/web"]);
    assert_eq!(named.code, 20, "{}", named.stderr);
    assert!(named.text().contains("~ image: repo/web:1 -> repo/web:2 (tag)"), "{}", named.text());
}

/// After a deployment the primary task set is what counts, not the members of the service.
#[test]
fn the_primary_task_set_is_what_runs() {
    let stage = Stage::new(group());
    let old = artifact(&stage, &[]);
    assert_eq!(stage.deploy(&[]).code, 0);
    let output = compared(&stage, &[&old, "--service", "main/web"]);
    assert_eq!(output.code, 20, "{}", output.stderr);
    assert!(output.text().starts_with("main/web (web:2) -> "), "{}", output.text());
    assert!(output.text().contains("~ image: repo/web:2 -> repo/web:1 (tag)"), "{}", output.text());
}

/// A dry run shows the same changes, also where the AppSpec names the revision itself.
#[test]
fn a_dry_run_shows_the_changes() {
    let stage = Stage::new(group());
    let other = artifact(&stage, &["--images", "app=repo/web:3"]);
    let group = ["--application", "shop", "--deployment-group", "web", "--dry-run"];
    let dry = stage.run(&[&["deploy", "--artifact", &other, "--register"], &group[..]].concat());
    assert_eq!(dry.code, 0, "{}", dry.stderr);
    let section = "container app\n  ~ image: repo/web:1 -> repo/web:3 (tag)\n";
    assert!(
        dry.text().contains(section) && dry.text().ends_with("1 change: app image\n\nnothing was changed\n"),
        "{}",
        dry.text()
    );
    let named = stage.deploy(&["--dry-run", "--output", "json"]);
    assert_eq!(last(&named)["diff"]["summary"], "1 change: app image", "{}", named.text());
    assert_eq!(last(&named)["diff"]["changes"][0]["after"], "repo/web:2", "{}", named.text());
}

/// The set-up of most guides: Terraform registers a revision with more CPU, and the template of the pipeline has the old one.
#[test]
fn what_terraform_registered_and_a_deployment_undoes_is_said() {
    let stage = Stage::new(group());
    let ours = artifact(&stage, &["--images", "app=repo/web:2"]);
    register(&stage, 3, TERRAFORM, |it| it["cpu"] = json!("512"));
    let output = compared(&stage, &[&ours, "--service", "main/web", "--three-way"]);
    assert_eq!(output.code, 20, "{}", output.stderr);
    let text = output.text();
    for line in [
        &format!("web:3 (registered by {TERRAFORM}) against web:1"),
        "  ! undone: cpu: web:3 has 512, and this deployment brings back 256",
        "1 change: app image; undoes 1 change of web:3",
    ] {
        assert!(text.lines().any(|it| it.starts_with(line)), "{line}\n{text}");
    }

    // A deployment has undone it meanwhile. It is still not what Terraform wants.
    register(&stage, 4, "arn:aws:sts::111111111111:assumed-role/deployer/session", |_| {});
    let appspec = stage.scratch.write("four.json", samples::appspec(&arn(4)).to_string()).display().to_string();
    let deployed = stage.run(&["deploy", "--appspec", &appspec, "--application", "shop", "--deployment-group", "web"]);
    assert_eq!(deployed.code, 0, "{}", deployed.stderr);
    let output = compared(&stage, &[&ours, "--service", "main/web", "--three-way", "--output", "json"]);
    let three_way = &output.json()["three_way"];
    assert_eq!((&three_way["base"]["name"], &three_way["theirs"]["name"]), (&json!("web:2"), &json!("web:3")));
    let undone = three_way["members"].as_array().expect("members").iter().find(|it| it["path"] == "cpu");
    assert_eq!(undone.expect("cpu")["state"], "undone", "{three_way}");

    let named =
        compared(&stage, &[&ours, "--service", "main/web", "--three-way", "--theirs", "web:3", "--output", "json"]);
    assert_eq!(&named.json()["three_way"], three_way);
}

#[test]
fn without_another_principal_there_is_a_note() {
    let stage = Stage::new(group());
    let ours = artifact(&stage, &[]);
    assert_eq!(stage.deploy(&[]).code, 0);
    let output = compared(&stage, &[&ours, "--service", "main/web", "--three-way"]);
    assert_eq!(output.code, 20, "{}", output.stderr);
    assert!(
        output.text().contains("note: no revision of web was found that another principal registered"),
        "{}",
        output.text()
    );
}

/// Every form of the output, `--debug` included, with secrets on both sides; [`Run`] refuses to print a planted one.
#[test]
fn no_environment_value_is_printed() {
    let stage = Stage::new(group());
    let [old, new, theirs] = ["old", "new", "theirs"].map(|of| secrets::planted(&format!("{of} value of a variable")));
    let set = |value: &str| {
        let value = value.to_owned();
        move |it: &mut Value| it["containerDefinitions"][0]["environment"][0]["value"] = json!(value)
    };
    register(&stage, 3, TERRAFORM, set(&old));
    let appspec = stage.scratch.write("three.json", samples::appspec(&arn(3)).to_string()).display().to_string();
    let group = ["--application", "shop", "--deployment-group", "web"];
    assert_eq!(stage.run(&[&["deploy", "--appspec", &appspec], &group[..]].concat()).code, 0);
    register(&stage, 4, "arn:aws:iam::111111111111:user/other", set(&theirs));
    let mut taskdef = version(3, "repo/web:1");
    set(&new)(&mut taskdef["taskDefinition"]);
    let taskdef = stage.scratch.write("taskdef.json", taskdef.to_string()).display().to_string();
    let args = ["--taskdef", &taskdef, "--service", "main/web", "--three-way"];
    for more in [&["--debug"][..], &["--unified", "--debug"], &["--output", "json"]] {
        let output = compared(&stage, &[&args[..], more].concat());
        assert_eq!(output.code, 20, "{}", output.stderr);
        assert!(output.text().contains("DATABASE_URL"), "{}", output.text());
    }
    let shown = [&["diff"], &args[..], &["--show-values"]].concat();
    let shown = Run::new(shown).environment(stage.environment()).stdout_is_artifact().run();
    assert!(shown.text().contains(&old) && shown.text().contains(&new) && shown.text().contains(&theirs));
}

/// moto, an independent emulator, adds the defaults that it knows.
#[test]
fn a_revision_that_moto_registered_is_no_change() {
    let Some(moto) = Moto::shared() else { return };
    let keys = moto.session("464646464646");
    let aws = |args: &[&str]| moto.aws(REGION, &keys, args);
    let scratch = Scratch::new();
    let (family, cluster) = (unique::name("shop"), unique::name("prod"));
    let taskdef = json!({
        "family": family, "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
        "containerDefinitions": [{
            "name": "web", "image": "nginx:1", "portMappings": [{"containerPort": 80}],
            "environment": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}],
        }],
    });
    let file = scratch.write("taskdef.json", taskdef.to_string()).display().to_string();
    aws(&["ecs", "register-task-definition", "--cli-input-json", &format!("file://{file}")]);
    aws(&["ecs", "create-cluster", "--cluster-name", &cluster]);
    let service = ["ecs", "create-service", "--cluster", &cluster, "--service-name", "shop", "--desired-count", "0"];
    aws(&[&service[..], &["--task-definition", &family, "--deployment-controller", "type=CODE_DEPLOY"]].concat());

    let environment = Environment::of_aws(&moto.url(), REGION, &keys);
    let diff = |args: &[&str]| Run::new([&["diff"], args].concat()).environment(environment.clone()).run();
    let running = format!("{cluster}/shop");
    for old in [["--service", &running], ["--task-definition", &family]] {
        let same = diff(&[&["--taskdef", &file], &old[..]].concat());
        assert_eq!(same.code, 0, "{}\n{}", same.text(), same.stderr);
    }
    let mut other = taskdef;
    other["cpu"] = json!("512");
    other["containerDefinitions"][0]["environment"] = json!([{"name": "A", "value": "1"}]);
    let other = scratch.write("other.json", other.to_string()).display().to_string();
    let changed = diff(&["--taskdef", &other, "--service", &running]);
    assert_eq!(changed.code, 20, "{}", changed.stderr);
    assert!(changed.text().ends_with("\n2 changes: 1 environment variable, cpu\n"), "{}", changed.text());
}
