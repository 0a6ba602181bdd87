//! The stage with a Commands action: CodePipeline's model has all its members, and its commands generate the artifact.

use std::{
    path::Path,
    process::{Command, Output},
};

use e2e::{
    environment::Environment,
    fake_aws::{FakeAws, s3::Bucket},
    python::Python,
    samples,
    scratch::Scratch,
};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Release, VERSION, archive, assert_generated, text};

const STAGE: &str = "step-image/codepipeline/stage.json";
const ACCOUNT: &str = "111111111111";
const REGION: &str = "eu-west-1";

/// Prints what botocore's model has against a stage.
const VALIDATE: &str = "
import json, sys, botocore.session
from botocore.validate import ParamValidator
model = botocore.session.Session().get_service_model('codepipeline')
print(ParamValidator().validate(json.load(open(sys.argv[1])), model.shape_for('StageDeclaration')).generate_report())
";

/// The commands of the action, each a line of its own.
fn commands(stage: &Value) -> Vec<String> {
    let commands = stage["actions"][0]["commands"].as_array().expect("commands").iter();
    commands.map(|command| command.as_str().expect("text").to_owned()).collect()
}

/// Runs the commands as the action does: one after the other in one shell, up to the first that fails.
fn run(python: &Python, folder: &Scratch, environment: &Environment, digest: &str) -> Output {
    let stage: Value = serde_json::from_str(&text(STAGE)).expect("JSON");
    let script = commands(&stage).join("\n").replace("SHA256", digest);
    let script = script.replace("/tmp", &folder.path().join("temp").display().to_string());
    let programs = python.program("aws");
    let programs = programs.parent().expect("its folder").display();
    let mut shell = Command::new("sh");
    shell.args(["-ec", &script]).current_dir(folder.path().join("work"));
    // The simulation sends whole objects only.
    let config = folder.write("config", "[default]\ns3 =\n  multipart_threshold = 1GB\n");
    shell.env_clear().envs(environment.iter()).env("AWS_CONFIG_FILE", config);
    shell.env("PATH", format!("{programs}:/usr/bin:/bin")).output().expect("sh")
}

#[test]
fn the_model_of_codepipeline_has_all_its_members() {
    let Some(python) = Python::shared() else { return };
    let report = |path: &Path| {
        let output = python.script(VALIDATE, &Environment::empty()).arg(path).output().expect("python");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    assert_eq!(report(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(STAGE)), "");
    let folder = Scratch::new();
    let wrong = folder.write("stage.json", text(STAGE).replace("\"files\"", "\"paths\""));
    assert!(report(&wrong).contains("paths"), "{}", report(&wrong));

    let stage: Value = serde_json::from_str(&text(STAGE)).expect("JSON");
    for command in commands(&stage) {
        assert!(!command.contains('\n') && command.len() <= 1000, "{command}");
    }
    let files = &stage["actions"][0]["outputArtifacts"][0]["files"];
    let deploy = &stage["actions"][1]["configuration"];
    assert_eq!([&deploy["AppSpecTemplatePath"], &deploy["TaskDefinitionTemplatePath"]], [&files[0], &files[1]]);
    assert!(text(STAGE).contains(&format!("codedeploy-artifact-{VERSION}-linux-x86_64.tar.gz")));
}

#[test]
fn its_commands_generate_the_artifact() {
    let Some(python) = Python::shared() else { return };
    let release = Release::new();
    let archive = std::fs::read(release.path(&archive())).unwrap();
    let digest = hex::encode(Sha256::digest(&archive));
    let aws = FakeAws::start();
    let task = samples::task_definition(ACCOUNT, REGION, "shop-web", 7, "x");
    aws.add_task_definition(&samples::with_container(&task, "web").to_string());
    let arn = format!("arn:aws:ecs:{REGION}:{ACCOUNT}:task-definition/shop-web:7");
    let service = samples::service(ACCOUNT, REGION, "prod", "shop", &arn);
    aws.add_service(ACCOUNT, REGION, "prod", &samples::with_container(&service, "web"));
    aws.add_bucket(Bucket::new("shop-tools", ACCOUNT, REGION));
    aws.put_object("shop-tools", &format!("codedeploy-artifact-{VERSION}-linux-x86_64.tar.gz"), archive, None);
    // The permissions that the page names.
    let allowed = ["s3:GetObject", "ecs:DescribeServices", "ecs:DescribeTaskDefinition"];
    let environment = Environment::of_aws(&aws.url(), REGION, &aws.session(ACCOUNT, "pipeline", &allowed));

    let folder = Scratch::new();
    folder.write("work/imageDetail.json", "{}");
    folder.write("temp/.keep", "");
    let output = run(python, &folder, &environment, &digest);
    assert!(output.status.success(), "{output:?}");
    assert_generated(&folder.path().join("work/deploy"));

    let folder = Scratch::new();
    folder.write("work/imageDetail.json", "{}");
    folder.write("temp/.keep", "");
    let output = run(python, &folder, &environment, &digest.replace(&digest[..1], "x"));
    assert!(!output.status.success(), "{output:?}");
    assert!(!folder.path().join("work/deploy").exists());
}
