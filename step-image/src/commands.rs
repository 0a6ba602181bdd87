//! The commands: one module each, with its arguments and its flow.

mod check;
mod completions;
mod deploy;
mod diff;
mod examples;
mod explain;
mod generate;
mod list;
mod man;
mod resume;
mod rollback;
mod rotate;
mod status;
mod stop;
mod tips;
mod upload;
mod wait;

use clap::error::ErrorKind;
use clap::{Command, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use codedeploy_core::fault::{Fault, Form};

use crate::steps::begun::Begun;
use crate::terminal::output::Output;
use crate::terminal::{exit, print, usage};

/// The faults of this layer.
pub(crate) const FORMS: &[&[&[Form]]] = &[
    &[generate::FORMS, resume::FORMS, rotate::FORMS, stop::FORMS, upload::FORMS],
    deploy::FORMS,
    diff::FORMS,
    rollback::FORMS,
];

/// Build, deploy and follow ECS blue/green deployments through CodeDeploy
#[derive(Debug, Parser)]
#[command(name = "codedeploy-artifact", version, after_help = format!("{}\n\n{NETWORK}", exit::HELP))]
pub(crate) struct Cli {
    /// Format of the result on standard output: text or json; check also has junit, sarif and github
    #[arg(
        short,
        long,
        global = true,
        value_name = "FORMAT",
        value_enum,
        default_value = "text",
        hide_possible_values = true
    )]
    pub(crate) output: Output,
    /// Log AWS calls and the source of each setting to standard error
    #[arg(long, global = true, display_order = 900)]
    pub(crate) debug: bool,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// A command and its arguments.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    Generate(Box<generate::Generate>),
    Check(Box<check::Check>),
    Diff(Box<diff::Diff>),
    Upload(Box<upload::Upload>),
    Deploy(Box<deploy::Deploy>),
    #[command(visible_alias = "watch")]
    Wait(Box<wait::Wait>),
    Status(Box<status::Status>),
    List(Box<list::List>),
    Stop(Box<stop::Stop>),
    Rollback(Box<rollback::Rollback>),
    Continue(Box<resume::Continue>),
    Rotate(Box<rotate::Rotate>),
    Explain(explain::Explain),
    Completions(completions::Completions),
    Man(man::Man),
}

/// The environment beside that of the credentials.
const NETWORK: &str = "Network: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY; AWS_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR; \
     AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SERVICE, AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT";

/// The commands that print JSON lines: they take long, and programs need their progress.
const LINES: [&str; 3] = ["deploy", "wait", "rollback"];

/// Why there are no arguments to act on.
pub(crate) enum Unparsed {
    /// Help or version was requested.
    Help(clap::Error),
    /// The command line is wrong.
    Wrong {
        fault: Fault,
        /// The form of the result that it asks for all the same.
        output: Output,
    },
}

/// The whole command line.
pub(crate) fn command() -> Command {
    examples::with_examples(check::online::with_requirements(Cli::command()))
}

/// Parses the arguments of this process.
pub(crate) fn parse() -> Result<Cli, Unparsed> {
    let mut command = command();
    let parsed = command.try_get_matches_from_mut(std::env::args_os());
    let named = match &parsed {
        Ok(matches) => matches.subcommand_name().map(str::to_owned),
        Err(_) => args().skip(1).find(|arg| command.find_subcommand(arg).is_some()),
    };
    let verb = named.and_then(|name| command.find_subcommand(name));
    if let Some(verb) = verb {
        print::for_command(verb, LINES.contains(&verb.get_name()));
    }
    let error = match parsed.and_then(|mut matches| Cli::from_arg_matches_mut(&mut matches)) {
        Ok(cli) if cli.output.is_of_check() && !matches!(cli.verb, Verb::Check(_)) => {
            return Err(Unparsed::Wrong { fault: usage::output_of_check(), output: Output::Text });
        }
        Ok(cli) => return Ok(cli),
        Err(error) => error,
    };
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        return Err(Unparsed::Help(error));
    }
    Err(Unparsed::Wrong { fault: usage::fault(&tips::better(error, verb), verb), output: output() })
}

/// The output format that the arguments request, even if they are invalid.
pub(crate) fn output() -> Output {
    usage::output(args())
}

/// The arguments of this process, as far as they are text.
fn args() -> impl Iterator<Item = String> {
    std::env::args_os().map(|arg| arg.to_string_lossy().into_owned())
}

impl Verb {
    /// Runs the command.
    pub(crate) async fn run(self, output: Output, begun: &Begun) -> Result<print::Result, Fault> {
        match self {
            Verb::Generate(args) => Box::pin(args.run(output)).await,
            Verb::Check(args) => Box::pin(args.run(output)).await,
            Verb::Diff(args) => Box::pin(args.run()).await,
            Verb::Upload(args) => Box::pin(args.run(begun)).await,
            Verb::Deploy(args) => Box::pin(args.run(output, begun)).await,
            Verb::Wait(args) => Box::pin(args.run(output, begun)).await,
            Verb::Status(args) => Box::pin(args.run(begun)).await,
            Verb::List(args) => Box::pin(args.run()).await,
            Verb::Stop(args) => Box::pin(args.run(output, begun)).await,
            Verb::Rollback(args) => Box::pin(args.run(output, begun)).await,
            Verb::Continue(args) => Box::pin(args.run(begun)).await,
            Verb::Rotate(args) => Box::pin(args.run(begun)).await,
            Verb::Explain(args) => Ok(args.run()),
            Verb::Completions(args) => Ok(args.run(command())),
            Verb::Man(args) => args.run(command()),
        }
    }
}

#[cfg(test)]
mod tests {
    use codedeploy_core::artifact::request::PARAMETERS;

    use super::command;
    use super::tips::{TIPS, right};

    #[test]
    fn the_command_line_is_sound() {
        command().debug_assert();
    }

    #[test]
    fn every_parameter_has_its_flag() {
        let command = command();
        let generate = command.find_subcommand("generate").expect("the verb");
        for parameter in PARAMETERS {
            let flag = parameter.name.replace('_', "-");
            assert!(generate.get_arguments().any(|arg| arg.get_long() == Some(&flag)), "--{flag}");
        }
    }

    /// A tip must not name a flag that the command does not have.
    #[test]
    fn tips_lead_to_flags_that_exist() {
        let command = command();
        for (verbs, wrong, right) in TIPS {
            for verb in *verbs {
                let verb = command.find_subcommand(verb).expect("a verb");
                let has = |flag: &str| verb.get_arguments().any(|arg| arg.get_long() == flag.strip_prefix("--"));
                assert!(!has(wrong), "{wrong} exists in {}", verb.get_name());
                if right.starts_with('`') {
                    continue;
                }
                for flag in right.split(' ').filter(|word| word.starts_with("--")) {
                    assert!(has(flag.trim_end_matches(',')), "{} has no {flag}", verb.get_name());
                }
            }
        }
    }

    #[test]
    fn what_was_meant_counts() {
        let command = command();
        let check = |verb: &str, wrong: &str, expected: Option<&str>| {
            assert_eq!(right(wrong, command.find_subcommand(verb).expect("a verb")), expected, "{wrong}");
        };
        check("generate", "--var", Some("--variables"));
        check("generate", "--vars", Some("--variables"));
        check("generate", "--task-definitoin", None);
        check("generate", "--nothing-like-it", None);
    }
}
