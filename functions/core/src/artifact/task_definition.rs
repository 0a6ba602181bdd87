//! The task definition: the JSON that ECS sent, checked but never converted to a struct.
//!
//! Unknown members, empty values, the order of keys and the text of numbers are kept. A struct of known members would
//! lose new ones, which has happened to every similar tool when ECS added a member. Only values without meaning that
//! RegisterTaskDefinition refuses are left out: nulls and an empty list of tags.

pub(crate) mod equivalence;
mod kind;
mod left_out;
pub(crate) mod member;
#[rustfmt::skip] // Generated.
pub(crate) mod model;
mod shape;

use std::fmt;

use serde_json::{Map, Value};

use crate::artifact::image::placeholder_in;
use crate::fault::Fault;
use crate::fault::finding::{Finding, settle};
use left_out::LeftOut;

pub(crate) use kind::document;
pub use kind::{FORMS, is_meant, not_text, syntax};
pub use shape::FINDINGS;

/// The largest task definition read, in bytes. ECS accepts 64 KiB; a file may have more whitespace and the wrapper of
/// the CLI.
pub const LIMIT: usize = 1024 * 1024;

/// The most containers of a task definition.
/// [Quotas](https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html)
pub const MOST_CONTAINERS: usize = 10;

/// The members of a DescribeTaskDefinition answer that RegisterTaskDefinition does not take: `TaskDefinition` minus
/// `RegisterTaskDefinitionRequest` in AWS's own model of ECS.
pub const RESPONSE_ONLY: [&str; 9] = [
    "taskDefinitionArn",
    "revision",
    "status",
    "requiresAttributes",
    "compatibilities",
    "registeredAt",
    "registeredBy",
    "deregisteredAt",
    "deleteRequestedAt",
];

/// A task definition in the form that RegisterTaskDefinition accepts.
#[derive(Clone, PartialEq)]
pub struct TaskDefinition {
    members: Map<String, Value>,
    arn: Option<String>,
    revision: Option<String>,
    status: Option<String>,
    registered_by: Option<String>,
    removed: Vec<&'static str>,
    left_out: LeftOut,
}

impl fmt::Debug for TaskDefinition {
    /// Only the name, because its containers have environment values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TaskDefinition({})", self.name())
    }
}

impl TaskDefinition {
    /// Reads a task definition: bare, or the whole answer of `describe-task-definition` with its wrapper and tags.
    ///
    /// `document` names it in messages: a file, or the name sent to ECS.
    ///
    /// # Errors What ECS or Fargate would refuse later.
    pub fn parse(text: &str, document: &str) -> Result<Self, Fault> {
        let (task_definition, findings) = TaskDefinition::read(text, document)?;
        settle(findings)?;
        Ok(task_definition)
    }

    /// Reads a task definition as [`TaskDefinition::parse`] does, with every wrong type and name as a finding, so that
    /// they can be reported together with what [`crate::artifact::check::task_definition`] finds.
    ///
    /// # Errors The file is not a task definition.
    pub fn read(text: &str, document: &str) -> Result<(Self, Vec<Finding>), Fault> {
        let (members, left_out) = members(text, document)?;
        let mut findings = shape::check(&members, document);
        let described = TaskDefinition::of(members.clone(), left_out);
        let name = if described.family().is_empty() { document.to_owned() } else { described.name() };
        findings.extend(shape::check_fargate(&members, &name));
        Ok((described, findings))
    }

    /// Reads the answer of `describe-task-definition` for a revision that ECS has accepted: whatever its status and
    /// wherever it runs. Nothing in it is checked.
    ///
    /// # Errors
    /// It is not JSON, or not an object.
    pub fn described(answer: &str, document: &str) -> Result<Self, Fault> {
        let (members, left_out) = members(answer, document)?;
        Ok(TaskDefinition::of(members, left_out))
    }

    fn of(mut members: Map<String, Value>, left_out: LeftOut) -> Self {
        let arn = text_member(&members, "taskDefinitionArn");
        let status = text_member(&members, "status");
        let registered_by = text_member(&members, "registeredBy");
        let revision = members.get("revision").and_then(Value::as_number).map(ToString::to_string);
        let removed = RESPONSE_ONLY.into_iter().filter(|member| members.shift_remove(*member).is_some()).collect();
        TaskDefinition { members, arn, revision, status, registered_by, removed, left_out }
    }

    /// The ARN of the described revision, if it was described.
    pub fn arn(&self) -> Option<&str> {
        self.arn.as_deref()
    }

    /// The family.
    pub fn family(&self) -> &str {
        self.members.get("family").and_then(Value::as_str).unwrap_or_default()
    }

    /// The number of the described revision, if it was described.
    pub fn revision(&self) -> Option<&str> {
        self.revision.as_deref()
    }

    /// `family:revision`, or the family if there is no revision.
    pub fn name(&self) -> String {
        match &self.revision {
            Some(revision) => format!("{}:{revision}", self.family()),
            None => self.family().to_owned(),
        }
    }

    /// The ARN of the principal that registered the revision, if ECS reports it.
    pub fn registered_by(&self) -> Option<&str> {
        self.registered_by.as_deref()
    }

    /// The status if the revision is deregistered (`INACTIVE`) or being deleted (`DELETE_IN_PROGRESS`). Neither can be
    /// deployed; both can be described, and registered again.
    /// [DeleteTaskDefinitions](https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteTaskDefinitions.html)
    pub fn inactive(&self) -> Option<&str> {
        self.status.as_deref().filter(|status| *status != "ACTIVE")
    }

    /// What was left out because it has no meaning and RegisterTaskDefinition refuses it: paths of nulls, and empty
    /// tags. The first 100, and how many more.
    pub fn left_out(&self) -> Vec<String> {
        self.left_out.names()
    }

    /// The members of [`RESPONSE_ONLY`] that were removed.
    pub fn removed(&self) -> &[&'static str] {
        &self.removed
    }

    /// The containers, in order.
    pub fn containers(&self) -> impl Iterator<Item = Container<'_>> {
        self.definitions().iter().map(|definition| Container { definition })
    }

    /// The container of that name.
    pub fn container(&self, name: &str) -> Option<Container<'_>> {
        self.containers().find(|container| container.name() == name)
    }

    /// Sets the image of a container; false if there is no container with that name.
    pub fn set_image(&mut self, container: &str, image: &str) -> bool {
        let definitions = self.members.get_mut("containerDefinitions").and_then(Value::as_array_mut);
        let definition = definitions
            .into_iter()
            .flatten()
            .filter_map(Value::as_object_mut)
            .find(|definition| definition.get("name").and_then(Value::as_str) == Some(container));
        match definition {
            Some(definition) => {
                definition.insert("image".to_owned(), Value::from(image));
                true
            }
            None => false,
        }
    }

    /// The JSON, indented by two spaces, with a line break at the end.
    pub fn to_json(&self) -> String {
        format!("{:#}\n", Value::Object(self.members.clone()))
    }

    /// All members.
    pub(crate) fn members(&self) -> &Map<String, Value> {
        &self.members
    }

    fn definitions(&self) -> &[Value] {
        self.members.get("containerDefinitions").and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

/// One container of a task definition.
#[derive(Clone, Copy)]
pub struct Container<'a> {
    definition: &'a Value,
}

impl fmt::Debug for Container<'_> {
    /// Only the name, because it has environment values.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Container({})", self.name())
    }
}

impl<'a> Container<'a> {
    /// Its name.
    pub fn name(self) -> &'a str {
        self.definition.get("name").and_then(Value::as_str).unwrap_or_default()
    }

    /// Its image; empty if a template omits it.
    pub fn image(self) -> &'a str {
        self.definition.get("image").and_then(Value::as_str).unwrap_or_default()
    }

    /// The name of the placeholder that stands for its image, without angle brackets.
    pub fn image_placeholder(self) -> Option<&'a str> {
        placeholder_in(self.image())
    }

    /// `logDriver` of its log configuration.
    pub(crate) fn log_driver(self) -> Option<&'a str> {
        self.definition.pointer("/logConfiguration/logDriver").and_then(Value::as_str)
    }

    /// An option of its log driver.
    pub(crate) fn log_option(self, name: &str) -> Option<&'a str> {
        self.definition.pointer("/logConfiguration/options")?.get(name)?.as_str()
    }

    /// Whether it maps this port, and for UDP only. A mapping without a protocol is for TCP.
    pub(crate) fn maps_for_udp_only(self, port: u16) -> bool {
        let mappings = self.definition.get("portMappings").and_then(Value::as_array).into_iter().flatten();
        let mut protocols = mappings
            .filter(|mapping| mapping.get("containerPort").and_then(Value::as_u64) == Some(u64::from(port)))
            .map(|mapping| mapping.get("protocol").and_then(Value::as_str) == Some("udp"))
            .peekable();
        protocols.peek().is_some() && protocols.all(|udp| udp)
    }

    /// The container ports that it maps, in order. Port ranges cannot be load-balanced and do not count.
    pub fn ports(self) -> Vec<u16> {
        let mappings = self.definition.get("portMappings").and_then(Value::as_array);
        let port = |mapping: &Value| mapping.get("containerPort")?.as_u64()?.try_into().ok();
        mappings.into_iter().flatten().filter_map(port).collect()
    }
}

fn members(text: &str, document: &str) -> Result<(Map<String, Value>, LeftOut), Fault> {
    let value = kind::read(text, document, LIMIT)?;
    let mut left_out = LeftOut::default();
    Ok((unwrap(value, document, &mut left_out)?, left_out))
}

/// Takes the task definition out of a `describe-task-definition` answer, its tags with it: RegisterTaskDefinition takes
/// tags as a member, DescribeTaskDefinition answers them beside the task definition.
///
/// Members that must be left out are removed here, before anything is checked.
fn unwrap(value: Value, document: &str, left_out: &mut LeftOut) -> Result<Map<String, Value>, Fault> {
    let Value::Object(mut outer) = value else {
        return Err(kind::not_an_object(document));
    };
    let mut members = match outer.shift_remove("taskDefinition") {
        None => {
            left_out.of(&mut outer);
            return Ok(outer);
        }
        Some(Value::Object(members)) => members,
        Some(_) => return Err(kind::not_an_object(&format!("taskDefinition of {document}"))),
    };
    left_out.of(&mut members);
    let tags = outer.shift_remove("tags").filter(|tags| tags.is_array() || tags.is_null());
    let mut beside: Map<String, Value> = tags.map(|tags| ("tags".to_owned(), tags)).into_iter().collect();
    left_out.of(&mut beside);
    if !members.contains_key("tags") {
        members.extend(beside);
    }
    Ok(members)
}

fn text_member(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name).and_then(Value::as_str).map(str::to_owned)
}

#[cfg(test)]
mod tests;
