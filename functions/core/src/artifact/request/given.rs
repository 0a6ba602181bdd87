//! Reads UserParameters, a configuration file and flags strictly into one map of parameters.

use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::error;
use super::parameter::{PARAMETERS, Shape, parameter};
use crate::artifact::file_ref::FileRef;
use crate::document::{self, DocumentError, DocumentErrorKind};
use crate::fault::{Fault, shown};
use crate::text::suggest::did_you_mean;

/// What messages call the parameters of an action.
const USER_PARAMETERS: &str = "UserParameters";

/// The longest value of an action's configuration, UserParameters included.
/// [Model](https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionDeclaration.html): 1-1000 characters.
const USER_PARAMETERS_LIMIT: usize = 1000;

/// The member by which editors find the JSON Schema of a JSON file.
const SCHEMA: &str = "$schema";

/// The largest configuration file, in bytes.
pub const CONFIG_LIMIT: u64 = document::Limits::YAML.bytes as u64;

/// Parameters as given, each name once, with values that are not yet parsed.
#[derive(Clone, PartialEq)]
pub struct Parameters {
    map: Map<String, Value>,
    /// Names that no parameter has; they are reported with the faults of the values.
    unknown: Vec<String>,
    /// What they were given in.
    source: String,
}

impl fmt::Debug for Parameters {
    /// Names only: an external id may be among the values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parameters({}: {:?})", self.source, self.map.keys().collect::<Vec<_>>())
    }
}

impl Parameters {
    /// Reads the UserParameters of a CodePipeline action: one JSON object.
    ///
    /// # Errors
    /// No parameters, no JSON object, and a repeated name. Unknown names are reported with the faults of the values.
    pub fn from_user_parameters(text: Option<&str>) -> Result<Self, Fault> {
        let text = text.map(str::trim).filter(|text| !text.is_empty()).ok_or_else(error::no_parameters)?;
        match document::json(text, document::Limits::YAML) {
            Ok(value) => Self::from_value(value, USER_PARAMETERS),
            Err(error) if is_cut_off(&error) && text.chars().count() >= USER_PARAMETERS_LIMIT => Err(error::cut_off()),
            Err(error) if is_unescaped(&error, text) => Err(error::unescaped(USER_PARAMETERS, &error.to_string())),
            Err(error) => Err(error::not_read(USER_PARAMETERS, "JSON", &error)),
        }
    }

    /// Reads a configuration file: YAML, of which JSON is a part, with the same names, and `$schema`, which is ignored.
    ///
    /// # Errors
    /// As [`Parameters::from_user_parameters`]; `config` itself is refused in a file.
    pub fn from_config(text: &str, file: &FileRef) -> Result<Self, Fault> {
        let source = file.to_string();
        let read = if document::is_json(text) { document::json } else { document::yaml };
        let language = if document::is_json(text) { "JSON" } else { "YAML" };
        let mut value =
            read(text, document::Limits::YAML).map_err(|error| error::not_read(&source, language, &error))?;
        if let Some(map) = value.as_object_mut().filter(|map| map.get(SCHEMA).is_some_and(Value::is_string)) {
            map.shift_remove(SCHEMA);
        }
        let parameters = Self::from_value(value, &source)?;
        if parameters.map.contains_key("config") {
            let why = "a configuration file cannot name another one";
            let hint = format!("remove config from {}", shown(&source));
            return Err(error::conflict("`config`", "a configuration file", why, &hint));
        }
        Ok(parameters)
    }

    /// Takes the flags of the command line: the values of each parameter that was given, in their order.
    ///
    /// # Errors
    /// Values of the wrong shape, and keys that are given twice.
    pub fn from_flags<'a>(flags: impl IntoIterator<Item = (&'a str, Vec<String>)>) -> Result<Self, Fault> {
        let mut map = Map::new();
        for (name, values) in flags {
            let value = match parameter(name).ok_or_else(|| unknown(name))?.shape {
                Shape::Text => Value::from(values.into_iter().next().unwrap_or_default()),
                Shape::Switch => Value::Bool(true),
                Shape::List => values.into_iter().map(Value::from).collect(),
                Shape::Map => Value::Object(pairs(name, &values, false)?),
                Shape::Record => {
                    json(name, &values)?.map_or_else(|| pairs(name, &values, true).map(Value::Object), Ok)?
                }
                Shape::Records => json(name, &values)?.map_or_else(|| records(name, &values), Ok)?,
            };
            map.insert(name.to_owned(), value);
        }
        Ok(Parameters { map, unknown: Vec::new(), source: "the command line".to_owned() })
    }

    /// The configuration file that these parameters name.
    ///
    /// # Errors
    /// The value is not the path of a file.
    pub fn config(&self) -> Result<Option<FileRef>, Fault> {
        let Some(value) = self.map.get("config") else { return Ok(None) };
        let text = value.as_str().unwrap_or_default();
        let file = FileRef::from_str(text).map_err(|_| error::not_a_file("config", text))?;
        Ok(Some(file))
    }

    /// Whether this parameter is given.
    pub fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// Merges these parameters with those of a configuration file; these take precedence.
    #[must_use]
    pub fn over(mut self, file: Parameters) -> Parameters {
        let mut map = file.map;
        self.map.shift_remove("config");
        map.extend(self.map);
        let unknown = self.unknown.into_iter().chain(file.unknown).collect();
        Parameters { map, unknown, source: format!("{} and {}", self.source, file.source) }
    }

    /// The values by name, and a fault for each name that no parameter has.
    pub(super) fn into_parts(self) -> (Map<String, Value>, Vec<Fault>) {
        (self.map, self.unknown.iter().map(|name| unknown(name)).collect())
    }

    fn from_value(value: Value, source: &str) -> Result<Self, Fault> {
        let Value::Object(mut map) = value else {
            return Err(error::not_an_object(source));
        };
        // Terraform writes an unset attribute as null, which must not override a configuration file.
        map.retain(|_, value| !value.is_null());
        let mut unknown = Vec::new();
        map.retain(|name, _| {
            let known = parameter(name).is_some();
            unknown.extend((!known).then(|| name.clone()));
            known
        });
        Ok(Parameters { map, unknown, source: source.to_owned() })
    }
}

/// Whether a quote, backslash or line break in a value is not escaped.
fn is_unescaped(error: &DocumentError, text: &str) -> bool {
    let (DocumentErrorKind::Syntax(message), Some(place)) = (&error.kind, error.place) else { return false };
    if ["control character", "invalid escape", "lone leading surrogate"].iter().any(|it| message.contains(it)) {
        return true;
    }
    let rest =
        text.lines().nth(place.line.saturating_sub(1)).and_then(|line| line.get(place.column.saturating_sub(1)..));
    let rest = rest.unwrap_or_default().trim_start();
    // Before the next member a comma may be missing; after a value that ended too early other text goes on.
    let next_member = rest
        .strip_prefix('"')
        .and_then(|rest| rest.split_once('"'))
        .is_some_and(|(_, after)| after.trim_start().starts_with(':'));
    message.starts_with("expected `,` or")
        && !rest.is_empty()
        && !next_member
        && !rest.starts_with(['{', '[', '}', ']'])
}

/// The JSON parser's words for a text that ends too early.
fn is_cut_off(error: &DocumentError) -> bool {
    matches!(&error.kind, DocumentErrorKind::Syntax(message) if message.starts_with("EOF"))
}

fn unknown(name: &str) -> Fault {
    error::unknown_name(name, did_you_mean(name, PARAMETERS.iter().map(|parameter| parameter.name)))
}

/// One value that is JSON instead of `KEY=VALUE`.
fn json(name: &str, values: &[String]) -> Result<Option<Value>, Fault> {
    match values {
        [one] if one.trim_start().starts_with(['{', '[']) => document::json(one, document::Limits::YAML)
            .map(Some)
            .map_err(|error| error::not_read(&format!("--{}", name.replace('_', "-")), "JSON", &error)),
        _ => Ok(None),
    }
}

fn pairs(name: &str, values: &[String], lists: bool) -> Result<Map<String, Value>, Fault> {
    let mut map = Map::new();
    let parts = values.iter().flat_map(|value| if lists { split_record(value) } else { vec![value.clone()] });
    for pair in parts {
        let Some((key, value)) = pair.split_once('=').filter(|(key, _)| !key.is_empty()) else {
            return Err(error::not_a_pair(name, &pair));
        };
        let value = if lists && key != "assign_public_ip" {
            Value::from(value.split(',').map(str::to_owned).collect::<Vec<_>>())
        } else {
            Value::from(value)
        };
        if map.insert(key.to_owned(), value).is_some() {
            return Err(error::twice(&format!("{name}.{key}")));
        }
    }
    Ok(map)
}

/// The pairs of `subnets=A,B,security_groups=C`: a part with an equals sign begins the next one.
fn split_record(value: &str) -> Vec<String> {
    let mut pairs: Vec<String> = Vec::new();
    for part in value.split(',') {
        match pairs.last_mut() {
            Some(last) if !part.contains('=') => {
                last.push(',');
                last.push_str(part);
            }
            _ => pairs.push(part.to_owned()),
        }
    }
    pairs
}

fn records(name: &str, values: &[String]) -> Result<Value, Fault> {
    let record = |value: &String| {
        let parts: Vec<String> = value.split(',').map(str::to_owned).collect();
        pairs(name, &parts, false).map(Value::Object)
    };
    values.iter().map(record).collect::<Result<Vec<_>, _>>().map(Value::Array)
}
