//! The command line. The flags of a request are made from [`PARAMETERS`], so that no door knows a parameter more.

use std::path::PathBuf;

use clap::builder::EnumValueParser;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueEnum, ValueHint, value_parser};
use codedeploy_artifact::error::Error;
use codedeploy_artifact::request::{PARAMETERS, Parameter, Parameters, RequestError, Shape};

use crate::files::FileError;

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
        .after_help(
            "Exit codes: 0 done, 1 a defect of this program, 2 usage or configuration, 3 bad input, 4 AWS denied, \
             5 AWS unavailable",
        )
        .arg(output_flag())
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(generate())
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

/// One thread is enough: there is never more to do than to wait for a few answers.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(FileError::Runtime)?)
}

fn generate() -> Command {
    Command::new("generate")
        .about("Makes the artifact: appspec.yml and taskdef.json, offline or from AWS")
        .arg(
            Arg::new("artifact")
                .long("artifact")
                .value_name("PATH")
                .required(true)
                .value_hint(ValueHint::AnyPath)
                .value_parser(value_parser!(PathBuf))
                .help("Where to write: a .zip, a folder, or - for a zip on standard output"),
        )
        .arg(
            Arg::new("input-artifact")
                .long("input-artifact")
                .value_name("NAME=ZIP")
                .action(ArgAction::Append)
                .help("A zip on disk that NAME::PATH in the request refers to"),
        )
        .arg(Arg::new("print").long("print").action(ArgAction::SetTrue).help("Print the two files as well"))
        .args(PARAMETERS.iter().map(flag))
}

fn flag(parameter: &'static Parameter) -> Arg {
    let flag = Arg::new(parameter.name)
        .long(parameter.name.replace('_', "-"))
        .help(parameter.help)
        .help_heading("The request");
    match parameter.shape {
        Shape::Text => flag.value_name("VALUE"),
        Shape::Map => flag.value_name("KEY=VALUE").action(ArgAction::Append),
        Shape::Record | Shape::Records => flag.value_name("KEY=VALUE,…").action(ArgAction::Append),
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
