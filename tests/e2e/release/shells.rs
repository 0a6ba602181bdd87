//! The completions, in the shells that they are for.

use std::{path::Path, process::Command};

use e2e::skip;

use super::Release;

/// What a script prints in a shell that reads no settings of this machine, with the folder of the completions as `$1`;
/// `None` (reported) if there is no such shell.
fn printed(shell: &str, arguments: &[&str], script: &str, completions: &Path) -> Option<String> {
    if Command::new(shell).arg("--version").output().is_err() {
        skip::missing(shell, &format!("install {shell}"));
        return None;
    }
    let mut command = Command::new(shell);
    command.args(arguments).args(["-c", script, shell]).arg(completions).env_clear();
    command.env("PATH", "/usr/bin:/bin").env("HOME", completions).env("TERM", "dumb").env("LC_ALL", "C.UTF-8");
    let output = command.output().expect(shell);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{shell}: {}{}", text(&output.stdout), text(&output.stderr));
    Some(text(&output.stdout))
}

/// As readline calls the function: with the words, and the one under the cursor.
#[test]
fn bash_completes() {
    let folder = Release::unpacked();
    let script = r#"
        source "$1/codedeploy-artifact.bash"
        set -- $(complete -p codedeploy-artifact)
        while [ "$1" != -F ]; do shift; done
        COMP_WORDS=(codedeploy-artifact deploy --on-conf) COMP_CWORD=2
        "$2" codedeploy-artifact --on-conf deploy
        echo "${COMPREPLY[@]}"
        COMP_WORDS=(codedeploy-artifact rol) COMP_CWORD=1
        "$2" codedeploy-artifact rol codedeploy-artifact
        echo "${COMPREPLY[@]}""#;
    let Some(printed) = printed("bash", &["--norc"], script, &folder.path().join("completions")) else { return };
    assert_eq!(printed, "--on-conflict\nrollback\n");
}

/// In a terminal of its own, with the Tab key.
#[test]
fn zsh_completes() {
    let folder = Release::unpacked();
    let script = r#"
        zmodload zsh/zpty
        zpty shell zsh -f -i
        until_shown() { local text; zpty -r shell text "*$1*" && print -r -- "$text" }
        zpty -w shell "PROMPT=; fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D; echo rea''dy"
        until_shown ready
        zpty -w -n shell $'codedeploy-artifact rol\t'
        until_shown rollback
        zpty -w -n shell $'\C-ucodedeploy-artifact deploy --on-conf\t'
        until_shown --on-conflict
        zpty -d shell"#;
    let Some(printed) = printed("zsh", &["-f"], script, &folder.path().join("completions")) else { return };
    assert!(printed.contains("rollback") && printed.contains("--on-conflict"), "{printed}");
}

#[test]
fn fish_completes() {
    let folder = Release::unpacked();
    let script = r#"
        source $argv[2]/codedeploy-artifact.fish
        complete --do-complete "codedeploy-artifact rol"
        complete --do-complete "codedeploy-artifact deploy --on-conf""#;
    let Some(printed) = printed("fish", &["--no-config"], script, &folder.path().join("completions")) else { return };
    let names: Vec<&str> = printed.lines().filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(names, ["rollback", "--on-conflict"], "{printed}");
}
