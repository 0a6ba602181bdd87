//! What can be wrong with a request.

use crate::artifact::task_definition::MOST_CONTAINERS;
use crate::document::{DocumentError, DocumentErrorKind};
use crate::fault::{Explain, Fault, Kind, hints, joined, shown, with_causes};
use crate::names::NameError;

/// A request that cannot be understood. Every variant is [`Kind::Configuration`], save the role that is not allowed.
#[derive(Debug, thiserror::Error)]
pub enum RequestError {
    /// No UserParameters at all.
    #[error("UserParameters is empty; at least \"task_definition\" is required")]
    Empty,
    /// Every fault of a request, at least two; code and kind are those of the first.
    #[error("{}", joined(.0.iter().map(|fault| (fault.code(), with_causes(fault)))))]
    Faults(Vec<RequestError>),
    /// Not JSON or not YAML.
    #[error("{} cannot be read: {problem}", shown(door))]
    Unreadable {
        /// The door.
        door: String,
        /// Where and why.
        problem: String,
        /// What to do about it.
        hint: String,
    },
    /// JSON, but a list or a word.
    #[error("{} must be one object of parameters", shown(door))]
    NotAnObject {
        /// The door.
        door: String,
    },
    /// A name that no parameter has.
    #[error("unknown parameter \"{}\"{}", shown(name), suggested(suggestion.as_deref()))]
    Unknown {
        /// As given.
        name: String,
        /// The nearest name.
        suggestion: Option<String>,
    },
    /// One name, two values.
    #[error("parameter \"{}\" is given twice", shown(name))]
    Twice {
        /// The name, with its key where the parameter is a map.
        name: String,
    },
    /// Not a port.
    #[error("`container_port` must be 1-65535, got \"{}\"", shown(got))]
    Port {
        /// As given.
        got: String,
    },
    /// Cut off by CodePipeline's limit.
    #[error("UserParameters is at CodePipeline's 1000-character limit and is not complete JSON")]
    Truncated,
    /// Not the shape of a region name.
    #[error("\"{}\" is not an AWS region name", shown(got))]
    Region {
        /// As given.
        got: String,
    },
    /// Not the shape of a role ARN.
    #[error("{name}: {problem}")]
    RoleArn {
        /// The parameter in backquotes, or the flag of another role.
        name: String,
        /// As given.
        got: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A role that the function's configuration does not list.
    #[error("role {} is not in the function's ALLOWED_ROLE_ARNS", shown(arn))]
    RoleNotAllowed {
        /// As given.
        arn: String,
    },
    /// Not an external id. Holds the parameter or flag; the value is a secret and not repeated.
    #[error("{0} must be 2-1224 characters of A-Z a-z 0-9 + = , . @ : / - _")]
    ExternalId(String),
    /// A value of the wrong type or outside its range.
    #[error("`{name}` must be {expected}, got {got}")]
    Value {
        /// The parameter, with its key where it is a map.
        name: String,
        /// What it must be.
        expected: &'static str,
        /// The type of what was given, or the text itself where it is no secret.
        got: String,
    },
    /// A name of an AWS resource of the wrong form.
    #[error("`{name}` \"{}\" {error}", shown(got))]
    Name {
        /// The parameter.
        name: &'static str,
        /// As given.
        got: String,
        /// What is wrong with it.
        error: NameError,
    },
    /// A flag that is not `KEY=VALUE`.
    #[error("--{} takes KEY=VALUE, got \"{}\"", name.replace('_', "-"), shown(got))]
    Pair {
        /// The parameter.
        name: String,
        /// As given.
        got: String,
    },
    /// Text that names no file.
    #[error("`{name}`: \"{}\" names no file", shown(got))]
    File {
        /// The parameter.
        name: &'static str,
        /// As given.
        got: String,
    },
    /// Two parameters that exclude each other.
    #[error("{one} and {other} cannot be given together: {why}")]
    Conflict {
        /// The one, in backquotes.
        one: &'static str,
        /// The other, in backquotes.
        other: &'static str,
        /// Why not.
        why: &'static str,
        /// What to do about it.
        hint: String,
    },
    /// A parameter without the one that it belongs to.
    #[error("{one} needs {other}")]
    Needs {
        /// The one that is given, in backquotes.
        one: &'static str,
        /// The one that is not, in backquotes.
        other: &'static str,
        /// What to do about it.
        hint: &'static str,
    },
    /// A region and an ARN of another one.
    #[error("{one} is \"{given}\", but {other} is an ARN of \"{of_the_arn}\"")]
    OtherRegion {
        /// The parameter with the one Region.
        one: &'static str,
        /// The Region.
        given: String,
        /// The parameter with the other one.
        other: &'static str,
        /// In the ARN.
        of_the_arn: String,
    },
    /// Several values in one, such as `a=x,b=y` for a flag that takes one pair.
    #[error("{error}")]
    Several {
        /// What is wrong with the one value.
        error: Box<RequestError>,
        /// How to write the several ones.
        hint: String,
    },
    /// Nothing says which task definition.
    #[error("no task definition is named")]
    NoTaskDefinition,
    /// More placeholders than one action can fill.
    #[error("`images` names {count} placeholders; one CodeDeployToECS action fills at most 4")]
    TooManyPlaceholders {
        /// How many.
        count: usize,
    },
    /// More images than a task definition can have containers.
    #[error("images names {count} containers; a task definition has at most {MOST_CONTAINERS}")]
    TooManyImages {
        /// How many.
        count: usize,
    },
    /// A part of the AppSpec.
    #[error("{}", .0.message())]
    AppSpec(Fault),
    /// An image.
    #[error("`images.{}`: {}", shown(container), error.message())]
    Image {
        /// The container that it is for.
        container: String,
        /// What is wrong with it.
        error: Fault,
    },
}

impl RequestError {
    /// The same, for a value that looks like several `KEY=VALUE` pairs in one.
    pub(super) fn or_several(self, name: &'static str, key: &str, value: &str) -> Self {
        let Some(pairs) = pairs_in(key, value) else { return self };
        RequestError::Several { error: Box::new(self), hint: format!("write `\"{name}\": {{{pairs}}}`") }
    }

    /// The same of a role or external id that another flag gives.
    #[must_use]
    pub fn of_flag(self, flag: &str) -> Self {
        let name = format!("--{flag}");
        match self {
            RequestError::RoleArn { got, problem, .. } => RequestError::RoleArn { name, got, problem },
            RequestError::ExternalId(_) => RequestError::ExternalId(name),
            other => other,
        }
    }

    pub(super) fn unreadable(door: &str, error: DocumentError) -> Self {
        let problem = error.to_string();
        match error.kind {
            DocumentErrorKind::Duplicate { key, .. } => RequestError::Twice { name: key },
            kind => RequestError::Unreadable { door: door.to_owned(), hint: kind.hint(), problem },
        }
    }
}

impl Explain for RequestError {
    fn code(&self) -> &'static str {
        match self {
            RequestError::Empty => "PAR01",
            RequestError::Faults(faults) => faults.first().map_or("PAR00", Explain::code),
            RequestError::Unreadable { .. } | RequestError::NotAnObject { .. } => "PAR02",
            RequestError::Unknown { .. } => "PAR03",
            RequestError::Twice { .. } => "PAR04",
            RequestError::Port { .. } => "PAR05",
            RequestError::Truncated => "PAR06",
            RequestError::Region { .. } => "PAR07",
            RequestError::RoleArn { .. } => "PAR08",
            RequestError::RoleNotAllowed { .. } => "PAR09",
            RequestError::ExternalId(_) => "PAR10",
            RequestError::Value { .. } | RequestError::Name { .. } | RequestError::Pair { .. } => "PAR15",
            RequestError::Conflict { .. } | RequestError::Needs { .. } | RequestError::OtherRegion { .. } => "PAR16",
            RequestError::NoTaskDefinition => "PAR17",
            RequestError::File { .. } => "PAR18",
            RequestError::TooManyPlaceholders { .. } => "PAR19",
            RequestError::TooManyImages { .. } => "PAR21",
            RequestError::AppSpec(error) => error.code(),
            RequestError::Image { error, .. } => error.code(),
            RequestError::Several { error, .. } => error.code(),
        }
    }

    fn kind(&self) -> Kind {
        match self {
            RequestError::RoleNotAllowed { .. } => Kind::Denied,
            RequestError::Faults(faults) => faults.first().map_or(Kind::Bug, Explain::kind),
            RequestError::Image { error, .. } => error.kind(),
            RequestError::Several { error, .. } => error.kind(),
            _ => Kind::Configuration,
        }
    }

    fn hint(&self) -> String {
        match self {
            RequestError::Faults(faults) => return hints(faults.iter().map(Explain::hint)),
            RequestError::Empty => "set UserParameters to JSON such as {\"task_definition\": \"my-family\"}",
            RequestError::NotAnObject { .. } => "write {\"task_definition\": \"my-family\", …}",
            RequestError::Unknown { suggestion: Some(right), .. } => return format!("write {right}, or remove it"),
            RequestError::Unknown { suggestion: None, .. } => {
                "remove it; `codedeploy-artifact generate --help` lists all parameters, with dashes for underscores"
            }
            RequestError::Twice { .. } => "keep one of the two",
            RequestError::Port { .. } => "give the containerPort of the task definition's port mapping",
            RequestError::Truncated => {
                "move the parameters to a file in an input artifact and set UserParameters to {\"config\": \"ARTIFACT::PATH\"}"
            }
            RequestError::Region { .. } => "give a region such as eu-west-1",
            RequestError::RoleArn { .. } => "give an ARN such as arn:aws:iam::123456789012:role/deploy-reader",
            RequestError::RoleNotAllowed { .. } => {
                "add the ARN to ALLOWED_ROLE_ARNS in the function's configuration, if this pipeline may use that role"
            }
            RequestError::ExternalId(_) => "copy the external id from the condition in the role's trust policy",
            RequestError::Value { name, expected, .. } => return format!("set `{name}` to {expected}"),
            RequestError::Pair { .. } => "write the key, an equals sign and the value as one word",
            RequestError::File { .. } => "give a path, or ARTIFACT::PATH for a file in an input artifact",
            RequestError::Unreadable { hint, .. }
            | RequestError::Conflict { hint, .. }
            | RequestError::Several { hint, .. } => return hint.clone(),
            RequestError::Needs { hint, .. } => hint,
            RequestError::OtherRegion { one: "`region`", .. } => "remove `region`; the Region of the ARN is used",
            RequestError::OtherRegion { .. } => "name a task definition and a service of the same Region",
            RequestError::Name { error, .. } => return error.hint.clone(),
            RequestError::NoTaskDefinition => {
                "give `task_definition`, `task_definition_file`, `taskdef_template` or `service`"
            }
            RequestError::TooManyImages { .. } => "remove from `images` the containers that the task definition does not have",
            RequestError::TooManyPlaceholders { .. } => {
                "give some of the `images` as references such as repo/app:1.4.2, or as ARTIFACT::imageDetail.json"
            }
            RequestError::AppSpec(error) => return error.hint(),
            RequestError::Image { error, .. } => return error.hint(),
        }
        .to_owned()
    }
}

impl From<Fault> for RequestError {
    fn from(error: Fault) -> Self {
        RequestError::AppSpec(error)
    }
}

/// `"a": "x", "b": "y"` for the key `a` and the value `x,b=y`, if every part of the value after the first is a pair.
fn pairs_in(key: &str, value: &str) -> Option<String> {
    let mut parts = value.split([',', ' ', ';']).filter(|part| !part.is_empty());
    let mut pairs = vec![(key, parts.next()?)];
    for part in parts {
        pairs.push(part.split_once('=').filter(|(key, value)| !key.is_empty() && !value.is_empty())?);
    }
    let shown_pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{}: {}", serde_json::json!(shown(key)), serde_json::json!(shown(value))))
        .collect();
    (pairs.len() > 1).then(|| shown_pairs.join(", "))
}

fn suggested(suggestion: Option<&str>) -> String {
    suggestion.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default()
}
