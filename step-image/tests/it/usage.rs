//! Invalid command lines: errors like all others, for people and for programs.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Output;

use serde_json::Value;

use crate::folder::Folder;

/// What no line may contain: characters that control a terminal or forge a line.
fn assert_harmless(output: &Output, of: &str) {
    for bytes in [&output.stdout, &output.stderr] {
        let text = String::from_utf8(bytes.clone()).expect("UTF-8");
        let unsafe_character = |it: char| it.is_control() && it != '\n' || "\u{2028}\u{202e}\u{200f}".contains(it);
        assert!(!text.contains(unsafe_character), "{of}: {text:?}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{of}: {text}");
    }
}

/// The one document on standard output.
fn error_in(output: &Output, of: &str) -> Value {
    let document: Option<Value> = serde_json::from_slice(&output.stdout).ok();
    assert!(document.is_some(), "{of}: {:?}", String::from_utf8_lossy(&output.stdout));
    document.and_then(|document| document.get("error").cloned()).unwrap_or_default()
}

#[test]
fn every_mistake_has_its_code_for_programs_too() {
    let folder = Folder::new();
    for (line, code) in [
        ("wait d-1 --tmeout 5m", "USE01"),
        ("--color always", "USE01"),
        ("-x", "USE01"),
        ("wiat d-1", "USE02"),
        ("help foo", "USE02"),
        ("", "USE03"),
        ("wait d-1 --timeout", "USE04"),
        ("generate --artifact", "USE04"),
        ("wait d-1 --timeout 5", "USE05"),
        ("wait d-1 --on-timeout sometimes", "USE05"),
        ("wait d-1 --until never", "USE05"),
        ("wait", "DEP37"),
        ("wait d-1 --service prod/shop", "USE07"),
        ("list --limit 0", "USE05"),
        ("list --status gone", "USE05"),
        ("rotate", "USE06"),
        ("deploy --appspec x --cluster prod", "USE06"),
        ("generate", "USE06"),
        ("status d-1 --external-id x", "USE06"),
        ("wait d-1 --timeout 5m --timeout 6m", "USE07"),
        ("wait d-1 d-2", "USE08"),
        ("generate --artifact x --print=yes", "USE08"),
    ] {
        let args: Vec<&str> = line.split(' ').filter(|arg| !arg.is_empty()).collect();
        let text = folder.command(&args).output().unwrap();
        assert_eq!(text.status.code(), Some(2), "{line}");
        assert!(text.stdout.is_empty(), "{line}");
        let stderr = String::from_utf8(text.stderr).unwrap();
        assert!(stderr.starts_with(&format!("error: {code}: ")), "{line}: {stderr}");
        assert_eq!(stderr.matches("\nhint: ").count(), 1, "{line}: {stderr}");
        let places = [(0, vec!["--output", "json"]), (args.len(), vec!["--output=json"])];
        for (at, form) in places {
            let args = [&args[..at], &form, &args[at..]].concat();
            let output = folder.command(&args).output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            let error = error_in(&output, line);
            assert_eq!(error["code"], code, "{args:?}");
            let [message, hint] = ["message", "hint"].map(|member| error[member].as_str().unwrap().to_owned());
            assert_eq!(stderr, format!("error: {code}: {message}\nhint: {hint}\n"), "{args:?}");
        }
    }
    let error = error_in(&folder.command(&["deploy", "--output", "json"]).output().unwrap(), "no source");
    let choice = "one of --artifact <PATH>, --appspec <FILE>, --revision <s3://BUCKET/KEY>";
    assert_eq!(
        (&error["message"], &error["hint"]),
        (&format!("{choice} is required").into(), &format!("add {choice}").into())
    );
    let output = folder.command(&["wait", "d-1", "--output", "json", "--output", "text"]).output().unwrap();
    assert_eq!(error_in(&output, "twice")["code"], "USE07");
    let output = folder.command(&["wait", "--", "--output", "json"]).output().unwrap();
    assert!(output.stdout.is_empty() && output.status.code() == Some(2));
    let mut command = folder.command(&["wait", "--output=json"]);
    let output = command.arg(OsStr::from_bytes(b"d-\xff")).output().unwrap();
    assert_eq!(error_in(&output, "bytes")["code"], "USE09");
    assert_eq!(folder.names(), ["web.json"]);
}

/// Every flag of every verb, with a value that would forge a line, colour a terminal or turn its text round.
#[test]
fn no_argument_reaches_a_terminal_or_a_log_as_it_is() {
    let folder = Folder::new();
    let hostile = "x\r\n::error::forged\u{1b}[31m\u{9b}2J\u{2028}\u{202e}\u{200f}\u{7f}";
    for command in step_image::command().get_subcommands() {
        let verb = command.get_name();
        let help = String::from_utf8(folder.run(&[verb, "--help"])).unwrap();
        let words = help.split_whitespace().filter(|word| word.starts_with("--") && word.len() > 2);
        let flags = words.map(|word| word.trim_matches(|it: char| !it.is_ascii_lowercase()));
        for flag in flags.chain(["unknown"]) {
            for args in [
                vec![verb.to_owned(), format!("--{flag}"), hostile.to_owned()],
                vec![verb.to_owned(), format!("--{flag}={hostile}"), "--output=json".to_owned()],
                vec![verb.to_owned(), format!("--{flag}{hostile}"), "--output=json".to_owned()],
            ] {
                let output = folder.command(&args.iter().map(String::as_str).collect::<Vec<_>>()).output().unwrap();
                assert_harmless(&output, &format!("{args:?}"));
                if args.iter().any(|arg| arg == "--output=json") && !flag.starts_with("help") {
                    assert!(error_in(&output, &format!("{args:?}"))["hint"].is_string());
                }
            }
        }
        for args in [vec![verb, hostile], vec![hostile, verb, "--output=json"]] {
            assert_harmless(&folder.command(&args).output().unwrap(), verb);
        }
    }
    for args in [
        vec!["generate", "--task-definition-file", "web.json", "--artifact", hostile],
        vec!["generate", "--task-definition-file", hostile, "--artifact", "a.zip"],
        vec!["deploy", "--appspec", hostile, "--application", hostile, "--deployment-group", hostile],
        vec!["upload", "--appspec", "web.json", "--to", hostile],
        vec!["status", hostile, "--region", "eu-west-1"],
        vec!["rotate", "--service", hostile, "--region", "eu-west-1"],
    ] {
        assert_harmless(&folder.command(&args).output().unwrap(), &format!("{args:?}"));
    }
}

#[test]
fn a_mistyped_flag_does_not_repeat_its_value() {
    let output =
        Folder::new().command(&["status", "d-1", "--exernal-id=planted-id", "--output=json"]).output().unwrap();
    let all = [output.stdout, output.stderr].concat();
    assert!(!String::from_utf8(all).unwrap().contains("planted-id"));
}

/// Names from a file reach messages and JSON escaped, or are refused.
#[test]
fn no_name_of_a_file_reaches_a_terminal_or_a_program_as_it_is() {
    let folder = Folder::new();
    let hostile = "x\\u001b[31m\\u009b2J\\u2028::error::\\u202e\\u200f\\u0085\\udb40\\udc41";
    let raw: String = serde_json::from_str(&format!("\"{hostile}\"")).unwrap();
    let web = folder.text("web.json");
    let mut accepted = 0;
    for (name, value) in [("NAME", hostile), ("NAME", raw.trim_start_matches("x\u{1b}[31m\u{9b}"))] {
        for (at, with) in [
            ("\"family\": \"", format!("\"{name}\": \"{value}\", \"family\": \"")),
            ("\"family\": \"", format!("\"family\": \"{value}")),
            ("\"name\": \"", format!("\"name\": \"{value}")),
            ("\"image\": \"", format!("\"image\": \"{value}")),
            ("\"containerDefinitions\"", format!("\"{value}\": 1, \"containerDefinitions\"")),
            ("\"containerDefinitions\"", format!("\"executionRoleArn\": \"{value}\", \"containerDefinitions\"")),
        ] {
            assert!(web.contains(at), "{web}");
            folder.write("taskdef.json", web.replacen(at, &with, 1));
            let generate = ["generate", "--task-definition-file", "taskdef.json", "--artifact", "out"];
            for more in [["--output", "json"].as_slice(), &["--print"], &[]] {
                let output = folder.command(&[&generate, more].concat()).output().unwrap();
                assert_harmless(&output, &format!("{with} {more:?}"));
                accepted += u32::from(output.status.success());
                if more.len() == 2 {
                    let _: Value = serde_json::from_slice(&output.stdout).expect("one JSON document");
                }
            }
        }
        for member in ["TaskDefinition", "ContainerName", "PlatformVersion"] {
            let mut appspec = serde_json::json!({"version": 0.0, "Resources": [{"TargetService": {
                "Type": "AWS::ECS::Service",
                "Properties": {
                    "TaskDefinition": "arn:aws:ecs:eu-west-1:111111111111:task-definition/web:1",
                    "LoadBalancerInfo": {"ContainerName": "web", "ContainerPort": 80},
                },
            }}]})
            .to_string();
            let new = if member == "ContainerName" {
                appspec.replace("\"web\"", &format!("\"{value}\""))
            } else if member == "TaskDefinition" {
                appspec.replace("web:1", &format!("{value}:1"))
            } else {
                appspec
                    .replace("\"LoadBalancerInfo\"", &format!("\"PlatformVersion\": \"{value}\", \"LoadBalancerInfo\""))
            };
            appspec = new;
            folder.write("appspec.json", appspec);
            for more in [["--output", "json"].as_slice(), &["--region", "eu-west-1"]] {
                let args = ["deploy", "--appspec", "appspec.json", "--application", "a", "--deployment-group", "g"];
                let output = folder.command(&[&args, more].concat()).output().unwrap();
                assert!(!output.status.success(), "{member}");
                assert_harmless(&output, member);
            }
        }
    }
    assert!(accepted > 0, "nothing of it reached the output");
}

/// Without file descriptors left, the program cannot even wait for signals.
#[test]
fn a_program_that_cannot_start_says_so_to_programs_too() {
    let folder = Folder::new();
    let run = |args: &str| {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &format!("ulimit -n 4; exec \"$0\" {args}"), env!("CARGO_BIN_EXE_codedeploy-artifact")]);
        shell.current_dir(folder.path()).env_clear().output().unwrap()
    };
    let output = run("wait d-1 --output json");
    let error = error_in(&output, "wait");
    assert!(output.status.code().is_some_and(|code| code > 0), "{error}");
    assert!(!error["code"].as_str().unwrap_or_default().is_empty(), "{error}");
    let text = run("wait d-1");
    assert!(text.stdout.is_empty(), "{}", folder.seen(&text));
}
