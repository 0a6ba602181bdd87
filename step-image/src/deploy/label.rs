//! What the description of a deployment carries beside the words of its maker: a token by which it is found again when
//! the answer of its making is lost, and the build that made it, so that an older one does not overtake it.

use clap::{Arg, ArgMatches};
use codedeploy_core::artifact::archive::sha256_hex;
use codedeploy_core::artifact::task_definition::TaskDefinition;
use codedeploy_core::fault::shown;

use super::error::DeployError;
use super::resolve::Resolved;
use super::source::Source;
use super::{option, text};
use crate::clock;

/// A build of a Jenkins job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Build {
    /// Numbers of different jobs cannot be compared. Empty where there is none.
    pub(super) job: String,
    pub(super) number: u64,
}

/// What a description says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label {
    /// `[token:…]`, with its brackets.
    pub(super) token: String,
    pub(super) build: Option<Build>,
    words: String,
}

/// The flags.
pub(super) fn flags() -> [Arg; 2] {
    [
        option("description", "TEXT", "Description of the deployment"),
        option(
            "build-number",
            "N",
            "Build that deploys; an older one of the job never overtakes a newer one [env: BUILD_NUMBER, with JOB_NAME]",
        ),
    ]
}

impl Build {
    /// The build that deploys, if builds have an order here.
    ///
    /// A number in the environment counts only within a named job: every job, and every other tool that sets the variable,
    /// counts anew. A number that is given always counts.
    fn of(given: Option<&str>, number: Option<String>, name: Option<String>) -> Result<Option<Build>, DeployError> {
        let (from, number) = match (given, number, &name) {
            (Some(given), ..) => ("--build-number", given.to_owned()),
            (None, Some(number), Some(_)) => ("BUILD_NUMBER", number),
            (None, ..) => return Ok(None),
        };
        let Ok(number) = number.trim().parse() else {
            let problem = format!("\"{}\" is not a number", shown(&number));
            return Err(DeployError::BuildNumber { from, problem });
        };
        Ok(Some(Build { job: job(&name.unwrap_or_default()), number }))
    }
}

impl Label {
    /// Within one Jenkins build the same revision has the same token: a step that is run again finds its deployment.
    #[expect(clippy::disallowed_methods, reason = "Jenkins names its build in the environment")]
    pub(super) fn new(flags: &ArgMatches, resolved: &Resolved, source: &Source) -> Result<Label, DeployError> {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let build = Build::of(text(flags, "build-number"), variable("BUILD_NUMBER"), variable("JOB_NAME"))?;
        let maker = match variable("BUILD_TAG").or_else(|| variable("BUILD_URL")) {
            Some(build) => build,
            None if flags.get_flag("resume") => {
                let problem = "needs BUILD_TAG or BUILD_URL, by which the deployment of this build is known".to_owned();
                let hint = "set BUILD_TAG to the name of this build, or remove --resume";
                return Err(DeployError::Flag { flag: "--resume", problem, hint });
            }
            None => format!("{} {} {}", clock::chance(), clock::chance(), std::process::id()),
        };
        let what = source.task_definition.as_ref().map(TaskDefinition::to_json).unwrap_or_default();
        let parts = [&*resolved.application, &*resolved.group.name, &*source.text, &what, &maker];
        let digest = sha256_hex(parts.join("\n").as_bytes());
        let token = format!("[token:{}]", digest.get(..TOKEN).unwrap_or(&digest));
        Ok(Label { token, build, words: text(flags, "description").unwrap_or_default().to_owned() })
    }

    #[cfg(test)]
    pub(super) fn for_tests(token: &str, build: Option<Build>) -> Label {
        Label { token: token.to_owned(), build, words: String::new() }
    }

    /// The description. What must not be cut comes first.
    pub(super) fn description(&self) -> String {
        let build = self.build.as_ref().map(|build| format!(" [build:{}#{}]", build.job, build.number));
        format!("{}{} {}", self.token, build.unwrap_or_default(), self.words).trim_end().to_owned()
    }
}

/// The build that a description names.
pub(super) fn build_in(description: &str) -> Option<Build> {
    let (_, rest) = description.split_once("[build:")?;
    let (job, number) = rest.split_once(']')?.0.rsplit_once('#')?;
    Some(Build { job: job.to_owned(), number: number.parse().ok()? })
}

/// Hexadecimal digits of a token.
const TOKEN: usize = 20;

/// The longest part of a job name that a description carries, in characters.
const JOB: usize = 100;

/// A job name that a description can carry. One that is too long, or has characters that would end it early, is cut and
/// gets a part of its digest, so that two jobs never become one.
fn job(name: &str) -> String {
    let kept: String = name.chars().filter(|c| !matches!(c, '[' | ']' | '#') && !c.is_control()).take(JOB).collect();
    if kept == name {
        return kept;
    }
    let digest = sha256_hex(name.as_bytes());
    format!("{kept}~{}", digest.get(..8).unwrap_or(&digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_of_the_environment_counts_only_within_a_named_job() {
        let check = |given: Option<&str>,
                     number: Option<&str>,
                     name: Option<&str>,
                     expect: Result<Option<&str>, ()>| {
            let build = Build::of(given, number.map(str::to_owned), name.map(str::to_owned));
            let build = build.map(|build| build.map(|build| format!("{}#{}", build.job, build.number)));
            assert_eq!(build.as_ref().map(Option::as_deref).map_err(|_| ()), expect, "{given:?} {number:?} {name:?}");
        };
        check(None, None, None, Ok(None));
        check(None, Some("5"), None, Ok(None));
        check(None, Some("abc"), None, Ok(None));
        check(None, Some("5"), Some("shop"), Ok(Some("shop#5")));
        check(None, Some("5"), Some("team/shop/main"), Ok(Some("team/shop/main#5")));
        check(None, Some("abc"), Some("shop"), Err(()));
        check(None, Some("-1"), Some("shop"), Err(()));
        check(Some("7"), Some("abc"), Some("shop"), Ok(Some("shop#7")));
        check(Some("7"), None, None, Ok(Some("#7")));
        check(Some("x"), Some("5"), Some("shop"), Err(()));
    }

    #[test]
    fn two_jobs_never_become_one() {
        let long = "folder/".repeat(30);
        assert_ne!(job(&format!("{long}a")), job(&format!("{long}b")));
        assert_ne!(job("a#1"), job("a1"));
        assert_eq!(job("team/shop/feature%2Fx"), "team/shop/feature%2Fx");
    }

    #[test]
    fn the_build_survives_the_description() {
        for name in ["", "shop/web", "a]b#1[c", &"x".repeat(300)] {
            let build = Some(Build { job: job(name), number: 42 });
            let label =
                Label { token: "[token:00]".to_owned(), build: build.clone(), words: "w [build:#1]".to_owned() };
            assert_eq!(build_in(&label.description()), build, "{}", label.description());
        }
        let plain = Label { token: "[token:00]".to_owned(), build: None, words: String::new() };
        assert_eq!(plain.description(), "[token:00]");
        for description in ["", "[build:]", "[build:1]", "[build:#x]", "[build:#1"] {
            assert_eq!(build_in(description), None, "{description}");
        }
    }
}
