//! COMMANDS.md has the help of every command.

use expect_test::expect_file;

use crate::folder::Folder;

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
    let listed = all.split("Commands:\n").nth(1).and_then(|rest| rest.split("\n\n").next()).expect("the commands");
    let commands = listed.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let commands: Vec<&str> = commands.filter(|name| !["", "help"].contains(name)).collect();
    assert!(commands.len() >= 9, "{commands:?}");
    let sections = commands.iter().map(|name| format!("\n## {name}\n\n```text\n{}```\n", help(&[*name, "--help"])));
    let page = format!("{BEGINNING}```text\n{all}```\n{}", sections.collect::<String>());
    let page = page.lines().map(|line| line.trim_end().to_owned() + "\n").collect::<String>();
    expect_file!["../../COMMANDS.md"].assert_eq(&page);
}
