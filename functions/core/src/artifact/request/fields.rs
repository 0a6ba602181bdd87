//! Parameters become a [`Request`]: each value understood once, here.

use std::str::FromStr;

use serde_json::{Map, Value};

use super::door::Parameters;
use super::error::RequestError;
use super::{AppSpecTaskDefinition, Request, TaskDefinitionSource};
use crate::artifact::appspec::{self, CapacityProvider, Hook, Network};
use crate::artifact::archive;
use crate::artifact::image::{self, ImageSource};
use crate::artifact::task_definition::MOST_CONTAINERS;
use crate::fault::shown;
use crate::names::file_ref::FileRef;
use crate::names::identity::{Region, is_ecs_name};
use crate::names::{ServiceName, is_task_definition_name};
use crate::text::suggest::did_you_mean;

pub(super) fn request(parameters: Parameters) -> Result<Request, RequestError> {
    let (map, faults) = parameters.into_parts();
    let mut fields = Fields(map);
    let mut faults = Faults(faults);
    let task_definition = faults.keep(|| task_definition(&mut fields));
    let request = Request {
        task_definition,
        service: faults.keep(|| fields.text("service")?.map(service).transpose()),
        container_name: faults.keep(|| fields.text("container_name")?.map(container_name).transpose()),
        container_port: faults.keep(|| fields.take("container_port").map(port).transpose()),
        appspec_task_definition: faults
            .keep(|| appspec_task_definition(fields.text("appspec_task_definition")?.as_deref())),
        images: faults.keep(|| images(fields.map("images")?)),
        platform_version: faults.keep(|| fields.text("platform_version")?.map(platform_version).transpose()),
        network: faults.keep(|| fields.take("network").map(network).transpose()),
        capacity_provider_strategy: faults.keep(|| strategy(fields.take("capacity_provider_strategy"))),
        hooks: faults.keep(|| hooks(fields.map("hooks")?)),
        appspec_template: faults.keep(|| fields.file("appspec_template")),
        taskdef_template: faults.keep(|| fields.file("taskdef_template")),
        variables: faults.keep(|| variables(fields.map("variables")?)),
        appspec_path: faults.keep(|| path(&mut fields, "appspec_path", "appspec.yml")),
        taskdef_path: faults.keep(|| path(&mut fields, "taskdef_path", "taskdef.json")),
        output_artifact: faults.keep(|| fields.text("output_artifact")),
        role_arn: faults.keep(|| fields.text("role_arn")?.map(|text| text.parse()).transpose()),
        external_id: faults.keep(|| fields.secret("external_id")?.map(|text| text.parse()).transpose()),
        region: faults.keep(|| fields.text("region")?.map(|text| text.parse()).transpose()),
    };
    faults.settle()?;
    check_together(&request)?;
    Ok(request)
}

/// Every fault of the values, so that one run shows them all.
struct Faults(Vec<RequestError>);

impl Faults {
    /// The value, or nothing after its fault was kept.
    fn keep<T: Default>(&mut self, read: impl FnOnce() -> Result<T, RequestError>) -> T {
        read().unwrap_or_else(|fault| {
            self.0.push(fault);
            T::default()
        })
    }

    fn settle(mut self) -> Result<(), RequestError> {
        match self.0.pop() {
            None => Ok(()),
            Some(only) if self.0.is_empty() => Err(only),
            Some(last) => {
                self.0.push(last);
                Err(RequestError::Faults(self.0))
            }
        }
    }
}

/// What no single value shows.
fn check_together(request: &Request) -> Result<(), RequestError> {
    if request.task_definition.is_none() && request.service.is_none() && request.taskdef_template.is_none() {
        return Err(RequestError::NoTaskDefinition);
    }
    if request.external_id.is_some() && request.role_arn.is_none() {
        let hint = "give `role_arn` as well, or remove `external_id`";
        return Err(RequestError::Needs { one: "`external_id`", other: "`role_arn`", hint });
    }
    if request.appspec_template.is_some() {
        for (given, name) in [
            (request.platform_version.is_some(), "`platform_version`"),
            (request.network.is_some(), "`network`"),
            (!request.capacity_provider_strategy.is_empty(), "`capacity_provider_strategy`"),
            (!request.hooks.is_empty(), "`hooks`"),
        ] {
            if given {
                let hint = format!("remove {name} and write it into the template, or remove `appspec_template`");
                return conflict(name, "`appspec_template`", "the template says it", hint);
            }
        }
    }
    if request.appspec_task_definition == AppSpecTaskDefinition::Arn {
        for (given, name) in
            [(!request.images.is_empty(), "`images`"), (request.taskdef_template.is_some(), "`taskdef_template`")]
        {
            if given {
                let hint = format!(
                    "remove {ARN}, which leaves <TASK_DEFINITION> for CodeDeployToECS or `codedeploy-artifact deploy \
                     --register` to fill, or remove {name}"
                );
                return conflict(name, ARN, "the AppSpec would name a revision without them", hint);
            }
        }
    }
    if !request.variables.is_empty() && request.appspec_template.is_none() && request.taskdef_template.is_none() {
        let hint = "give `appspec_template` or `taskdef_template` as well, or remove `variables`";
        let other = "`appspec_template` or `taskdef_template`";
        return Err(RequestError::Needs { one: "`variables`", other, hint });
    }
    check_regions(request)?;
    if request.appspec_path == request.taskdef_path {
        let hint = "give `appspec_path` and `taskdef_path` two different values".to_owned();
        return conflict("`appspec_path`", "the same `taskdef_path`", "the artifact holds two files", hint);
    }
    Ok(())
}

/// The parameter that writes an ARN into the AppSpec, as messages name it.
const ARN: &str = r#"`"appspec_task_definition": "arn"`"#;

fn conflict(
    one: &'static str,
    other: &'static str,
    why: &'static str,
    hint: impl Into<String>,
) -> Result<(), RequestError> {
    Err(RequestError::Conflict { one, other, why, hint: hint.into() })
}

/// A Region that is given, and those of ARNs, must be the same: there is one place to ask.
fn check_regions(request: &Request) -> Result<(), RequestError> {
    let described = match &request.task_definition {
        Some(TaskDefinitionSource::Describe(name)) => region_of_arn(name),
        _ => None,
    };
    let service = request.service.as_ref().and_then(|service| service.region.as_ref()).map(Region::as_str);
    let given = request.region.as_ref().map(Region::as_str);
    for (one, given, other, of_the_arn) in [
        ("`region`", given, "`task_definition`", described),
        ("`region`", given, "`service`", service),
        ("the Region of `task_definition`", described, "`service`", service),
    ] {
        if let (Some(given), Some(of_the_arn)) = (given, of_the_arn)
            && given != of_the_arn
        {
            let [given, of_the_arn] = [given, of_the_arn].map(str::to_owned);
            return Err(RequestError::OtherRegion { one, given, other, of_the_arn });
        }
    }
    Ok(())
}

/// The parameters not yet understood.
struct Fields(Map<String, Value>);

impl Fields {
    /// `null` is what Terraform makes of an optional attribute that is not set.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.0.shift_remove(name).filter(|value| !value.is_null())
    }

    fn text(&mut self, name: &'static str) -> Result<Option<String>, RequestError> {
        self.take(name).map(|value| text(name, value)).transpose()
    }

    fn secret(&mut self, name: &'static str) -> Result<Option<String>, RequestError> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(wrong(name, "text", type_name(&other))),
        }
    }

    fn map(&mut self, name: &'static str) -> Result<Vec<(String, Value)>, RequestError> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Object(map)) => Ok(map.into_iter().collect()),
            Some(other) => Err(wrong(name, "a map", type_name(&other))),
        }
    }

    fn file(&mut self, name: &'static str) -> Result<Option<FileRef>, RequestError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        FileRef::from_str(&text).map(Some).map_err(|_| RequestError::File { name, got: text })
    }
}

fn task_definition(fields: &mut Fields) -> Result<Option<TaskDefinitionSource>, RequestError> {
    let described = fields.text("task_definition")?;
    let file = fields.file("task_definition_file")?;
    match (described, file) {
        (Some(_), Some(_)) => Err(RequestError::Conflict {
            one: "`task_definition`",
            other: "`task_definition_file`",
            why: "there can be only one task definition",
            hint: "remove `task_definition` or `task_definition_file`".to_owned(),
        }),
        (Some(name), None) if is_task_definition_name(&name) => Ok(Some(TaskDefinitionSource::Describe(name))),
        (Some(name), None) => Err(wrong("task_definition", "a family, family:revision or ARN", quoted(&name))),
        (None, file) => Ok(file.map(TaskDefinitionSource::File)),
    }
}

/// The region of an ARN that has one.
pub(super) fn region_of_arn(name: &str) -> Option<&str> {
    let mut parts = name.split(':');
    (parts.next() == Some("arn")).then(|| parts.nth(2)).flatten()
}

fn service(text: String) -> Result<ServiceName, RequestError> {
    text.parse().map_err(|error| RequestError::Name { name: "service", got: text, error })
}

fn container_name(text: String) -> Result<String, RequestError> {
    if is_ecs_name(&text) {
        return Ok(text);
    }
    Err(wrong("container_name", "1-255 letters, digits, hyphens and underscores", quoted(&text)))
}

fn port(value: Value) -> Result<u16, RequestError> {
    let got = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text,
        other => type_name(&other),
    };
    got.parse::<u16>().ok().filter(|port| *port > 0).ok_or(RequestError::Port { got })
}

fn appspec_task_definition(text: Option<&str>) -> Result<AppSpecTaskDefinition, RequestError> {
    match text {
        None | Some("placeholder") => Ok(AppSpecTaskDefinition::Placeholder),
        Some("arn") => Ok(AppSpecTaskDefinition::Arn),
        Some(other) => Err(wrong("appspec_task_definition", "placeholder or arn", quoted(other))),
    }
}

fn images(map: Vec<(String, Value)>) -> Result<Vec<(String, ImageSource)>, RequestError> {
    if map.len() > MOST_CONTAINERS {
        return Err(RequestError::TooManyImages { count: map.len() });
    }
    let mut images = Vec::new();
    for (container, value) in map {
        let container = container_name(container)?;
        let image = text(&format!("images.{container}"), value)?;
        match ImageSource::from_str(&image) {
            Ok(source) => images.push((container, source)),
            Err(error) => {
                let key = container.clone();
                return Err(RequestError::Image { container, error }.or_several("images", &key, &image));
            }
        }
    }
    let mut names: Vec<&str> = images.iter().filter_map(|(_, source)| placeholder(source)).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() > image::MOST_PLACEHOLDERS {
        return Err(RequestError::TooManyPlaceholders { count: names.len() });
    }
    Ok(images)
}

fn placeholder(source: &ImageSource) -> Option<&str> {
    match source {
        // A word can only become a placeholder.
        ImageSource::Placeholder(name) | ImageSource::Word(name) => Some(name),
        ImageSource::Reference(_) | ImageSource::Detail(_) => None,
    }
}

fn platform_version(text: String) -> Result<String, RequestError> {
    appspec::check_platform_version(&text)?;
    Ok(text)
}

fn network(value: Value) -> Result<Network, RequestError> {
    let mut fields = record("network", value)?;
    let subnets = texts("network.subnets", fields.take("subnets"))?;
    let security_groups = texts("network.security_groups", fields.take("security_groups"))?;
    let assign_public_ip = fields.text("assign_public_ip")?;
    nothing_left("network", &fields, &["subnets", "security_groups", "assign_public_ip"])?;
    let assign_public_ip = assign_public_ip
        .ok_or_else(|| wrong("network.assign_public_ip", "ENABLED or DISABLED", "nothing".to_owned()))?;
    Ok(Network::new(subnets, security_groups, &assign_public_ip)?)
}

fn strategy(value: Option<Value>) -> Result<Vec<CapacityProvider>, RequestError> {
    let name = "capacity_provider_strategy";
    let items = match value {
        None => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(other) => return Err(wrong(name, "a list of maps", type_name(&other))),
    };
    let mut providers = Vec::new();
    for item in items {
        let mut fields = record(name, item)?;
        let provider = fields.text("capacity_provider")?.unwrap_or_default();
        let base = number("capacity_provider_strategy.base", fields.take("base"))?;
        let weight = number("capacity_provider_strategy.weight", fields.take("weight"))?;
        nothing_left(name, &fields, &["capacity_provider", "base", "weight"])?;
        providers.push(CapacityProvider { name: provider, base, weight });
    }
    appspec::check_strategy(&providers)?;
    Ok(providers)
}

fn hooks(map: Vec<(String, Value)>) -> Result<Vec<(Hook, String)>, RequestError> {
    let mut hooks = Vec::new();
    for (event, value) in map {
        let function = text(&format!("hooks.{event}"), value)?;
        appspec::hook_function(&function)
            .map_err(|error| RequestError::from(error).or_several("hooks", &event, &function))?;
        hooks.push((Hook::from_str(&event)?, function));
    }
    hooks.sort_by_key(|(hook, _)| *hook);
    Ok(hooks)
}

fn variables(map: Vec<(String, Value)>) -> Result<Vec<(String, String)>, RequestError> {
    map.into_iter()
        .map(|(name, value)| match value {
            Value::String(text) => Ok((name, text)),
            Value::Number(number) => Ok((name, number.to_string())),
            Value::Bool(flag) => Ok((name, flag.to_string())),
            other => Err(wrong(&format!("variables.{name}"), "text", type_name(&other))),
        })
        .collect()
}

fn path(fields: &mut Fields, name: &'static str, default: &str) -> Result<String, RequestError> {
    let Some(path) = fields.text(name)? else { return Ok(default.to_owned()) };
    match archive::check_name(&path) {
        Ok(()) => Ok(path),
        Err(_) => Err(wrong(name, "a relative path with forward slashes", quoted(&path))),
    }
}

fn record(name: &'static str, value: Value) -> Result<Fields, RequestError> {
    match value {
        Value::Object(map) => Ok(Fields(map)),
        other => Err(wrong(name, "a map", type_name(&other))),
    }
}

fn nothing_left(name: &str, fields: &Fields, known: &[&str]) -> Result<(), RequestError> {
    let Some(key) = fields.0.keys().next() else { return Ok(()) };
    let suggestion = did_you_mean(key, known.iter().copied()).map(|key| format!("{name}.{key}"));
    Err(RequestError::Unknown { name: format!("{name}.{key}"), suggestion })
}

fn text(name: &str, value: Value) -> Result<String, RequestError> {
    match value {
        Value::String(text) if text.trim().is_empty() => Err(wrong(name, "text", "nothing".to_owned())),
        Value::String(text) => Ok(text),
        other => Err(wrong(name, "text", type_name(&other))),
    }
}

fn texts(name: &str, value: Option<Value>) -> Result<Vec<String>, RequestError> {
    match value {
        None => Ok(Vec::new()),
        Some(Value::Array(items)) => items.into_iter().map(|item| text(name, item)).collect(),
        Some(Value::String(one)) => Ok(vec![one]),
        Some(other) => Err(wrong(name, "a list of texts", type_name(&other))),
    }
}

fn number(name: &str, value: Option<Value>) -> Result<u32, RequestError> {
    let got = match value {
        None => return Ok(0),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text,
        Some(other) => type_name(&other),
    };
    got.parse().map_err(|_| wrong(name, "a whole number", quoted(&got)))
}

fn wrong(name: &str, expected: &'static str, got: String) -> RequestError {
    RequestError::Value { name: shown(name), expected, got }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", shown(text))
}

fn type_name(value: &Value) -> String {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a map",
    }
    .to_owned()
}
