//! `infra/modules/appspec` renders the AppSpec in Terraform; the command line renders it in Rust. Both are held to the same
//! two documents: Terraform by the module's own tests, the command line here.

use std::path::Path;

use e2e::{environment::Environment, programs::Run, scratch::Scratch};
use serde_json::json;

/// What is required, and then all there is.
const SMALLEST: &[&str] = &[];
const FULLEST: &[&str] = &[
    "--platform-version=1.4.0",
    "--network=subnets=subnet-0aaaaaaaaaaaaaaaa,subnet-0bbbbbbbbbbbbbbbb",
    "--network=security_groups=sg-0cccccccccccccccc",
    "--network=assign_public_ip=DISABLED",
    "--capacity-provider-strategy=capacity_provider=FARGATE_SPOT,base=1,weight=2",
    "--capacity-provider-strategy=capacity_provider=FARGATE,weight=1",
    "--hooks=AfterAllowTraffic=arn:aws:lambda:eu-west-1:111122223333:function:smoke-test:live",
    "--hooks=BeforeInstall=warm-up",
    "--hooks=AfterAllowTestTraffic=no",
];

#[test]
fn the_module_and_the_command_line_write_the_same_appspec() {
    let task_definition = json!({
        "taskDefinitionArn": "arn:aws:ecs:eu-west-1:111122223333:task-definition/web:7",
        "family": "web",
        "revision": 7,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "containerDefinitions": [{
            "name": "web", "image": "nginx:1", "essential": true,
            "portMappings": [{"containerPort": 80, "protocol": "tcp"}],
        }],
    });
    let scratch = Scratch::new();
    let file = scratch.write("taskdef.json", task_definition.to_string()).display().to_string();
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/modules/appspec/tests");
    for (name, more) in [("smallest", SMALLEST), ("fullest", FULLEST)] {
        let artifact = scratch.path().join(name);
        let (folder, common) = (artifact.display().to_string(), ["--appspec-task-definition", "arn"]);
        let args = [&["generate", "--artifact", &folder, "--task-definition-file", &file], &common[..], more].concat();
        let output = Run::new(args).environment(Environment::empty()).run();
        assert_eq!(output.code, 0, "{}", output.stderr);
        let ours = std::fs::read_to_string(artifact.join("appspec.yml")).unwrap();
        let modules = std::fs::read_to_string(documents.join(name).with_extension("yaml")).unwrap();
        assert_eq!(ours, modules, "{name}");
    }
}
