//! The command line. The flags of a request are made from [`PARAMETERS`], so that no door knows a parameter more.

mod tips;
mod usage;

use clap::builder::EnumValueParser;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueEnum};
use codedeploy_core::artifact::request::{PARAMETERS, Parameter, Parameters, RequestError, Shape};
use codedeploy_core::fault::Fault;

use crate::abort::Begun;
use crate::{deploy, exit, generate, print, resume, rollback, rotate, status, stop, upload, wait};

pub(crate) use usage::UsageError;

/// The form of the result on standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum Output {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON document.
    Json,
}

/// The whole command line.
pub(crate) fn command() -> Command {
    Command::new("codedeploy-artifact")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Makes ECS blue/green deployments through CodeDeploy boring")
        .after_help(format!("{}\n\n{NETWORK}", exit::HELP))
        .arg(output_flag())
        .subcommand_required(true)
        .subcommands([
            generate::command(),
            upload::command(),
            deploy::command(),
            wait::command(),
            status::command(),
            stop::command(),
            rollback::command(),
            resume::command(),
            rotate::command(),
        ])
}

/// Why there are no arguments to act on.
pub(crate) enum Unparsed {
    /// Help or version was asked for.
    Help(clap::Error),
    /// The command line is wrong.
    Wrong {
        error: UsageError,
        /// The form of the result that it asks for all the same.
        output: Output,
        /// As [`prints_lines`].
        lines: bool,
    },
}

/// Parses the arguments of this process.
pub(crate) fn matches() -> Result<ArgMatches, Unparsed> {
    let mut command = command();
    let error = match command.try_get_matches_from_mut(std::env::args_os()) {
        Ok(matches) => {
            if let Some(verb) = matches.subcommand_name().and_then(|verb| command.find_subcommand(verb)) {
                print::for_verb(verb);
            }
            return Ok(matches);
        }
        Err(error) if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            return Err(Unparsed::Help(error));
        }
        Err(error) => error,
    };
    let verb = args().skip(1).find_map(|arg| command.find_subcommand(arg));
    if let Some(verb) = verb {
        print::for_verb(verb);
    }
    let error = UsageError::new(&tips::better(error, verb), verb);
    let lines = verb.is_some_and(|verb| LINES.contains(&verb.get_name()));
    Err(Unparsed::Wrong { error, output: usage::output(args()), lines })
}

/// The arguments of this process, as far as they are text.
fn args() -> impl Iterator<Item = String> {
    std::env::args_os().map(|arg| arg.to_string_lossy().into_owned())
}

/// For `--help`: the environment beside that of the credentials.
const NETWORK: &str = "Networks: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY; AWS_CA_BUNDLE, SSL_CERT_FILE, SSL_CERT_DIR; \
     AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_SERVICE, AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT";

/// Whether the verb prints JSON lines: it takes long, and programs want to know how far it is.
pub(crate) fn prints_lines(matches: &ArgMatches) -> bool {
    matches.subcommand_name().is_some_and(|verb| LINES.contains(&verb))
}

const LINES: [&str; 3] = ["deploy", "wait", "rollback"];

/// Runs the verb that was given.
pub(crate) fn run(matches: &ArgMatches, begun: &Begun) -> Result<print::Result, Fault> {
    // clap lets nothing else through: a verb is required.
    let Some((verb, flags)) = matches.subcommand() else { return Ok(print::Result::default()) };
    begun.block_on(async {
        match verb {
            "generate" => Box::pin(generate::run(flags)).await,
            "deploy" => Box::pin(deploy::run(flags, begun)).await,
            "upload" => Box::pin(upload::run(flags, begun)).await,
            "status" => Box::pin(status::run(flags, begun)).await,
            "stop" => Box::pin(stop::run(flags, begun)).await,
            "rollback" => Box::pin(rollback::run(flags, begun)).await,
            "continue" => Box::pin(resume::run(flags, begun)).await,
            "rotate" => Box::pin(rotate::run(flags, begun)).await,
            "wait" => Box::pin(wait::run(flags, begun)).await,
            _ => Ok(print::Result::default()),
        }
    })
}

/// The form of the result that was asked for.
pub(crate) fn output(matches: &ArgMatches) -> Output {
    matches.get_one("output").copied().unwrap_or_default()
}

/// The parameters of a request that were given as flags.
pub(crate) fn parameters(flags: &ArgMatches) -> Result<Parameters, RequestError> {
    Parameters::from_flags(PARAMETERS.iter().filter_map(|parameter| {
        let values = flags.get_many::<String>(parameter.name)?;
        Some((parameter.name, values.cloned().collect()))
    }))
}

/// The flags of a request.
pub(crate) fn request_flags() -> impl Iterator<Item = Arg> {
    PARAMETERS.iter().map(flag)
}

fn flag(parameter: &'static Parameter) -> Arg {
    let flag = Arg::new(parameter.name)
        .long(parameter.name.replace('_', "-"))
        .help(parameter.help)
        .help_heading("The request");
    let repeatable = |value| {
        let help = format!("{} (repeatable)", parameter.help);
        flag.clone().value_name(value).help(help).action(ArgAction::Append)
    };
    match parameter.shape {
        Shape::Text => flag.value_name("VALUE"),
        Shape::Map => repeatable("KEY=VALUE"),
        Shape::Record | Shape::Records => repeatable("KEY=VALUE,…"),
    }
}

fn output_flag() -> Arg {
    Arg::new("output")
        .long("output")
        .value_name("FORM")
        .global(true)
        .value_parser(EnumValueParser::<Output>::new())
        .hide_possible_values(true)
        .default_value("text")
        .help("Form of the result on standard output: text or json")
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
