//! Reads an AppSpec file in YAML or JSON.

use super::error;
use super::hook::{Hook, hook_function};
use super::members::{TOP, belongs};
use super::model::{AppSpec, CapacityProvider, check_platform_version, check_resource_name, check_strategy};
use super::network::Network;
use super::node::{Node, Problem, Problems};
use super::other::other_file;
use crate::document::{self, Document, DocumentError, Limits};
use crate::fault::Fault;
use crate::fault::finding::Finding;

/// The text of an AppSpec file: UTF-8, a byte order mark removed. Errors name `file`.
pub fn decode<'t>(bytes: &'t [u8], file: &str) -> Result<&'t str, Fault> {
    document::text(bytes).map_err(|error| error::syntax(file, &error))
}

/// Reads an AppSpec of at most 64 KiB; JSON if its first character is `{`, otherwise YAML. Errors name `file`.
///
/// Keys are found in any case, as CodeDeploy finds them. A member that is null counts as not given.
///
/// # Errors The file cannot be parsed, or every fault in it.
pub fn read(text: &str, file: &str) -> Result<AppSpec, Fault> {
    let (spec, problems) = read_all(text).map_err(|error| error::syntax(file, &error))?;
    match (problems.settle(file), spec) {
        (None, Some(spec)) => Ok(spec),
        (fault, _) => Err(fault.unwrap_or_else(error::empty_file)),
    }
}

/// Reads an AppSpec as [`read`] does, with every fault as a finding that knows its line and column. The AppSpec is `None`
/// if a member of it cannot be read.
pub fn examine(text: &str, file: &str) -> (Option<AppSpec>, Vec<Finding>) {
    match read_all(text) {
        Ok((spec, problems)) => (spec, problems.findings(file)),
        Err(error) => (None, vec![Finding::of(&error::syntax(file, &error), file, "")]),
    }
}

fn read_all(text: &str) -> Result<(Option<AppSpec>, Problems), DocumentError> {
    let document = document(text)?;
    let problems = Problems::default();
    let root = Node { document: &document, problems: &problems, path: Vec::new(), value: &document.value };
    let spec = match other_file(&document.value) {
        Some(other) => root.keep(Err(root.wrong(other))),
        None => root.keep(read_root(&root)).flatten(),
    };
    Ok((spec, problems))
}

/// The file as a document: JSON if its first character is `{`, otherwise YAML.
pub(crate) fn document(text: &str) -> Result<Document, DocumentError> {
    let reader = if document::is_json(text) { document::json_document } else { document::yaml_document };
    reader(text, Limits::YAML)
}

/// `None` if a problem of it was kept.
fn read_root(root: &Node<'_>) -> Result<Option<AppSpec>, Problem> {
    let top = root.members(TOP)?;
    let version = root.keep(top.get("version").map(|node| read_version(&node)).transpose());
    let resource = root.keep(top.need("Resources").and_then(|resources| the_resource(&resources)));
    let spec = resource.and_then(|(name, resource)| Some((name, root.keep(read_resource(&resource)).flatten()?)));
    let hooks = root.keep(top.get("Hooks").map(|hooks| read_hooks(&hooks)).transpose());
    let (Some(version), Some((resource_name, spec)), Some(hooks)) = (version, spec, hooks) else { return Ok(None) };
    Ok(Some(AppSpec { version, resource_name, hooks: hooks.unwrap_or_default(), ..spec }))
}

/// Any number: CodeDeploy accepts others than the documented one.
fn read_version(node: &Node<'_>) -> Result<String, Problem> {
    let is_number =
        |text: &str| text.split('.').all(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit()));
    node.scalar()
        .filter(|text| node.value.is_number() || is_number(text))
        .ok_or_else(|| node.wrong(error::version(&node.scalar().unwrap_or_else(|| node.what().to_owned()))))
}

/// The only key of the only item.
fn the_resource<'d>(resources: &Node<'d>) -> Result<(String, Node<'d>), Problem> {
    let items = resources.items()?;
    let entries = items.iter().map(Node::entries).collect::<Result<Vec<_>, _>>()?.concat();
    // Type and Properties beside the name of the resource instead of below it, or Hooks below Resources.
    if let Some((name, node)) = entries.iter().find(|(name, _)| !matches!(belongs(name), None | Some((_, "Resources"))))
    {
        return Err(node.misplaced(name));
    }
    let ([item], [(name, resource)]) = (items.as_slice(), entries.as_slice()) else {
        return Err(resources.wrong(error::resources(entries.len())));
    };
    check_resource_name(name).map_err(|problem| item.wrong(problem))?;
    Ok(((*name).to_owned(), resource.clone()))
}

fn read_resource(resource: &Node<'_>) -> Result<Option<AppSpec>, Problem> {
    let members = resource.members("TargetService")?;
    let kind = resource.keep(members.need("Type").and_then(|kind| read_type(&kind)));
    if matches!(kind, Some(false)) {
        // An AppSpec for something else has other properties.
        return Ok(None);
    }
    let properties = members.need("Properties")?.members("Properties")?;
    let task_definition = resource.keep(properties.need("TaskDefinition").and_then(|node| node.text()));
    let target = resource.keep(properties.need("LoadBalancerInfo").and_then(|node| read_target(&node))).flatten();
    let platform_version = properties.get("PlatformVersion").map(|node| {
        let version = node.scalar_or("text")?;
        check_platform_version(&version).map_err(|problem| node.wrong(problem))?;
        Ok(version)
    });
    let platform_version = resource.keep(platform_version.transpose());
    let network = properties.get("NetworkConfiguration").map(|node| read_network(&node));
    let network = resource.keep(network.transpose()).map(Option::flatten);
    let strategy = properties.get("CapacityProviderStrategy").map(|node| {
        let strategy = node.items()?.iter().map(read_provider).collect::<Result<Vec<_>, _>>()?;
        check_strategy(&strategy).map_err(|problem| node.wrong(problem))?;
        Ok(strategy)
    });
    let strategy = resource.keep(strategy.transpose());
    let (Some(task_definition), Some((container_name, container_port))) = (task_definition, target) else {
        return Ok(None);
    };
    let (Some(platform_version), Some(network), Some(strategy)) = (platform_version, network, strategy) else {
        return Ok(None);
    };
    Ok(kind.map(|_| AppSpec {
        platform_version,
        network,
        capacity_provider_strategy: strategy.unwrap_or_default(),
        ..AppSpec::new(&task_definition, &container_name, container_port)
    }))
}

/// False after the fault of a type of another service was kept.
fn read_type(node: &Node<'_>) -> Result<bool, Problem> {
    let kind = node.text()?;
    let fault = match kind.as_str() {
        "AWS::ECS::Service" => return Ok(true),
        other if other.eq_ignore_ascii_case("AWS::Lambda::Function") => error::for_lambda(other),
        other => error::resource_type(other),
    };
    node.keep::<()>(Err(node.wrong(fault)));
    Ok(false)
}

/// Container and port.
fn read_target(node: &Node<'_>) -> Result<Option<(String, u16)>, Problem> {
    if !node.value.is_object() {
        return Err(node.wrong(error::load_balancer_info(node.what())));
    }
    let members = node.members("LoadBalancerInfo")?;
    let name = node.keep(members.need("ContainerName").and_then(|node| node.text()));
    let port = node.keep(members.need("ContainerPort").and_then(|node| read_port(&node)));
    Ok(name.zip(port))
}

/// Digits as a number or in quotes, which CodeDeploy accepts as well.
fn read_port(node: &Node<'_>) -> Result<u16, Problem> {
    let text = node.scalar_or("a number")?;
    digits(&text)
        .and_then(|number| u16::try_from(number).ok())
        .filter(|port| *port > 0)
        .ok_or_else(|| node.wrong(error::port(&text)))
}

/// A leading zero means octal to some YAML readers, so none is accepted.
fn digits(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

/// All three members or none of them.
fn read_network(node: &Node<'_>) -> Result<Option<Network>, Problem> {
    let Some(vpc) = node.members("NetworkConfiguration")?.get("AwsvpcConfiguration") else {
        return Ok(None);
    };
    let members = vpc.members("AwsvpcConfiguration")?;
    let ids = |node: &Node<'_>| node.items()?.iter().map(Node::text).collect::<Result<Vec<_>, _>>();
    match (members.get("Subnets"), members.get("SecurityGroups"), members.get("AssignPublicIp")) {
        (None, None, None) => Ok(None),
        (Some(subnets), Some(groups), Some(public)) => {
            let public = public.scalar_or("text")?;
            Network::new(ids(&subnets)?, ids(&groups)?, &public).map(Some).map_err(|problem| vpc.wrong(problem))
        }
        (None, _, _) => Err(vpc.wrong(error::part_of_network("Subnets"))),
        (_, None, _) => Err(vpc.wrong(error::part_of_network("SecurityGroups"))),
        (_, _, None) => Err(vpc.wrong(error::part_of_network("AssignPublicIp"))),
    }
}

fn read_provider(node: &Node<'_>) -> Result<CapacityProvider, Problem> {
    let members = node.members("CapacityProviderStrategy")?;
    let number = |name| match members.get(name) {
        None => Ok(0),
        Some(node) => digits(&node.scalar_or("a number")?).ok_or_else(|| node.wrong_type("a whole number")),
    };
    Ok(CapacityProvider {
        name: members.need("CapacityProvider")?.text()?,
        base: number("Base")?,
        weight: number("Weight")?,
    })
}

/// In lifecycle order, whatever the order of the file.
fn read_hooks(node: &Node<'_>) -> Result<Vec<(Hook, String)>, Problem> {
    let mut hooks: Vec<(Hook, String)> = Vec::new();
    for item in node.items()? {
        if node.problems.are_enough() {
            break;
        }
        hooks.extend(node.keep(read_hook(&item, &hooks)));
    }
    hooks.sort_by_key(|(hook, _)| *hook);
    Ok(hooks)
}

fn read_hook(item: &Node<'_>, before: &[(Hook, String)]) -> Result<(Hook, String), Problem> {
    let entries = item.entries()?;
    let [(name, value)] = entries.as_slice() else {
        return Err(item.wrong(error::hook_item(entries.len())));
    };
    let hook: Hook = name.parse().map_err(|problem| value.wrong(problem))?;
    if before.iter().any(|(other, _)| *other == hook) {
        return Err(value.wrong(error::hook_twice(hook.name())));
    }
    if value.value.is_array() || value.value.is_object() {
        return Err(value.wrong(error::hook_script(hook.name())));
    }
    let function = value.text()?;
    hook_function(&function).map_err(|problem| value.wrong(problem))?;
    Ok((hook, function))
}
