//! What the program says of itself.

use expect_test::expect;

use crate::folder::Folder;

/// The exact text is in COMMANDS.md.
#[test]
fn help_is_one_screen_and_names_every_exit_code() {
    let help = String::from_utf8(Folder::new().run(&["--help"])).unwrap();
    assert!(help.lines().count() <= 40 && help.lines().all(|line| line.chars().count() <= 100), "{help}");
    let codes = include_str!("../../REFERENCE.md").split("\n## Exit codes\n").nth(1).expect("the exit codes");
    let codes = codes.split("\n## ").next().unwrap_or_default();
    let codes: Vec<&str> = codes.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next()).collect();
    assert!(codes.len() > 15, "{codes:?}");
    let (_, named) = help.split_once("Exit codes: ").expect("the exit codes");
    let named: Vec<&str> = named.split([' ', '\n']).collect();
    for code in codes.iter().filter(|code| code.parse::<u8>().is_ok()) {
        assert!(named.contains(code), "{code} is not in {help}");
    }
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
            hint: use one of the commands in `codedeploy-artifact --help`
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
        ("generate --artifact a.zip --var A=b", "write --variables instead"),
        ("generate --artifact a.zip --vars=A=b", "write --variables instead"),
        (
            "generate --artifact a.zip --task-def t.json",
            "write --task-definition-file PATH, or --taskdef-template PATH if it has ${NAME} in it",
        ),
        ("list --group shop", "write --deployment-group instead"),
        ("deploy --deployment-group-name shop", "write --deployment-group instead"),
        ("status --deployment-id d-1", "write the deployment ID without a flag"),
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
            error: USE07: --region <REGION> is given more than once
            hint: write --region <REGION> only once
        "#]],
    );
    folder.check(
        &["generate", "--artifact", "a.zip", "--output", "xml"],
        &expect![[r#"
            exit 2
            --- stderr
            error: USE05: invalid value "xml" for --output <FORMAT>: must be one of text, json, junit, sarif, github
            hint: see --output in `codedeploy-artifact generate --help`
        "#]],
    );
    assert_eq!(folder.names(), ["web.json"]);
}
