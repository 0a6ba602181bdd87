//! Examples for the end of each `--help`.

use clap::Command;
use clap::builder::StyledStr;

/// Commands and their examples, without the name of the program.
const EXAMPLES: [(&str, &[&str]); 15] = [
    (
        "generate",
        &[
            "generate --artifact shop.zip --service prod/shop",
            "generate --artifact shop.zip --service prod/shop --images web=IMAGE1_NAME",
            "generate --artifact build/ --task-definition-file taskdef.json --print",
        ],
    ),
    (
        "check",
        &[
            "check shop.zip",
            "check build/ --image-placeholders IMAGE1_NAME --strict",
            "check --appspec appspec.yml --taskdef taskdef.json --output sarif",
            "check shop.zip --online --service prod/shop",
            "check shop.zip --ignore IMG07=staging,CHK07",
        ],
    ),
    (
        "diff",
        &[
            "diff shop.zip --service prod/shop",
            "diff shop.zip --service prod/shop --three-way",
            "diff --taskdef taskdef.json --task-definition shop-web --unified",
            "diff new.zip --against old.zip",
        ],
    ),
    ("upload", &["upload appspec.yml --to s3://shop-revisions/appspec.yml"]),
    (
        "deploy",
        &[
            "deploy --artifact shop.zip --register --service prod/shop",
            "deploy --artifact shop.zip --register --service prod/shop --dry-run",
            "deploy --revision s3://shop-revisions/appspec.yml --service prod/shop",
        ],
    ),
    (
        "wait",
        &[
            "wait d-ABCDEF123",
            "wait --service prod/shop",
            "wait d-ABCDEF123 --until traffic-shifted --timeout 45m",
            "wait d-ABCDEF123 --on-timeout stop-and-rollback --report deployment.xml",
        ],
    ),
    ("status", &["status d-ABCDEF123", "status --service prod/shop", "status d-ABCDEF123 --exit-code"]),
    ("list", &["list --service prod/shop", "list --cluster prod --service shop --status failed --limit 5"]),
    ("stop", &["stop d-ABCDEF123", "stop --service prod/shop --rollback --wait"]),
    ("rollback", &["rollback --service prod/shop", "rollback --application shop --deployment-group shop --yes"]),
    ("continue", &["continue d-ABCDEF123", "continue --service prod/shop"]),
    ("rotate", &["rotate prod/shop"]),
    ("explain", &["explain PAR20", "explain"]),
    ("completions", &["completions bash > codedeploy-artifact.bash"]),
    ("man", &["man ~/.local/share/man/man1"]),
];

/// The command line with its examples.
pub(super) fn with_examples(command: Command) -> Command {
    EXAMPLES.iter().fold(command, |command, (name, lines)| {
        command.mut_subcommand(name, |verb| {
            let before = verb.get_after_help().map(|help| format!("{help}\n\n")).unwrap_or_default();
            let start = "\n  codedeploy-artifact ";
            verb.after_help(StyledStr::from(format!("{before}Examples:{start}{}", lines.join(start))))
        })
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::super::Cli;
    use super::*;

    #[test]
    fn every_command_has_examples_that_parse() {
        let command = with_examples(Cli::command());
        for verb in command.get_subcommands() {
            let (_, lines) = EXAMPLES.iter().find(|(name, _)| *name == verb.get_name()).expect("examples");
            for line in *lines {
                let line = line.split(" >").next().unwrap_or_default();
                let parsed = command.clone().no_binary_name(true).try_get_matches_from(line.split(' '));
                assert_eq!(parsed.map(|_| ()).map_err(|error| error.to_string()), Ok(()), "{line}");
            }
        }
    }
}
