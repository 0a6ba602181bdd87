//! COMMANDS.md has the help of every command.

use expect_test::expect_file;

use crate::folder::Folder;

const COMMANDS: [&str; 9] =
    ["generate", "upload", "deploy", "wait", "status", "stop", "rollback", "continue", "rotate"];

const BEGINNING: &str = "\
# Commands

What `--help` prints, for `codedeploy-artifact` and for each command. [REFERENCE.md](REFERENCE.md) has their behaviour,
exit codes and output.

<!-- Generated: UPDATE_EXPECT=1 cargo test --locked --test it reference -->

";

#[test]
fn the_page_has_the_help_of_every_command() {
    let folder = Folder::new();
    let help = |args: &[&str]| String::from_utf8(folder.run(args)).unwrap();
    let all = help(&["--help"]);
    let sections = COMMANDS.map(|command| {
        assert!(all.contains(&format!("\n  {command} ")), "{command}");
        format!("\n## {command}\n\n```text\n{}```\n", help(&[command, "--help"]))
    });
    let page = format!("{BEGINNING}```text\n{all}```\n{}", sections.concat());
    let listed = all.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("the commands");
    let listed = listed.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")).count();
    assert_eq!(listed, COMMANDS.len() + 1, "a command, or `help`, is missing here:\n{all}");
    let page = page.lines().map(|line| line.trim_end().to_owned() + "\n").collect::<String>();
    expect_file!["../../COMMANDS.md"].assert_eq(&page);
}
