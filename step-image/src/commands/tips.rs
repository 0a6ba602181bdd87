//! Flags that users try and that do not exist, each with a tip for the right one.
//!
//! By itself clap suggests the flag whose letters are nearest: `--container-port` for `--container`.

use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};
use codedeploy_core::text::suggest::did_you_mean;

/// Verbs, the flag that does not exist, and what to write instead: a flag, or a sentence.
pub(super) type Tip = (&'static [&'static str], &'static str, &'static str);

const GENERATE: &[&str] = &["generate"];
const GROUP: &[&str] = &["deploy", "rollback", "list", "status", "stop", "continue", "wait"];
const ID: &[&str] = &["status", "stop", "continue", "wait"];

pub(super) const TIPS: &[Tip] = &[
    (GENERATE, "--image-uri", "write --images CONTAINER=IMAGE"),
    (GENERATE, "--variable", "--variables"),
    (GENERATE, "--var", "--variables"),
    (GENERATE, "--env", "write --variables NAME=VALUE for the templates"),
    (GENERATE, "--hook", "--hooks"),
    (GENERATE, "--family", "--task-definition"),
    (GENERATE, "--subnets", "write --network subnets=SUBNET,SUBNET"),
    (GENERATE, "--security-groups", "write --network security_groups=GROUP,GROUP"),
    (GENERATE, "--assign-public-ip", "write --network assign_public_ip=ENABLED or assign_public_ip=DISABLED"),
    (GENERATE, "--capacity-provider", "--capacity-provider-strategy"),
    (GENERATE, "--task-def", TASKDEF),
    (GENERATE, "--td", TASKDEF),
    (GENERATE, "--appspec", "write --appspec-template PATH to use your own AppSpec"),
    (GENERATE, "--template", "write --appspec-template PATH or --taskdef-template PATH"),
    (GENERATE, "--out", "--artifact"),
    (GENERATE, "--output-file", "--artifact"),
    (GENERATE, "--output-dir", "--artifact"),
    (GENERATE, "--dry-run", "write --print to see the files; generate changes nothing in AWS"),
    (GROUP, "--application-name", "--application"),
    (GROUP, "--app", "--application"),
    (GROUP, "--deployment-group-name", "--deployment-group"),
    (GROUP, "--group", "--deployment-group"),
    (&["deploy"], "--deployment-config-name", "--deployment-config"),
    (&["deploy"], "--config", "--deployment-config"),
    (ID, "--deployment-id", "write the deployment ID without a flag"),
    (ID, "--deployment", "write the deployment ID without a flag"),
    (ID, "--id", "write the deployment ID without a flag"),
    (&["deploy"], "--zip", "--artifact"),
    (&["deploy"], "--task-definition-file", "--taskdef"),
    (&["deploy", "upload"], "--images", IMAGES),
    (&["deploy", "upload"], "--image", IMAGES),
];

const TASKDEF: &str = "write --task-definition-file PATH, or --taskdef-template PATH if it has ${NAME} in it";
const IMAGES: &str =
    "`codedeploy-artifact generate --artifact PATH --images CONTAINER=IMAGE` puts images into an artifact";

/// The error with the tip for the flag that `verb` does not have, if there is one.
pub(super) fn better(mut error: Error, verb: Option<&Command>) -> Error {
    let (ErrorKind::UnknownArgument, Some(ContextValue::String(wrong))) =
        (error.kind(), error.get(ContextKind::InvalidArg))
    else {
        return error;
    };
    let Some(right) = verb.and_then(|verb| right(wrong, verb)) else { return error };
    error.remove(ContextKind::SuggestedArg);
    error.remove(ContextKind::Suggested);
    if right.starts_with("--") {
        error.insert(ContextKind::SuggestedArg, ContextValue::String(right.to_owned()));
    } else {
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![right.into()]));
    }
    error
}

/// The tip for the flag itself, or for the one that was probably meant.
pub(super) fn right(wrong: &str, verb: &Command) -> Option<&'static str> {
    let tips = || TIPS.iter().filter(|(verbs, ..)| verbs.contains(&verb.get_name()));
    let flags: Vec<String> = verb.get_arguments().filter_map(|arg| Some(format!("--{}", arg.get_long()?))).collect();
    let known = tips().map(|(_, tip, _)| *tip).chain(flags.iter().map(String::as_str));
    let meant = if tips().any(|(_, tip, _)| *tip == wrong) { Some(wrong) } else { did_you_mean(wrong, known) };
    tips().find(|(_, tip, _)| Some(*tip) == meant).map(|(.., right)| *right)
}
