//! Parses parameters into a [`Request`].

use std::str::FromStr;

use serde_json::Value;

use super::error::{self, or_several, wrong_value};
use super::given::Parameters;
use super::model::{AppSpecTaskDefinition, Request, TaskDefinitionSource};
use super::together;
use super::value::{Fields, nothing_left, number, quoted, record, text, texts, type_name};
use crate::artifact::appspec::{self, CapacityProvider, Hook, Network};
use crate::artifact::archive;
use crate::artifact::image::{self, ImageSource};
use crate::artifact::task_definition::MOST_CONTAINERS;
use crate::fault::{Fault, Kind};
use crate::names::{Region, ServiceName, is_ecs_name, is_task_definition_name};

impl Request {
    /// Parses parameters from any source.
    ///
    /// # Errors
    /// Every fault of the values, in the order of [`PARAMETERS`](super::PARAMETERS); unknown names first. Values that do not
    /// fit together are a fault only if each of them is right.
    pub fn new(parameters: Parameters) -> Result<Self, Fault> {
        let request = request(parameters)?;
        together::check(&request)?;
        Ok(request)
    }

    /// Parses parameters that may be incomplete: those of a configuration file without the UserParameters beside it.
    ///
    /// # Errors
    /// Every fault of the values, as for [`Request::new`].
    pub fn partial(parameters: Parameters) -> Result<Self, Fault> {
        request(parameters)
    }
}

fn request(parameters: Parameters) -> Result<Request, Fault> {
    let (map, faults) = parameters.into_parts();
    let mut fields = Fields(map);
    let mut faults = Faults(faults);
    let task_definition = faults.keep(|| task_definition(&mut fields));
    let request = Request {
        task_definition,
        service: faults.keep(|| fields.text("service")?.as_deref().map(service).transpose()),
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
        verify: faults.keep(|| fields.switch("verify")),
        strict: faults.keep(|| fields.switch("strict")).unwrap_or_default(),
        ignore: faults.keep(|| texts("ignore", fields.take("ignore"))),
        application: faults.keep(|| fields.text("application")),
        deployment_group: faults.keep(|| fields.text("deployment_group")),
        role_arn: faults.keep(|| {
            let refused = |error| error::role_arn("`role_arn`", &error);
            fields.text("role_arn")?.map(|text| text.parse()).transpose().map_err(refused)
        }),
        external_id: faults.keep(|| {
            let refused = |_| error::external_id("`external_id`");
            fields.secret("external_id")?.map(|text| text.parse()).transpose().map_err(refused)
        }),
        region: faults.keep(|| fields.text("region")?.as_deref().map(region).transpose()),
    };
    match Fault::all(&faults.0) {
        Some(faults) => Err(faults),
        None => Ok(request),
    }
}

/// Every fault of the values, so that one run shows them all.
struct Faults(Vec<Fault>);

impl Faults {
    /// The value, or nothing after its fault was kept.
    fn keep<T: Default>(&mut self, read: impl FnOnce() -> Result<T, Fault>) -> T {
        read().unwrap_or_else(|fault| {
            self.0.push(fault);
            T::default()
        })
    }
}

fn task_definition(fields: &mut Fields) -> Result<Option<TaskDefinitionSource>, Fault> {
    let described = fields.text("task_definition")?;
    let file = fields.file("task_definition_file")?;
    match (described, file) {
        (Some(_), Some(_)) => Err(error::conflict(
            "`task_definition`",
            "`task_definition_file`",
            "there can be only one task definition",
            "remove `task_definition` or `task_definition_file`",
        )),
        (Some(name), None) if is_task_definition_name(&name) => Ok(Some(TaskDefinitionSource::Describe(name))),
        (Some(name), None) => Err(wrong_value("task_definition", "a family, family:revision or ARN", &quoted(&name))),
        (None, file) => Ok(file.map(TaskDefinitionSource::File)),
    }
}

fn service(text: &str) -> Result<ServiceName, Fault> {
    text.parse().map_err(|error| error::service(text, &error))
}

fn region(text: &str) -> Result<Region, Fault> {
    text.parse().map_err(|_| error::region(text))
}

fn container_name(text: String) -> Result<String, Fault> {
    if is_ecs_name(&text) {
        return Ok(text);
    }
    Err(wrong_value("container_name", "1-255 letters, digits, hyphens and underscores", &quoted(&text)))
}

fn port(value: Value) -> Result<u16, Fault> {
    let got = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text,
        other => type_name(&other).to_owned(),
    };
    got.parse::<u16>().ok().filter(|port| *port > 0).ok_or_else(|| error::port(&got))
}

fn appspec_task_definition(text: Option<&str>) -> Result<AppSpecTaskDefinition, Fault> {
    match text {
        None | Some("placeholder") => Ok(AppSpecTaskDefinition::Placeholder),
        Some("arn") => Ok(AppSpecTaskDefinition::Arn),
        Some(other) => Err(wrong_value("appspec_task_definition", "placeholder or arn", &quoted(other))),
    }
}

fn images(map: Vec<(String, Value)>) -> Result<Vec<(String, ImageSource)>, Fault> {
    if map.len() > MOST_CONTAINERS {
        return Err(error::too_many_images(map.len(), MOST_CONTAINERS));
    }
    let mut images = Vec::new();
    for (container, value) in map {
        let container = container_name(container)?;
        let image = text(&format!("images.{container}"), value)?;
        let source = ImageSource::from_str(&image).map_err(|fault| {
            let fault = fault.within(format_args!("`images.{container}`"));
            or_several(fault, "images", &container, &image)
        })?;
        images.push((container, source));
    }
    let mut names: Vec<&str> = images.iter().filter_map(|(_, source)| placeholder(source)).collect();
    names.sort_unstable();
    names.dedup();
    if names.len() > image::MOST_PLACEHOLDERS {
        return Err(error::too_many_placeholders(names.len(), image::MOST_PLACEHOLDERS));
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

fn platform_version(text: String) -> Result<String, Fault> {
    appspec::check_platform_version(&text).map_err(of_the_request)?;
    Ok(text)
}

fn network(value: Value) -> Result<Network, Fault> {
    let mut fields = record("network", value)?;
    let subnets = texts("network.subnets", fields.take("subnets"))?;
    let security_groups = texts("network.security_groups", fields.take("security_groups"))?;
    let assign_public_ip = fields.text("assign_public_ip")?;
    nothing_left("network", &fields, &["subnets", "security_groups", "assign_public_ip"])?;
    let assign_public_ip =
        assign_public_ip.ok_or_else(|| wrong_value("network.assign_public_ip", "ENABLED or DISABLED", "nothing"))?;
    Network::new(subnets, security_groups, &assign_public_ip).map_err(of_the_request)
}

fn strategy(value: Option<Value>) -> Result<Vec<CapacityProvider>, Fault> {
    let name = "capacity_provider_strategy";
    let items = match value {
        None => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(other) => return Err(wrong_value(name, "a list of maps", type_name(&other))),
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
    appspec::check_strategy(&providers).map_err(of_the_request)?;
    Ok(providers)
}

fn hooks(map: Vec<(String, Value)>) -> Result<Vec<(Hook, String)>, Fault> {
    let mut hooks = Vec::new();
    for (event, value) in map {
        let function = text(&format!("hooks.{event}"), value)?;
        let several = |fault| or_several(of_the_request(fault), "hooks", &event, &function);
        appspec::hook_function(&function).map_err(several)?;
        hooks.push((Hook::from_str(&event).map_err(of_the_request)?, function));
    }
    hooks.sort_by_key(|(hook, _)| *hook);
    Ok(hooks)
}

fn variables(map: Vec<(String, Value)>) -> Result<Vec<(String, String)>, Fault> {
    map.into_iter()
        .map(|(name, value)| match value {
            Value::String(text) => Ok((name, text)),
            Value::Number(number) => Ok((name, number.to_string())),
            Value::Bool(flag) => Ok((name, flag.to_string())),
            other => Err(wrong_value(&format!("variables.{name}"), "text", type_name(&other))),
        })
        .collect()
}

fn path(fields: &mut Fields, name: &'static str, default: &str) -> Result<String, Fault> {
    let Some(path) = fields.text(name)? else { return Ok(default.to_owned()) };
    match archive::check_name(&path) {
        Ok(()) => Ok(path),
        Err(_) => Err(wrong_value(name, "a relative path with forward slashes", &quoted(&path))),
    }
}

/// The fault of a part of the AppSpec that the request gives.
fn of_the_request(fault: Fault) -> Fault {
    fault.of_kind(Kind::Configuration)
}
