//! Rows 14 to 28: what a request says.

use super::*;

/// `UserParameters` that CodePipeline's limit has cut off, in the middle of that last part.
fn cut_off(last: &str) -> String {
    let start = r#"{"task_definition":"app","variables":{"A":""#;
    let filler = "x".repeat(1000 - start.len() - last.len());
    format!("{start}{filler}{last}")
}

#[test]
fn parameters_are_refused_by_name() {
    let world = World::new();
    world.add_task_definition("two", 1, |members| {
        let sidecar = json!({"name": "sidecar", "image": "a:1", "portMappings": [{"containerPort": 9000}]});
        members["containerDefinitions"].as_array_mut().unwrap().push(sidecar);
    });
    let app = |name: &str, value: Value| json!({"task_definition": "app", name: value});
    let secret = secrets::planted("external id with a blank in it");
    let role = "arn:aws:iam::222222222222:role/reader";
    let empty = "PAR01: UserParameters is empty; at least \"task_definition\" is required";
    let cut = "PAR06: UserParameters is cut off at CodePipeline's limit of 1000 characters";
    let not_a_port = |got: &str| format!("PAR05: `container_port` must be 1-65535, got \"{got}\"");
    let not_json = "PAR02: UserParameters is not valid JSON: line 1 column 26: expected `,` or `}`";
    let external_id = "PAR10: `external_id` must be 2-1224 characters of A-Z a-z 0-9 + = , . @ : / - _";
    let several = "PAR13: no container \"worker\" in app:7 (has: app); PAR13: no container \"web\" in app:7 (has: app)";
    world.play(
        &[],
        &[
            text_row(14, "").says(empty, CONFIGURATION).asks_nobody(),
            text_row(14, " \n").says(empty, CONFIGURATION).asks_nobody(),
            row(14, json!({})).says("PAR17: no task definition is specified", CONFIGURATION).asks_nobody(),
            text_row(15, r#"{"task_definition":"app" "region":1}"#).says(not_json, CONFIGURATION).asks_nobody(),
            text_row(15, "[]")
                .says("PAR02: UserParameters must be an object that contains the parameters", CONFIGURATION)
                .asks_nobody(),
            text_row(16, r#"{"task_defintion":"app"}"#)
                .says("PAR03: unknown parameter \"task_defintion\"; did you mean \"task_definition\"?", CONFIGURATION)
                .asks_nobody(),
            text_row(17, r#"{"region":"eu-west-1","task_definition":"app","region":"eu-west-1"}"#)
                .says("PAR04: parameter \"region\" is given twice", CONFIGURATION)
                .asks_nobody(),
            flag_row(17, &["--task-definition=app", "--images=app=a:1", "--images=app=a:2"])
                .says("PAR04: parameter \"images.app\" is given twice", CONFIGURATION)
                .asks_nobody(),
            row(18, app("container_port", json!("8080x"))).says(not_a_port("8080x"), CONFIGURATION).asks_nobody(),
            text_row(18, r#"{"task_definition":"app","container_port":[8080]}"#)
                .says(not_a_port("a list"), CONFIGURATION)
                .asks_nobody(),
            row(19, app("container_port", json!(0))).says(not_a_port("0"), CONFIGURATION).asks_nobody(),
            row(19, app("container_port", json!(65536))).says(not_a_port("65536"), CONFIGURATION).asks_nobody(),
            text_row(20, &cut_off("")).says(cut, CONFIGURATION).asks_nobody(),
            text_row(20, &cut_off(r#""}"#)).says(cut, CONFIGURATION).asks_nobody(),
            text_row(20, &cut_off(r#"","#)).says(cut, CONFIGURATION).asks_nobody(),
            text_row(20, &cut_off(r#"","B":"#)).says(cut, CONFIGURATION).asks_nobody(),
            text_row(20, &cut_off(r#"","B":tr"#)).says(cut, CONFIGURATION).asks_nobody(),
            text_row(20, &cut_off(r"\")).says(cut, CONFIGURATION).asks_nobody(),
            text_row(20, &cut_off(r"\u00")).says(cut, CONFIGURATION).asks_nobody(),
            row(21, app("region", json!("us-east-1.evil.com/#")))
                .says("PAR07: \"us-east-1.evil.com/#\" is not the name of an AWS Region", CONFIGURATION)
                .asks_nobody(),
            row(22, app("role_arn", json!("arn:aws:iam::123:role/x")))
                .says("PAR08: `role_arn` is not the ARN of a role: account must be 12 digits", CONFIGURATION)
                .asks_nobody(),
            text_row(23, &app("role_arn", json!(role)).to_string())
                .says(format!("PAR09: role {role} is not in the function's ALLOWED_ROLE_ARNS"), DENIED)
                .asks_nobody(),
            row(24, json!({"task_definition": "app", "role_arn": role, "external_id": format!("{secret} x")}))
                .says(external_id, CONFIGURATION)
                .asks_nobody(),
            row(24, json!({"task_definition": "app", "role_arn": role, "external_id": "x"}))
                .says(external_id, CONFIGURATION)
                .asks_nobody(),
            row(25, app("images", json!({"app": "repo/app:latest\"\nHooks:"})))
                .says("PAR11: `images.app`: image contains a line break", CONFIGURATION)
                .asks_nobody(),
            row(26, app("images", json!({"app": "APP:"})))
                .says("PAR12: `images.app`: \"APP:\" is not an image reference (name[:tag][@sha256:…])", CONFIGURATION)
                .asks_nobody(),
            row(27, app("container_name", json!("web")))
                .says("PAR13: no container \"web\" in app:7 (has: app)", CONFIGURATION),
            row(27, json!({"task_definition": "app", "container_name": "web", "images": {"worker": "a:1"}}))
                .says(several, CONFIGURATION),
            row(28, app("container_port", json!(9090)))
                .says("PAR14: container \"app\" does not map port 9090 (maps: 8080)", CONFIGURATION),
            row(28, json!({"task_definition": "app", "container_name": "app", "container_port": 9090}))
                .says("PAR14: container \"app\" does not map port 9090 (maps: 8080)", CONFIGURATION),
            row(28, json!({"task_definition": "two", "container_port": 9090}))
                .says("PAR14: no container of two:1 maps port 9090 (mapped: app:8080, sidecar:9000)", CONFIGURATION),
            row(28, json!({"task_definition": "two"}))
                .says("PAR20: two:1 maps several ports (app:8080, sidecar:9000); choose one", CONFIGURATION),
        ],
    );
}

/// The same faults in a configuration file, which the function and the command line read.
#[test]
fn a_configuration_file_is_refused_by_name_and_line() {
    let world = World::new();
    let config = |number, name: &str, text: &str| {
        row(number, json!({"config": format!("Source::{name}")})).source(packed::one(name, text))
    };
    world.play(
        &[],
        &[
            config(15, "request.json", r#"{"task_definition":"app" "region":1}"#).says(
                "PAR02: Source::request.json is not valid JSON: line 1 column 26: expected `,` or `}`",
                CONFIGURATION,
            ),
            config(16, "request.yml", "task_defintion: app\n")
                .says("PAR03: unknown parameter \"task_defintion\"; did you mean \"task_definition\"?", CONFIGURATION),
            config(17, "request.yml", "task_definition: app\nregion: eu-west-1\ntask_definition: app\n")
                .says("PAR04: parameter \"task_definition\" is given twice", CONFIGURATION),
        ],
    );
}

/// What the parser of the command line refuses by itself has the exit code of a wrong usage too.
#[test]
fn flags_that_do_not_exist_are_refused() {
    let check = |flags: &[&str], parts: &[&str]| {
        let done = programs::run(["generate", "--artifact=x.zip"].iter().chain(flags));
        assert_eq!((done.code, done.stdout.as_slice()), (2, b"".as_slice()), "{flags:?}: {}", done.stderr);
        for part in parts {
            assert!(done.stderr.contains(part), "{flags:?}: no {part} in {}", done.stderr);
        }
    };
    check(&["--task-defintion=app"], &["--task-defintion", "--task-definition"]);
    check(&["--task-definition=a", "--task-definition=b"], &["--task-definition", "given more than once"]);
}
