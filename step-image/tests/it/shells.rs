//! The completion scripts and the manual pages, read by real shells and `man`.

use std::process::Command;

use crate::folder::Folder;

#[test]
fn bash_completes_commands_flags_and_values() {
    let folder = Folder::new();
    folder.write("completions.bash", folder.run(&["completions", "bash"]));
    let complete = |words: &str| {
        let script = format!(
            "source completions.bash && read -r _ _ _ _ _ _ _ _ function _ < <(complete -p codedeploy-artifact) && \
             COMP_WORDS=({words}) && COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)) && \
             $function codedeploy-artifact \"${{COMP_WORDS[-1]}}\" \"${{COMP_WORDS[-2]}}\" && echo \"${{COMPREPLY[@]}}\""
        );
        let output = Command::new("bash").args(["-c", &script]).current_dir(folder.path()).output().expect("bash");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    for command in step_image::command().get_subcommands() {
        assert!(complete("codedeploy-artifact ''").split_whitespace().any(|it| it == command.get_name()));
    }
    assert_eq!(complete("codedeploy-artifact rol"), "rollback\n");
    assert_eq!(complete("codedeploy-artifact deploy --on-conf"), "--on-conflict\n");
    assert_eq!(complete("codedeploy-artifact deploy --on-conflict ''"), "fail wait stop\n");
}

#[test]
fn every_shell_has_a_script() {
    let folder = Folder::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = String::from_utf8(folder.run(&["completions", shell])).unwrap();
        assert!(script.contains("rollback") && script.contains("on-conflict"), "{shell}: {script}");
        let json = folder.run(&["completions", shell, "--output", "json"]);
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["script"], script, "{shell}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::new();
    let listed = String::from_utf8(folder.run(&["man", "man1"])).unwrap();
    let mut names = vec!["codedeploy-artifact.1".to_owned()];
    let commands = step_image::command();
    names.extend(commands.get_subcommands().map(|it| format!("codedeploy-artifact-{}.1", it.get_name())));
    for name in &names {
        let page = folder.text(&format!("man1/{name}"));
        assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{name}: {page}");
    }
    let written: Vec<&str> = listed.lines().filter_map(|line| line.strip_prefix("man1/")).collect();
    assert_eq!(written, names);
    let deploy = folder.text("man1/codedeploy-artifact-deploy.1");
    assert!(deploy.contains("on\\-conflict") && deploy.contains("Examples:"), "{deploy}");
    // The footer has the program and its version.
    let version = env!("CARGO_PKG_VERSION");
    assert!(deploy.contains(&format!("\"codedeploy-artifact {version}\"")), "{deploy}");
}

#[test]
fn manual_pages_refer_to_pages_and_name_the_aliases() {
    let folder = Folder::new();
    folder.run(&["man", "man1"]);
    let page = |name: &str| folder.text(&format!("man1/codedeploy-artifact{name}.1")).replace("\\-", "-");
    let main = page("");
    let referred = main.lines().filter_map(|line| line.strip_prefix("codedeploy-artifact-")?.strip_suffix("(1)"));
    let referred: Vec<&str> = referred.collect();
    assert_eq!(referred.len(), step_image::command().get_subcommands().count(), "{referred:?}");
    for name in referred {
        page(&format!("-{name}"));
    }
    assert!(main.contains("[aliases: watch]") && page("-wait").contains("[aliases: watch]"), "{main}");
    for verb in step_image::command().get_subcommands() {
        let options = verb.get_arguments().flat_map(|option| option.get_visible_aliases().unwrap_or_default());
        for alias in options {
            let page = page(&format!("-{}", verb.get_name()));
            assert!(page.contains(&format!("[aliases: --{alias}]")), "{alias}: {page}");
        }
    }
}
