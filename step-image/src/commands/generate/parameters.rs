//! The flags of a request. They come from the table of parameters, so that flags and UserParameters never differ.

use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches};
use codedeploy_core::artifact::request::{PARAMETERS, Parameter, Parameters, Shape};
use codedeploy_core::fault::Fault;

use crate::steps::service::{ClusterFlag, NAMED};

/// The parameters that were given as flags: names and values.
#[derive(Clone, Default)]
pub(super) struct RequestFlags {
    given: Vec<(&'static str, Vec<String>)>,
    cluster: ClusterFlag,
}

/// Without the values: one of them is the external ID.
impl std::fmt::Debug for RequestFlags {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.given.iter().map(|(name, _)| name)).finish()
    }
}

impl RequestFlags {
    /// The parameters, each in its shape.
    pub(super) fn parameters(mut self) -> Result<Parameters, Fault> {
        let service = self.given.iter_mut().find(|(name, _)| *name == SERVICE);
        if let Some(service) = service.and_then(|(_, values)| values.first_mut()) {
            *service = self.cluster.with(service)?;
        }
        Parameters::from_flags(self.given)
    }
}

impl FromArgMatches for RequestFlags {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = PARAMETERS.iter().filter_map(|parameter| {
            if parameter.shape == Shape::Switch {
                return matches.get_flag(parameter.name).then(|| (parameter.name, Vec::new()));
            }
            let values = matches.get_many::<String>(parameter.name)?;
            Some((parameter.name, values.cloned().collect()))
        });
        Ok(RequestFlags { given: given.collect(), cluster: ClusterFlag::from_arg_matches(matches)? })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = RequestFlags::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for RequestFlags {
    fn augment_args(command: Command) -> Command {
        let command = command.args(PARAMETERS.iter().map(flag)).next_help_heading("Request");
        ClusterFlag::augment_args(command).next_help_heading(None)
    }

    fn augment_args_for_update(command: Command) -> Command {
        RequestFlags::augment_args(command)
    }
}

/// The parameter that `--cluster` completes.
const SERVICE: &str = "service";

/// What newcomers write for a parameter.
const ALIASES: [(&str, &str); 4] = [
    ("container_name", "container"),
    ("container_port", "port"),
    ("images", "image"),
    ("task_definition_file", "taskdef"),
];

fn flag(parameter: &'static Parameter) -> Arg {
    let name = parameter.name.replace('_', "-");
    let flag = Arg::new(parameter.name).long(name).help_heading("Request");
    let alias = ALIASES.iter().find(|(name, _)| *name == parameter.name);
    let flag = flag.visible_aliases(alias.map(|(_, alias)| *alias));
    let flag = if parameter.name == SERVICE { flag.group(NAMED) } else { flag };
    let help = match parameter.name {
        "external_id" => "External ID for this role [env: CODEDEPLOY_ARTIFACT_EXTERNAL_ID]",
        _ => parameter.help,
    };
    match parameter.shape {
        Shape::Switch => flag.help(help).action(ArgAction::SetTrue),
        Shape::Text => flag.value_name(parameter.value_name).help(help),
        Shape::List => {
            let help = format!("{help} (repeatable, or separated by commas)");
            flag.value_name(parameter.value_name).help(help).action(ArgAction::Append).value_delimiter(',')
        }
        Shape::Map | Shape::Record | Shape::Records => {
            flag.value_name(parameter.value_name).help(format!("{help} (repeatable)")).action(ArgAction::Append)
        }
    }
}
