//! Reads an AppSpec that somebody else wrote, in YAML or JSON.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::Value;

use super::other::belongs;
use super::{AppSpec, AppSpecError, CapacityProvider, Hook, Network, OtherFile};
use super::{check_platform_version, check_resource_name, check_strategy, hook_function};
use crate::document::{self, Document, Limits, Step};
use crate::fault::finding::MOST_SHOWN;
use crate::fault::shown;
use crate::text::suggest::did_you_mean;

/// The text of an AppSpec file: UTF-8, a byte order mark removed. Errors name `file`.
pub fn decode<'t>(bytes: &'t [u8], file: &str) -> Result<&'t str, AppSpecError> {
    document::text(bytes).map_err(|error| AppSpecError::Syntax { file: file.to_owned(), error })
}

/// Reads an AppSpec of at most 64 KiB; JSON where its first character is `{`, otherwise YAML. Errors name `file`.
///
/// Keys are found in any case, as CodeDeploy finds them. A member that is null counts as not given.
///
/// # Errors
/// What cannot be read at all, or every fault of the file: [`AppSpecError::Several`] if there is more than one.
pub fn read(text: &str, file: &str) -> Result<AppSpec, AppSpecError> {
    let syntax = |error| AppSpecError::Syntax { file: file.to_owned(), error };
    let reader = if document::is_json(text) { document::json_document } else { document::yaml_document };
    let document = reader(text, Limits::YAML).map_err(syntax)?;
    let faults = Faults::default();
    let root = Node { file, document: &document, faults: &faults, path: Vec::new(), value: &document.value };

    if let Some(other) = OtherFile::of(&document.value) {
        return Err(root.wrong(AppSpecError::OtherFile(other)));
    }
    let spec = faults.keep(read_root(&root)).flatten();
    faults.settle(spec)
}

/// `None` if a fault of it was kept.
fn read_root(root: &Node<'_>) -> Result<Option<AppSpec>, AppSpecError> {
    let top = root.members(&["version", "Resources", "Hooks"])?;
    let version = root.keep(top.get("version").map(|node| read_version(&node)).transpose());
    let resource = root.keep(top.need("Resources").and_then(|resources| the_resource(&resources)));
    let spec = resource.and_then(|(name, resource)| Some((name, root.keep(read_resource(&resource)).flatten()?)));
    let hooks = root.keep(top.get("Hooks").map(|hooks| read_hooks(&hooks)).transpose());
    let (Some(version), Some((resource_name, spec)), Some(hooks)) = (version, spec, hooks) else { return Ok(None) };
    Ok(Some(AppSpec { version, resource_name, hooks: hooks.unwrap_or_default(), ..spec }))
}

/// Every fault of a file, in the order in which they are found.
#[derive(Default)]
struct Faults(RefCell<Vec<AppSpecError>>);

impl Faults {
    /// The value, or `None` after the fault was kept.
    fn keep<T>(&self, result: Result<T, AppSpecError>) -> Option<T> {
        result.map_err(|fault| self.0.borrow_mut().push(fault)).ok()
    }

    /// Whether there are more than are shown, so that a hostile file costs no time.
    fn are_enough(&self) -> bool {
        self.0.borrow().len() > MOST_SHOWN
    }

    fn settle(self, spec: Option<AppSpec>) -> Result<AppSpec, AppSpecError> {
        let mut faults = self.0.into_inner();
        let elsewhere: BTreeSet<&str> = faults.iter().flat_map(AppSpecError::stands_elsewhere).collect();
        let elsewhere: Vec<bool> =
            faults.iter().map(|fault| fault.missing().is_some_and(|name| elsewhere.contains(name))).collect();
        let mut elsewhere = elsewhere.into_iter();
        // What stands in the wrong place, or is misspelt, is not missing as well.
        faults.retain(|_| !elsewhere.next().unwrap_or_default());
        match (faults.pop(), spec) {
            (None, Some(spec)) => Ok(spec),
            (Some(only), _) if faults.is_empty() => Err(only),
            (last, _) => {
                faults.extend(last);
                Err(AppSpecError::Several(faults))
            }
        }
    }
}

/// Any number: CodeDeploy deploys more than the one that is documented.
fn read_version(node: &Node<'_>) -> Result<String, AppSpecError> {
    let is_number =
        |text: &str| text.split('.').all(|part| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit()));
    node.scalar()
        .filter(|text| node.value.is_number() || is_number(text))
        .ok_or_else(|| node.wrong(AppSpecError::Version(node.scalar().unwrap_or_else(|| node.what().to_owned()))))
}

/// The one key of the one item.
fn the_resource<'d>(resources: &Node<'d>) -> Result<(String, Node<'d>), AppSpecError> {
    let items = resources.items()?;
    let entries = items.iter().map(Node::entries).collect::<Result<Vec<_>, _>>()?.concat();
    // Type and Properties beside the name of the resource instead of below it, or Hooks below Resources.
    if let Some((name, node)) = entries.iter().find(|(name, _)| !matches!(belongs(name), None | Some((_, "Resources"))))
    {
        return Err(node.misplaced(name));
    }
    let ([item], [(name, resource)]) = (items.as_slice(), entries.as_slice()) else {
        return Err(resources.wrong(AppSpecError::Resources(entries.len())));
    };
    check_resource_name(name).map_err(|problem| item.wrong(problem))?;
    Ok(((*name).to_owned(), resource.clone()))
}

fn read_resource(resource: &Node<'_>) -> Result<Option<AppSpec>, AppSpecError> {
    let members = resource.members(&["Type", "Properties"])?;
    let kind = resource.keep(members.need("Type").and_then(|kind| read_type(&kind)));
    if matches!(kind, Some(false)) {
        // An AppSpec for something else has other properties.
        return Ok(None);
    }
    let properties = members.need("Properties")?.members(&[
        "TaskDefinition",
        "LoadBalancerInfo",
        "PlatformVersion",
        "NetworkConfiguration",
        "CapacityProviderStrategy",
    ])?;
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
fn read_type(node: &Node<'_>) -> Result<bool, AppSpecError> {
    let kind = node.text()?;
    let is_ecs = kind == "AWS::ECS::Service";
    if !is_ecs {
        node.keep::<()>(Err(node.wrong(AppSpecError::ResourceType(kind))));
    }
    Ok(is_ecs)
}

/// Container and port.
fn read_target(node: &Node<'_>) -> Result<Option<(String, u16)>, AppSpecError> {
    if !node.value.is_object() {
        return Err(node.wrong(AppSpecError::LoadBalancerInfo(node.what())));
    }
    let members = node.members(&["ContainerName", "ContainerPort"])?;
    let name = node.keep(members.need("ContainerName").and_then(|node| node.text()));
    let port = node.keep(members.need("ContainerPort").and_then(|node| read_port(&node)));
    Ok(name.zip(port))
}

/// Digits as a number or in quotes, which CodeDeploy accepts as well.
fn read_port(node: &Node<'_>) -> Result<u16, AppSpecError> {
    let text = node.scalar_or("a number")?;
    digits(&text)
        .and_then(|number| u16::try_from(number).ok())
        .filter(|port| *port > 0)
        .ok_or_else(|| node.wrong(AppSpecError::Port(text)))
}

/// A leading zero means octal to some YAML readers, so none is accepted.
fn digits(text: &str) -> Option<u32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

/// All three members or none of them.
fn read_network(node: &Node<'_>) -> Result<Option<Network>, AppSpecError> {
    let Some(vpc) = node.members(&["AwsvpcConfiguration"])?.get("AwsvpcConfiguration") else {
        return Ok(None);
    };
    let members = vpc.members(&["Subnets", "SecurityGroups", "AssignPublicIp"])?;
    let ids = |node: &Node<'_>| node.items()?.iter().map(Node::text).collect::<Result<Vec<_>, _>>();
    match (members.get("Subnets"), members.get("SecurityGroups"), members.get("AssignPublicIp")) {
        (None, None, None) => Ok(None),
        (Some(subnets), Some(groups), Some(public)) => {
            let public = public.scalar_or("text")?;
            Network::new(ids(&subnets)?, ids(&groups)?, &public).map(Some).map_err(|problem| vpc.wrong(problem))
        }
        (None, _, _) => Err(vpc.wrong(AppSpecError::PartOfNetwork("Subnets"))),
        (_, None, _) => Err(vpc.wrong(AppSpecError::PartOfNetwork("SecurityGroups"))),
        (_, _, None) => Err(vpc.wrong(AppSpecError::PartOfNetwork("AssignPublicIp"))),
    }
}

fn read_provider(node: &Node<'_>) -> Result<CapacityProvider, AppSpecError> {
    let members = node.members(&["CapacityProvider", "Base", "Weight"])?;
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
fn read_hooks(node: &Node<'_>) -> Result<Vec<(Hook, String)>, AppSpecError> {
    let mut hooks: Vec<(Hook, String)> = Vec::new();
    for item in node.items()? {
        if node.faults.are_enough() {
            break;
        }
        hooks.extend(node.keep(read_hook(&item, &hooks)));
    }
    hooks.sort_by_key(|(hook, _)| *hook);
    Ok(hooks)
}

fn read_hook(item: &Node<'_>, before: &[(Hook, String)]) -> Result<(Hook, String), AppSpecError> {
    let entries = item.entries()?;
    let [(name, value)] = entries.as_slice() else {
        return Err(item.wrong(AppSpecError::HookItem(entries.len())));
    };
    let hook: Hook = name.parse().map_err(|problem| value.wrong(problem))?;
    if before.iter().any(|(other, _)| *other == hook) {
        return Err(value.wrong(AppSpecError::HookTwice(hook.name())));
    }
    if value.value.is_array() || value.value.is_object() {
        return Err(value.wrong(AppSpecError::HookScript(hook.name())));
    }
    let function = value.text()?;
    hook_function(&function).map_err(|problem| value.wrong(problem))?;
    Ok((hook, function))
}

/// A value and where it stands.
#[derive(Clone)]
struct Node<'d> {
    file: &'d str,
    document: &'d Document,
    faults: &'d Faults,
    path: Vec<Step>,
    value: &'d Value,
}

impl<'d> Node<'d> {
    fn wrong(&self, problem: AppSpecError) -> AppSpecError {
        AppSpecError::In {
            file: self.file.to_owned(),
            line: self.document.line(&self.path),
            path: shown_path(&self.path),
            problem: Box::new(problem),
        }
    }

    fn keep<T>(&self, result: Result<T, AppSpecError>) -> Option<T> {
        self.faults.keep(result)
    }

    fn wrong_type(&self, expected: &'static str) -> AppSpecError {
        self.wrong(AppSpecError::Type { expected, found: self.what() })
    }

    /// A member that belongs elsewhere.
    fn misplaced(&self, key: &str) -> AppSpecError {
        let (name, parent) = belongs(key).unwrap_or_default();
        self.wrong(AppSpecError::Misplaced { name, parent })
    }

    fn what(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a map",
        }
    }

    fn child(&self, step: Step, value: &'d Value) -> Node<'d> {
        let mut path = self.path.clone();
        path.push(step);
        Node { path, value, ..self.clone() }
    }

    fn items(&self) -> Result<Vec<Node<'d>>, AppSpecError> {
        let Value::Array(list) = self.value else {
            return Err(self.wrong_type("a list"));
        };
        Ok(list.iter().enumerate().map(|(index, value)| self.child(Step::Item(index), value)).collect())
    }

    fn entries(&self) -> Result<Vec<(&'d str, Node<'d>)>, AppSpecError> {
        let Value::Object(map) = self.value else {
            return Err(self.wrong_type("a map"));
        };
        Ok(map.iter().map(|(key, value)| (key.as_str(), self.child(Step::Key(key.clone()), value))).collect())
    }

    /// The members by their `known` names, found in any case. Each other one is a fault.
    fn members(&self, known: &[&'static str]) -> Result<Members<'d>, AppSpecError> {
        let mut found: Vec<(&'static str, &'d str, Node<'d>)> = Vec::new();
        for (key, node) in self.entries()? {
            let Some(name) = known.iter().copied().find(|name| name.eq_ignore_ascii_case(key)) else {
                if self.faults.are_enough() {
                    break;
                }
                self.keep::<()>(Err(node.unknown(key, known)));
                continue;
            };
            if let Some((_, first, _)) = found.iter().find(|(other, ..)| *other == name) {
                let (first, second) = ((*first).to_owned(), key.to_owned());
                self.keep::<()>(Err(node.wrong(AppSpecError::SameKey { first, second })));
                continue;
            }
            found.push((name, key, node));
        }
        let found = found.into_iter().map(|(name, _, node)| (name, node)).collect();
        Ok(Members { of: self.clone(), found })
    }

    /// A member that belongs elsewhere, or nowhere.
    fn unknown(&self, key: &str, known: &[&'static str]) -> AppSpecError {
        if belongs(key).is_some() {
            return self.misplaced(key);
        }
        let near = did_you_mean(key, known.iter().copied());
        // `did_you_mean` ties the life of its answer to the list; the names themselves are constants.
        let near = known.iter().copied().find(|name| Some(*name) == near);
        self.wrong(AppSpecError::UnknownKey { key: key.to_owned(), near })
    }

    /// Text that is not empty.
    fn text(&self) -> Result<String, AppSpecError> {
        match self.value {
            Value::String(text) if text.is_empty() => Err(self.wrong(AppSpecError::Empty)),
            Value::String(text) => Ok(text.clone()),
            _ => Err(self.wrong_type("text")),
        }
    }

    fn scalar_or(&self, expected: &'static str) -> Result<String, AppSpecError> {
        self.scalar().ok_or_else(|| self.wrong_type(expected))
    }

    /// The text of a scalar, quoted or not.
    fn scalar(&self) -> Option<String> {
        match self.value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// The members of a map by their documented names.
struct Members<'d> {
    of: Node<'d>,
    found: Vec<(&'static str, Node<'d>)>,
}

impl<'d> Members<'d> {
    fn get(&self, name: &'static str) -> Option<Node<'d>> {
        let (_, node) = self.found.iter().find(|(other, node)| *other == name && !node.value.is_null())?;
        Some(node.clone())
    }

    fn need(&self, name: &'static str) -> Result<Node<'d>, AppSpecError> {
        self.get(name).ok_or_else(|| self.of.wrong(AppSpecError::Missing(name)))
    }
}

fn shown_path(path: &[Step]) -> String {
    let mut shown_path = String::new();
    for step in path {
        match step {
            // Writing to a String cannot fail.
            Step::Item(index) => drop(write!(shown_path, "[{index}]")),
            Step::Key(key) => {
                if !shown_path.is_empty() {
                    shown_path.push('.');
                }
                shown_path += &shown(key);
            }
        }
    }
    shown_path
}
