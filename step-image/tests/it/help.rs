//! What the program says of itself.

use expect_test::expect;

use crate::folder::Folder;

#[test]
fn help_is_one_screen_and_names_every_exit_code() {
    Folder::new().check(
        &["--help"],
        &expect![[r#"
            exit 0
            --- stdout
            Build, deploy and follow ECS blue/green deployments through CodeDeploy

            Usage: codedeploy-artifact [OPTIONS] <COMMAND>

            Commands:
              generate  Generate the deployment artifact (appspec.yml and taskdef.json)
              upload    Upload the AppSpec to S3 as a revision, and print how create-deployment refers to it
              deploy    Create a deployment and wait for it to finish, including any rollback
              wait      Wait for a deployment to finish, including any rollback
              status    Show one deployment: status, lifecycle events, traffic, tasks, rollback and cause of a
                        failure
              stop      Stop a deployment, with or without a rollback
              rollback  Redeploy the previous successful revision (shows the plan and asks first)
              continue  Skip the current wait: before traffic shifts, or before the blue tasks are terminated
              rotate    Replace the tasks of a service that ECS itself deploys, and wait until the new tasks
                        serve
              help      Print this message or the help of the given subcommand(s)

            Options:
                  --output <FORMAT>  Format of the result on standard output: text or json [default: text]
              -h, --help             Print help
              -V, --version          Print version

            Exit codes: 0 done, 1 a defect of this program, 2 usage or configuration, 3 bad input, 4 AWS denied,
            5 AWS unavailable, 10 failed and rolled back, 11 failed and not rolled back, 12 stopped, 13 wait
            timed out, 14 another deployment is active, 15 credentials expired during the wait, 16 credentials
            expired before a deployment was created, 130 interrupted (SIGINT), 143 terminated (SIGTERM or SIGHUP)

            Network: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY; AWS_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR;
            AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SERVICE, AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT
        "#]],
    );
}

#[test]
fn help_of_generate_names_every_parameter() {
    Folder::new().check(
        &["generate", "--help"],
        &expect![[r#"
            exit 0
            --- stdout
            Generate the deployment artifact (appspec.yml and taskdef.json)

            Usage: codedeploy-artifact generate [OPTIONS] --artifact <PATH>

            Options:
                  --artifact <PATH>            Destination: a .zip file, a folder (created if missing), or - for
                                               a zip on standard output
                  --output <FORMAT>            Format of the result on standard output: text or json [default:
                                               text]
                  --input-artifact <NAME=ZIP>  Zip on disk that NAME::PATH in the request refers to (repeatable)
                  --print                      Print the two files as well
              -h, --help                       Print help

            Request:
                  --task-definition <VALUE>
                      Family, family:revision or ARN of the task definition to describe
                  --task-definition-file <VALUE>
                      File with the task definition instead: a path or ARTIFACT::PATH
                  --service <VALUE>
                      CLUSTER/SERVICE or ARN: takes from the live service whatever is not given
                  --container-name <VALUE>
                      Container that receives the traffic
                  --container-port <VALUE>
                      Port of that container, 1-65535
                  --appspec-task-definition <VALUE>
                      What the AppSpec names: placeholder (default) or arn
                  --images <KEY=VALUE>
                      CONTAINER=IMAGE: a reference, IMAGE1_NAME or ARTIFACT::imageDetail.json (repeatable)
                  --platform-version <VALUE>
                      Fargate platform version: LATEST or such as 1.4.0
                  --network <KEY=VALUE,…>
                      subnets=A,B  security_groups=C  assign_public_ip=ENABLED|DISABLED (repeatable)
                  --capacity-provider-strategy <KEY=VALUE,…>
                      capacity_provider=NAME,base=N,weight=N (repeatable)
                  --hooks <KEY=VALUE>
                      EVENT=FUNCTION: Lambda function, by name or ARN, for a lifecycle event (repeatable)
                  --appspec-template <VALUE>
                      Your own AppSpec with ${NAME} in it: a path or ARTIFACT::PATH
                  --taskdef-template <VALUE>
                      Your own taskdef.json with ${NAME} in it: a path or ARTIFACT::PATH
                  --variables <KEY=VALUE>
                      NAME=VALUE for your own templates (repeatable)
                  --appspec-path <VALUE>
                      Name of the AppSpec in the artifact; .json writes JSON [default: appspec.yml]
                  --taskdef-path <VALUE>
                      Name of the task definition in the artifact [default: taskdef.json]
                  --output-artifact <VALUE>
                      Which output artifact of the action, where it has several
                  --role-arn <VALUE>
                      Role to assume for describing, in this or another account
                  --external-id <VALUE>
                      External ID for this role [env: CODEDEPLOY_ARTIFACT_EXTERNAL_ID]
                  --region <VALUE>
                      Region of the service and its task definition
                  --config <VALUE>
                      YAML or JSON file with these same keys: a path or ARTIFACT::PATH
        "#]],
    );
}

#[test]
fn version() {
    Folder::new().check(
        &["--version"],
        &expect![[r#"
        exit 0
        --- stdout
        codedeploy-artifact [VERSION]
    "#]],
    );
}

#[test]
fn nothing_given_is_a_mistake() {
    Folder::new().check(
        &[],
        &expect![[r#"
        exit 2
        --- stderr
        error: USE03: no command is given
        hint: choose one of the commands in `codedeploy-artifact --help`
    "#]],
    );
}

#[test]
fn a_slip_of_the_pen_is_answered_with_the_right_name() {
    let folder = Folder::new();
    folder.check(
        &["generat"],
        &expect![[r#"
            exit 2
            --- stderr
            error: USE02: "generat" is not a command
            hint: write generate instead
        "#]],
    );
    folder.check(
        &["generate", "--artifact", "a.zip", "--task-definitoin", "web"],
        &expect![[r#"
            exit 2
            --- stderr
            error: USE01: codedeploy-artifact generate has no flag --task-definitoin
            hint: write --task-definition instead
        "#]],
    );
    let tip = |line: &str| {
        let args: Vec<&str> = line.split(' ').collect();
        let output = folder.command(&args).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{line}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        stderr.lines().last().and_then(|line| line.strip_prefix("hint: ")).expect("a hint").to_owned()
    };
    for (line, expected) in [
        ("generate --artifact a.zip --container web", "write --container-name instead"),
        ("generate --artifact a.zip --containers=web", "write --container-name instead"),
        ("generate --artifact a.zip --port 80", "write --container-port instead"),
        ("generate --artifact a.zip --image web=a", "write --images instead"),
        ("generate --artifact a.zip --cluster prod --service shop", "write --service CLUSTER/SERVICE"),
        (
            "generate --artifact a.zip --taskdef t.json",
            "write --task-definition-file PATH, or --taskdef-template PATH if it has ${NAME} in it",
        ),
        ("deploy --cluster prod", "write --service CLUSTER/SERVICE"),
        ("deploy --deployment-group-name shop", "write --deployment-group instead"),
        ("status --deployment-id d-1", "write the id of the deployment without a flag"),
    ] {
        assert_eq!(tip(line), expected, "{line}");
    }
    folder.check(
        &["generate", "--task-definition-file", "web.json"],
        &expect![[r#"
            exit 2
            --- stderr
            error: USE06: --artifact <PATH> is required
            hint: add --artifact <PATH>
        "#]],
    );
    folder.check(
        &["generate", "--artifact", "", "--task-definition-file", "web.json"],
        &expect![[r#"
            exit 2
            --- stderr
            error: USE04: --artifact <PATH> requires a value
            hint: write --artifact <PATH>
        "#]],
    );
    folder.check(
        &["generate", "--artifact", "a.zip", "--region", "eu-west-1", "--region", "eu-west-2"],
        &expect![[r#"
            exit 2
            --- stderr
            error: USE07: --region <VALUE> is given more than once
            hint: write --region <VALUE> once
        "#]],
    );
    folder.check(
        &["generate", "--artifact", "a.zip", "--output", "xml"],
        &expect![[r#"
            exit 2
            --- stderr
            error: USE05: invalid value "xml" for --output <FORMAT>: must be one of text, json
            hint: see --output in `codedeploy-artifact generate --help`
        "#]],
    );
    assert_eq!(folder.names(), ["web.json"]);
}
