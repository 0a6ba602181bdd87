//! Everything that can be wrong with an AppSpec.

use super::members::TOP;
use crate::document::{DocumentError, DocumentErrorKind};
use crate::fault::finding::findings;
use crate::fault::{Fault, Kind};
use crate::faults;
use crate::text::suggest::or_did_you_mean;

findings! {
    /// Warnings about an AppSpec.
    pub const FINDINGS;

    pub(super) fn undocumented_version(version) =>
        "APP08" Warning Input "is {version}; the only documented version is 0.0", "write version: 0.0";
    pub(super) fn no_version() =>
        "APP08" Warning Input "is missing; the documented version is 0.0", "write version: 0.0";
}

faults! {
    /// The faults of an AppSpec. The file name, the line and the path of the member precede the message.
    pub const FORMS;

    /// Two spellings of one key.
    pub(super) fn same_key(first, second) =>
        "APP03" Input "\"{first}\" and \"{second}\" are the same key", "remove one of them";

    pub(super) fn version(found) => "APP08" Input "version must be a number, found {found}", "write version: 0.0";

    pub(super) fn resources(found: usize) =>
        "APP09" Input "must have exactly one item, found {found}",
        "write one list item under Resources, usually - TargetService:";

    pub(super) fn resource_type(found) =>
        "APP10" Input "resource type must be AWS::ECS::Service, found \"{found}\"", "write Type: AWS::ECS::Service";
    pub(super) fn for_lambda(found) =>
        "APP10" Input "resource type must be AWS::ECS::Service, found \"{found}\"",
        "this is an AppSpec for Lambda; write Type: AWS::ECS::Service with TaskDefinition and LoadBalancerInfo under \
         Properties";

    pub(super) fn load_balancer_info(found: &str) =>
        "APP11" Input "must be a map, found {found} (CodeDeploy rejects it)",
        "write ContainerName and ContainerPort below it, without dashes";

    pub(super) fn unknown_hook(name, near: Option<&str>) [did_you_mean = or_did_you_mean(near)] =>
        "APP12" Input "unknown hook \"{name}\"{did_you_mean}",
        "use BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic or AfterAllowTraffic";

    pub(super) fn assign_public_ip(found) =>
        "APP13" Input "AssignPublicIp must be ENABLED or DISABLED, found \"{found}\"",
        "write \"ENABLED\" or \"DISABLED\" in quotes";

    pub(super) fn network_id(id, what: &str, prefix: &str) =>
        "APP14" Input "\"{id}\" is not a {what} ID", "write an ID such as {prefix}0a1b2c3d4e5f67890";
    pub(super) fn network_count(what: &str, count: usize, most: usize) =>
        "APP14" Input "1-{most} {what}s are allowed, found {count}", "list 1-16 subnets and 1-5 security groups";
    pub(super) fn network_twice(id, what: &str) =>
        "APP14" Input "{what} \"{id}\" is given twice", "remove one of them";

    pub(super) fn missing(name: &str) [example = example(name)] =>
        "APP19" Input "{name} is missing", "add {name}: {example}";

    pub(super) fn unknown_key(key) => "APP20" Input "unknown key \"{key}\"", "remove the key";
    pub(super) fn misspelt_key(key, right: &str) =>
        "APP20" Input "unknown key \"{key}\"; did you mean \"{right}\"?", "write {right}";

    fn other_type(expected: &str, found: &str) => "APP21" Input "must be {expected}, found {found}", "write {expected}";

    pub(super) fn part_of_network(absent: &str) =>
        "APP22" Input "Subnets, SecurityGroups and AssignPublicIp must be set together, but {absent} is missing",
        "set all three, or remove NetworkConfiguration to keep the network of the service";

    pub(super) fn too_many_providers(count: usize, most: usize) =>
        "APP23" Input "{count} capacity providers are given, but at most {most} are allowed", "remove some of them";
    pub(super) fn provider_name(name) =>
        "APP23" Input "\"{name}\" is not the short name of a capacity provider", "write a name such as FARGATE_SPOT";
    pub(super) fn provider_twice(name) =>
        "APP23" Input "capacity provider \"{name}\" is given twice", "remove one of them";
    pub(super) fn provider_number(name, what: &str, found: u32, most: u32) =>
        "APP23" Input "{what} of \"{name}\" must be 0-{most}, found {found}", "write a number from 0 to {most}";
    pub(super) fn several_bases() =>
        "APP23" Input "only one capacity provider may have a base above 0", "set the base of the others to 0";
    pub(super) fn no_weight() =>
        "APP23" Input "at least one capacity provider needs a weight above 0", "set the weight of one provider to 1";

    pub(super) fn platform_version(found) =>
        "APP24" Input "platform version must be LATEST or a number such as 1.4.0, found \"{found}\"",
        "write LATEST, or a version such as 1.4.0";

    pub(super) fn hook_function_name(found) =>
        "APP25" Input "\"{found}\" is neither the name nor the ARN of a Lambda function",
        "write the name of a function, or arn:aws:lambda:REGION:ACCOUNT:function:NAME";
    pub(super) fn hook_script(hook: &str) =>
        "APP25" Input
        "hook {hook} must name one Lambda function; scripts with location are for EC2 and on-premises instances",
        "write - {hook}: FUNCTION, where FUNCTION is the name or ARN of a Lambda function";

    pub(super) fn hook_twice(hook: &str) =>
        "APP26" Input "hook {hook} is given twice", "call one function per lifecycle event";
    pub(super) fn hook_item(found: usize) =>
        "APP26" Input "each item under Hooks must have exactly one hook, found {found}",
        "start each hook with its own dash";

    pub(super) fn port(found) =>
        "APP27" Input "container port must be 1-65535, found \"{found}\"",
        "write the container port that the load balancer sends traffic to";

    pub(super) fn empty() => "APP28" Input "must not be empty", "write a value after the colon";

    pub(super) fn resource_name(found) =>
        "APP29" Input "\"{found}\" cannot be the name of a resource", "name it TargetService";

    pub(super) fn other_file(what: &str) =>
        "APP30" Input "this is {what}, not an AppSpec for Amazon ECS",
        "use the AppSpec file, which has Resources and TargetService; `codedeploy-artifact generate` writes one";
    pub(super) fn for_instances() =>
        "APP30" Input
        "this is an AppSpec for EC2 or on-premises instances (os, files, permissions), not an AppSpec for Amazon ECS",
        "write an AppSpec for Amazon ECS, with version, Resources and Hooks only; `codedeploy-artifact generate` \
         writes one";
    pub(super) fn deployment() =>
        "APP30" Input "this is the input of create-deployment, not an AppSpec for Amazon ECS",
        "save the text of revision.appSpecContent.content to its own file and use that file";
    pub(super) fn deployment_from_s3() =>
        "APP30" Input "this is the input of create-deployment, not an AppSpec for Amazon ECS",
        "deploy the object in s3Location with `codedeploy-artifact deploy --revision s3://BUCKET/KEY`";
    pub(super) fn empty_file() =>
        "APP30" Input "the file is empty", "write an AppSpec to it; `codedeploy-artifact generate` writes one";

    fn elsewhere(name: &str, place: &str) => "APP31" Input "{name} belongs {place}", "move {name} {place}";
}

/// The fault of a file that is not a YAML or JSON document.
pub fn syntax(file: &str, error: &DocumentError) -> Fault {
    let fault = Fault::new(code(&error.kind), Kind::Input, error.kind.to_string(), error.kind.hint());
    fault.at(error.place).within(error.place_in(file))
}

fn code(error: &DocumentErrorKind) -> &'static str {
    match error {
        DocumentErrorKind::Tab => "APP02",
        DocumentErrorKind::Duplicate { .. } => "APP03",
        DocumentErrorKind::Documents => "APP04",
        DocumentErrorKind::Tag(_) | DocumentErrorKind::Directive => "APP05",
        DocumentErrorKind::ScalarBytes(_) | DocumentErrorKind::Nodes(_) => "APP06",
        DocumentErrorKind::Depth(_) => "APP07",
        DocumentErrorKind::Utf16 | DocumentErrorKind::Utf8 { .. } => "APP15",
        DocumentErrorKind::Syntax(_)
        | DocumentErrorKind::TrailingComma
        | DocumentErrorKind::Comment
        | DocumentErrorKind::ReservedKey => "APP16",
        DocumentErrorKind::TooLarge { .. } => "APP17",
        DocumentErrorKind::MergeKey
        | DocumentErrorKind::KeyNotText
        | DocumentErrorKind::Ambiguous
        | DocumentErrorKind::LineBreak(_)
        | DocumentErrorKind::Differs => "APP18",
    }
}

/// The fault of a value of another type.
pub(super) fn wrong_type(expected: &str, found: &str) -> Fault {
    other_type(expected, found).with_hint(retyped(expected, found))
}

/// The fault of a member in the wrong place.
pub(super) fn misplaced(name: &str, parent: &str) -> Fault {
    elsewhere(name, &under(parent)).with_hint(moved(name, parent))
}

/// How to move a misplaced member.
fn moved(name: &str, parent: &str) -> String {
    match (name, parent) {
        (_, TOP) => format!("move {name} to the top level, without indentation"),
        (_, "Resources") => format!("write it as an item of the list under Resources: - {name}:"),
        (_, "Hooks") => format!("write it as an item of the list under Hooks, at the top level: - {name}: FUNCTION"),
        _ => format!("move {name} below {parent} and indent it two spaces more than {parent}"),
    }
}

/// `under Properties`, or `at the top level`.
fn under(parent: &str) -> String {
    if parent == TOP { "at the top level".to_owned() } else { format!("under {parent}") }
}

/// How to write what was expected instead of what was found.
fn retyped(expected: &str, found: &str) -> &'static str {
    match (expected, found) {
        ("a list", "a map") => "put a dash and a space before each item",
        ("a list", _) => "put each item on its own line, after a dash and a space",
        ("a map", "a list") => "remove the dashes before its members",
        ("a map", _) => "write its members below it as NAME: VALUE, indented by two more spaces",
        ("text", "a number" | "true or false") => "put it in quotes",
        (_, "a map" | "a list" | "nothing") => "write one value after the colon",
        _ => "write digits only, such as 1",
    }
}

/// What to write after the colon of a missing member.
fn example(name: &str) -> &'static str {
    match name {
        "Type" => "AWS::ECS::Service",
        "TaskDefinition" => "<TASK_DEFINITION>",
        "ContainerName" => "NAME, the container that receives traffic",
        "ContainerPort" => "PORT, the port of that container",
        "CapacityProvider" => "FARGATE or another capacity provider",
        "Resources" => "and below it one list item, - TargetService:, with Type and Properties",
        "Properties" => "and below it TaskDefinition and LoadBalancerInfo",
        "LoadBalancerInfo" => "and below it ContainerName and ContainerPort",
        _ => "VALUE",
    }
}
