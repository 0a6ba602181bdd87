//! Everything that can be wrong with an AppSpec.

use super::OtherFile;
use super::TASK_DEFINITION_PLACEHOLDER;
use super::other::TOP;
use crate::document::{DocumentError, DocumentErrorKind};
use crate::fault::{Explain, Kind, hints, joined, shown};

/// What is wrong with an AppSpec or a part of one. [`AppSpecError::In`] adds where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppSpecError {
    /// A problem with its place in a file.
    #[error("{}{}: {}{problem}", shown(file), at_line(*line), at_path(path))]
    In {
        /// Name of the file.
        file: String,
        /// Counted from 1.
        line: Option<usize>,
        /// Such as `Resources[0].TargetService.Properties`, foreign names in it made safe to show; may be empty.
        path: String,
        /// What is wrong there.
        problem: Box<AppSpecError>,
    },
    /// Every fault of a file, at least two; code and kind are those of the first.
    #[error("{}", all(.0))]
    Several(Vec<AppSpecError>),
    /// `APP02`-`APP07`, `APP15`-`APP18`: the file is not a document at all.
    #[error("{}", error.within(file))]
    Syntax {
        /// Name of the file.
        file: String,
        /// What is wrong with it, and where.
        error: DocumentError,
    },
    /// `APP03`
    #[error("\"{}\" and \"{}\" are the same key", shown(first), shown(second))]
    SameKey {
        /// One spelling.
        first: String,
        /// The other.
        second: String,
    },
    /// `APP08`
    #[error("version must be a number, found {}", shown(.0))]
    Version(String),
    /// `APP09`
    #[error("exactly one resource expected, found {0}")]
    Resources(usize),
    /// `APP10`
    #[error("resource type must be AWS::ECS::Service, found \"{}\"", shown(.0))]
    ResourceType(String),
    /// `APP11`; holds what was found.
    #[error("LoadBalancerInfo must be a map, found {0} (CodeDeploy refuses it)")]
    LoadBalancerInfo(&'static str),
    /// `APP12`
    #[error("unknown hook \"{}\"{}", shown(name), suggestion(*near))]
    UnknownHook {
        /// As given.
        name: String,
        /// What was probably meant.
        near: Option<&'static str>,
    },
    /// `APP13`
    #[error("AssignPublicIp must be ENABLED or DISABLED, found \"{}\"", shown(.0))]
    AssignPublicIp(String),
    /// `APP14`
    #[error("\"{}\" is not a subnet id", shown(.0))]
    SubnetId(String),
    /// `APP14`
    #[error("\"{}\" is not a security group id", shown(.0))]
    SecurityGroupId(String),
    /// `APP14`
    #[error("1-{limit} {what}s are possible, found {count}")]
    NetworkCount {
        /// `subnet` or `security group`.
        what: &'static str,
        /// How many were given.
        count: usize,
        /// How many ECS allows.
        limit: usize,
    },
    /// `APP14`
    #[error("{what} \"{}\" is given twice", shown(id))]
    NetworkTwice {
        /// `subnet` or `security group`.
        what: &'static str,
        /// The id.
        id: String,
    },
    /// `APP19`
    #[error("{0} is missing")]
    Missing(&'static str),
    /// `APP20`
    #[error("unknown key \"{}\"{}", shown(key), suggestion(*near))]
    UnknownKey {
        /// As given.
        key: String,
        /// What was probably meant.
        near: Option<&'static str>,
    },
    /// `APP31`
    #[error("{name} belongs {}", under(parent))]
    Misplaced {
        /// The member.
        name: &'static str,
        /// The member that it belongs under; empty for the top level.
        parent: &'static str,
    },
    /// `APP30`
    #[error("{}", .0.sentence())]
    OtherFile(OtherFile),
    /// `APP21`
    #[error("must be {expected}, found {found}")]
    Type {
        /// Such as `a list`.
        expected: &'static str,
        /// Such as `a map`.
        found: &'static str,
    },
    /// `APP22`; names the members that are absent.
    #[error("Subnets, SecurityGroups and AssignPublicIp belong together, {0} is missing")]
    PartOfNetwork(&'static str),
    /// `APP23`
    #[error("{0}")]
    Strategy(String),
    /// `APP24`
    #[error("platform version must be LATEST or a number such as 1.4.0, found \"{}\"", shown(.0))]
    PlatformVersion(String),
    /// `APP25`
    #[error("\"{}\" is neither the name nor the ARN of a Lambda function", shown(.0))]
    HookFunction(String),
    /// `APP26`
    #[error("hook {0} is given twice")]
    HookTwice(&'static str),
    /// `APP25`; holds the hook.
    #[error("hook {0} must name one Lambda function; scripts with location are for EC2 and on-premises instances")]
    HookScript(&'static str),
    /// `APP26`; holds how many were found.
    #[error("a map with exactly one hook expected, found {0}")]
    HookItem(usize),
    /// `APP27`
    #[error("container port must be 1-65535, found \"{}\"", shown(.0))]
    Port(String),
    /// `APP28`
    #[error("must not be empty")]
    Empty,
    /// `APP29`
    #[error("\"{}\" cannot be the name of a resource", shown(.0))]
    ResourceName(String),
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
        "TaskDefinition" => TASK_DEFINITION_PLACEHOLDER,
        "ContainerName" => "and the name of the container that receives the traffic",
        "ContainerPort" => "and the port of that container",
        "CapacityProvider" => "FARGATE or another capacity provider",
        "Resources" => "with one item, - TargetService:, that has Type and Properties",
        "Properties" => "with TaskDefinition and LoadBalancerInfo below it",
        "LoadBalancerInfo" => "with ContainerName and ContainerPort below it",
        _ => "and its value",
    }
}

/// `under Properties`, or `at the top level`.
fn under(parent: &str) -> String {
    if parent == TOP { "at the top level".to_owned() } else { format!("under {parent}") }
}

/// The first fault with its file, the others without.
fn all(faults: &[AppSpecError]) -> String {
    let text = |(index, fault): (usize, &AppSpecError)| {
        (fault.code(), if index == 0 { fault.to_string() } else { fault.in_its_file() })
    };
    joined(faults.iter().enumerate().map(text))
}

impl AppSpecError {
    /// Line, path and problem, without the name of the file.
    fn in_its_file(&self) -> String {
        match self {
            AppSpecError::In { line, path, problem, .. } => {
                format!("{}{}{problem}", line.map(|line| format!("line {line}: ")).unwrap_or_default(), at_path(path))
            }
            other => other.to_string(),
        }
    }

    /// The member that is missing.
    pub(super) fn missing(&self) -> Option<&'static str> {
        match self {
            AppSpecError::In { problem, .. } => problem.missing(),
            AppSpecError::Missing(name) => Some(name),
            _ => None,
        }
    }

    /// The members that are there, but in the wrong place or misspelt.
    pub(super) fn stands_elsewhere(&self) -> Vec<&'static str> {
        match self {
            AppSpecError::In { problem, .. } => problem.stands_elsewhere(),
            AppSpecError::Misplaced { name, parent } => vec![name, parent],
            AppSpecError::UnknownKey { near, .. } => near.iter().copied().collect(),
            _ => Vec::new(),
        }
    }
}

fn at_line(line: Option<usize>) -> String {
    line.map(|line| format!(" line {line}")).unwrap_or_default()
}

fn at_path(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("{path}: ") }
}

fn suggestion(near: Option<&'static str>) -> String {
    near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default()
}

impl Explain for AppSpecError {
    fn code(&self) -> &'static str {
        match self {
            AppSpecError::In { problem, .. } => problem.code(),
            AppSpecError::Several(faults) => faults.first().map_or("APP00", Explain::code),
            AppSpecError::Syntax { error, .. } => match error.kind {
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
                | DocumentErrorKind::LineBreak(_) => "APP18",
            },
            AppSpecError::SameKey { .. } => "APP03",
            AppSpecError::Version(_) => "APP08",
            AppSpecError::Resources(_) => "APP09",
            AppSpecError::ResourceType(_) => "APP10",
            AppSpecError::LoadBalancerInfo(_) => "APP11",
            AppSpecError::UnknownHook { .. } => "APP12",
            AppSpecError::AssignPublicIp(_) => "APP13",
            AppSpecError::SubnetId(_)
            | AppSpecError::SecurityGroupId(_)
            | AppSpecError::NetworkCount { .. }
            | AppSpecError::NetworkTwice { .. } => "APP14",
            AppSpecError::Missing(_) => "APP19",
            AppSpecError::UnknownKey { .. } => "APP20",
            AppSpecError::Type { .. } => "APP21",
            AppSpecError::PartOfNetwork(_) => "APP22",
            AppSpecError::Strategy(_) => "APP23",
            AppSpecError::PlatformVersion(_) => "APP24",
            AppSpecError::HookFunction(_) | AppSpecError::HookScript(_) => "APP25",
            AppSpecError::HookTwice(_) | AppSpecError::HookItem(_) => "APP26",
            AppSpecError::Port(_) => "APP27",
            AppSpecError::Empty => "APP28",
            AppSpecError::ResourceName(_) => "APP29",
            AppSpecError::OtherFile(_) => "APP30",
            AppSpecError::Misplaced { .. } => "APP31",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            AppSpecError::In { .. } | AppSpecError::Several(_) | AppSpecError::Syntax { .. } => Kind::Input,
            _ => Kind::Configuration,
        }
    }

    fn hint(&self) -> String {
        match self {
            AppSpecError::In { problem, .. } => return problem.hint(),
            AppSpecError::Several(faults) => return hints(faults.iter().map(Explain::hint)),
            AppSpecError::Syntax { error, .. } => return error.kind.hint(),
            AppSpecError::SameKey { .. } => "keep one of the two",
            AppSpecError::Version(_) => "write version: 0.0",
            AppSpecError::Resources(_) => "list one item with one key under Resources, usually TargetService",
            AppSpecError::ResourceType(found) if found.eq_ignore_ascii_case("AWS::Lambda::Function") => {
                "this is an AppSpec for Lambda; write Type: AWS::ECS::Service with TaskDefinition and LoadBalancerInfo \
                 under Properties"
            }
            AppSpecError::ResourceType(_) => "write Type: AWS::ECS::Service",
            AppSpecError::LoadBalancerInfo(_) => "write ContainerName and ContainerPort below it without a dash",
            AppSpecError::UnknownHook { .. } => {
                "use BeforeInstall, AfterInstall, AfterAllowTestTraffic, BeforeAllowTraffic or AfterAllowTraffic"
            }
            AppSpecError::AssignPublicIp(_) => "write ENABLED or DISABLED as text",
            AppSpecError::SubnetId(_) => "write an id such as subnet-0a1b2c3d4e5f67890",
            AppSpecError::SecurityGroupId(_) => "write an id such as sg-0a1b2c3d4e5f67890",
            AppSpecError::NetworkCount { .. } => "list 1-16 subnets and 1-5 security groups",
            AppSpecError::NetworkTwice { .. } => "remove one of the two",
            AppSpecError::Missing(name) => return format!("add {name}: {}", example(name)),
            AppSpecError::UnknownKey { near: Some(right), .. } => return format!("write {right}"),
            AppSpecError::UnknownKey { near: None, .. } => "remove the key",
            AppSpecError::OtherFile(other) => other.hint(),
            AppSpecError::Misplaced { name, parent } => return moved(name, parent),
            AppSpecError::Type { expected, found } => return retyped(expected, found).to_owned(),
            AppSpecError::PartOfNetwork(_) => {
                "give all three, or leave NetworkConfiguration out to keep the service's own"
            }
            AppSpecError::Strategy(_) => "give up to 20 different providers, one base above 0 and one weight above 0",
            AppSpecError::PlatformVersion(_) => "write LATEST or three numbers with dots",
            AppSpecError::HookFunction(_) => "write a function name or arn:aws:lambda:REGION:ACCOUNT:function:NAME",
            AppSpecError::HookScript(hook) => {
                return format!("write - {hook}: FUNCTION with the name or ARN of a Lambda function");
            }
            AppSpecError::HookItem(_) => "begin every hook with a dash of its own",
            AppSpecError::HookTwice(_) => "call one function per lifecycle event",
            AppSpecError::Empty => "give it a value",
            AppSpecError::ResourceName(_) => "name it TargetService",
            AppSpecError::Port(_) => "write the container port that the load balancer sends traffic to",
        }
        .to_owned()
    }
}
