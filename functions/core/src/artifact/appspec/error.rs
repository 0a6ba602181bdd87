//! Everything that can be wrong with an AppSpec.

use super::members::TOP;
use crate::document::{DocumentError, DocumentErrorKind};
use crate::fault::finding::findings;
use crate::fault::{Fault, Kind};
use crate::faults;
use crate::text::suggest::or_did_you_mean;

findings! {
    /// What is doubtful in an AppSpec.
    pub const FINDINGS;

    pub(super) fn undocumented_version(version) =>
        "APP08" Warning Input "is {version}; the only documented version is 0.0", "write version: 0.0";
    pub(super) fn no_version() =>
        "APP08" Warning Input "is missing; the documented version is 0.0", "write version: 0.0";
}

faults! {
    /// The faults of an AppSpec. In a file, its name, the line and the path of the member stand before the message.
    pub const FORMS;

    /// Two spellings of one key.
    pub(super) fn same_key(first, second) =>
        "APP03" Input "\"{first}\" and \"{second}\" are the same key", "keep one of the two";

    pub(super) fn version(found) => "APP08" Input "version must be a number, found {found}", "write version: 0.0";

    pub(super) fn resources(found: usize) =>
        "APP09" Input "exactly one resource expected, found {found}",
        "list one item with one key under Resources, usually TargetService";

    pub(super) fn resource_type(found) =>
        "APP10" Input "resource type must be AWS::ECS::Service, found \"{found}\"", "write Type: AWS::ECS::Service";
    pub(super) fn for_lambda(found) =>
        "APP10" Input "resource type must be AWS::ECS::Service, found \"{found}\"",
        "this is an AppSpec for Lambda; write Type: AWS::ECS::Service with TaskDefinition and LoadBalancerInfo under \
         Properties";

    pub(super) fn load_balancer_info(found: &str) =>
        "APP11" Input "LoadBalancerInfo must be a map, found {found} (CodeDeploy refuses it)",
        "write ContainerName and ContainerPort below it without a dash";

    pub(super) fn unknown_hook(name, near: Option<&str>) [did_you_mean = or_did_you_mean(near)] =>
        "APP12" Input "unknown hook \"{name}\"{did_you_mean}",
        "use BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic or AfterAllowTraffic";

    pub(super) fn assign_public_ip(found) =>
        "APP13" Input "AssignPublicIp must be ENABLED or DISABLED, found \"{found}\"", "write ENABLED or DISABLED as text";

    pub(super) fn network_id(id, what: &str, prefix: &str) =>
        "APP14" Input "\"{id}\" is not a {what} id", "write an id such as {prefix}0a1b2c3d4e5f67890";
    pub(super) fn network_count(what: &str, count: usize, most: usize) =>
        "APP14" Input "1-{most} {what}s are possible, found {count}", "list 1-16 subnets and 1-5 security groups";
    pub(super) fn network_twice(id, what: &str) =>
        "APP14" Input "{what} \"{id}\" is given twice", "remove one of the two";

    pub(super) fn missing(name: &str) [example = example(name)] =>
        "APP19" Input "{name} is missing", "add {name}: {example}";

    pub(super) fn unknown_key(key) => "APP20" Input "unknown key \"{key}\"", "remove the key";
    pub(super) fn misspelt_key(key, right: &str) =>
        "APP20" Input "unknown key \"{key}\"; did you mean \"{right}\"?", "write {right}";

    pub(super) fn wrong_type(expected: &str, found: &str) [hint = retyped(expected, found)] =>
        "APP21" Input "must be {expected}, found {found}", "{hint}";

    pub(super) fn part_of_network(absent: &str) =>
        "APP22" Input "Subnets, SecurityGroups and AssignPublicIp belong together, {absent} is missing",
        "give all three, or leave NetworkConfiguration out to keep the service's own";

    pub(super) fn too_many_providers(count: usize, most: usize) =>
        "APP23" Input "{count} capacity providers given, at most {most} are possible", "remove some of the providers";
    pub(super) fn provider_name(name) =>
        "APP23" Input "\"{name}\" is not the short name of a capacity provider", "write a name such as FARGATE_SPOT";
    pub(super) fn provider_twice(name) =>
        "APP23" Input "capacity provider \"{name}\" is given twice", "remove one of the two";
    pub(super) fn provider_number(name, what: &str, found: u32, most: u32) =>
        "APP23" Input "{what} of \"{name}\" must be 0-{most}, found {found}", "write a number from 0 to {most}";
    pub(super) fn several_bases() =>
        "APP23" Input "only one capacity provider may have a base above 0", "set the base of the others to 0";
    pub(super) fn no_weight() =>
        "APP23" Input "at least one capacity provider needs a weight above 0", "give one of the providers weight 1";

    pub(super) fn platform_version(found) =>
        "APP24" Input "platform version must be LATEST or a number such as 1.4.0, found \"{found}\"",
        "write LATEST or three numbers with dots";

    pub(super) fn hook_function_name(found) =>
        "APP25" Input "\"{found}\" is neither the name nor the ARN of a Lambda function",
        "write a function name or arn:aws:lambda:REGION:ACCOUNT:function:NAME";
    pub(super) fn hook_script(hook: &str) =>
        "APP25" Input
        "hook {hook} must name one Lambda function; scripts with location are for EC2 and on-premises instances",
        "write - {hook}: FUNCTION with the name or ARN of a Lambda function";

    pub(super) fn hook_twice(hook: &str) =>
        "APP26" Input "hook {hook} is given twice", "call one function per lifecycle event";
    pub(super) fn hook_item(found: usize) =>
        "APP26" Input "a map with exactly one hook expected, found {found}", "begin every hook with a dash of its own";

    pub(super) fn port(found) =>
        "APP27" Input "container port must be 1-65535, found \"{found}\"",
        "write the container port that the load balancer sends traffic to";

    pub(super) fn empty() => "APP28" Input "must not be empty", "give it a value";

    pub(super) fn resource_name(found) =>
        "APP29" Input "\"{found}\" cannot be the name of a resource", "name it TargetService";

    pub(super) fn other_file(what: &str) =>
        "APP30" Input "this is {what}, not an AppSpec for Amazon ECS",
        "give the AppSpec file, the one with Resources and TargetService; `codedeploy-artifact generate` writes one";
    pub(super) fn for_instances() =>
        "APP30" Input
        "this is an AppSpec for EC2 or on-premises instances (os, files, permissions), not an AppSpec for Amazon ECS",
        "write an AppSpec for Amazon ECS, with version, Resources and Hooks only; `codedeploy-artifact generate` writes one";
    pub(super) fn deployment() =>
        "APP30" Input "this is the input of create-deployment, not an AppSpec for Amazon ECS",
        "save the text in revision.appSpecContent.content as a file of its own and give that file";
    pub(super) fn deployment_from_s3() =>
        "APP30" Input "this is the input of create-deployment, not an AppSpec for Amazon ECS",
        "give the object that s3Location names: `codedeploy-artifact deploy --revision s3://BUCKET/KEY` deploys it";
    pub(super) fn empty_file() =>
        "APP30" Input "the file is empty", "write the AppSpec into it; `codedeploy-artifact generate` writes one";

    pub(super) fn misplaced(name: &str, parent: &str) [place = under(parent), hint = moved(name, parent)] =>
        "APP31" Input "{name} belongs {place}", "{hint}";
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

/// How to put a member where it belongs.
fn moved(name: &str, parent: &str) -> String {
    match (name, parent) {
        (_, TOP) => format!("move {name} to the top level, without indentation"),
        (_, "Resources") => format!("write it as an item of the list under Resources: - {name}:"),
        (_, "Hooks") => format!("write it as an item of the list under Hooks, at the top level: - {name}: FUNCTION"),
        _ => format!("indent {name} so that it stands below {parent}, two spaces deeper than {parent} itself"),
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
        ("a list", _) => "put each item on a line of its own, after a dash and a space",
        ("a map", "a list") => "remove the dashes before its members",
        ("a map", _) => "write its members below it, two spaces deeper, each as NAME: VALUE",
        ("text", "a number" | "true or false") => "put it in quotes",
        (_, "a map" | "a list" | "nothing") => "write one value after the colon",
        _ => "write digits only, such as 1",
    }
}

/// What may stand after the colon of a member that is missing.
fn example(name: &str) -> &'static str {
    match name {
        "Type" => "AWS::ECS::Service",
        "TaskDefinition" => "<TASK_DEFINITION>",
        "ContainerName" => "and the name of the container that receives the traffic",
        "ContainerPort" => "and the port of that container",
        "CapacityProvider" => "FARGATE or another capacity provider",
        "Resources" => "with one item, - TargetService:, that has Type and Properties",
        "Properties" => "with TaskDefinition and LoadBalancerInfo below it",
        "LoadBalancerInfo" => "with ContainerName and ContainerPort below it",
        _ => "and its value",
    }
}
