//! What the description of a deployment contains beside the user's text: a token, by which the deployment is found if
//! the answer of `CreateDeployment` is lost, and the build that created it, so that an older build does not overtake
//! it.

use codedeploy_core::artifact::archive::sha256_hex;
use codedeploy_core::fault::{Fault, shown};
use codedeploy_core::faults;

use crate::terminal::clock;

/// A build of a Jenkins job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Build {
    /// Numbers of different jobs cannot be compared. Empty where there is none.
    pub(crate) job: String,
    pub(crate) number: u64,
}

/// What a description says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    /// `[token:…]`, with its brackets.
    pub(crate) token: String,
    pub(crate) build: Option<Build>,
    words: String,
}

faults! {
    /// The faults of builds.
    pub(crate) const FORMS;

    /// An invalid build number. `from` is the flag or the variable.
    fn not_a_build(from: &str, got: &str) [got = shown(got)] =>
        "DEP26" Configuration "{from}: \"{got}\" is not a number",
        "set a whole number with --build-number, or unset BUILD_NUMBER or JOB_NAME";
    /// `--resume` outside a build.
    fn no_build_to_resume() =>
        "DEP26" Configuration "--resume: requires BUILD_TAG or BUILD_URL, which identify the deployment of this build",
        "set BUILD_TAG to the name of this build, or remove --resume";
}

/// Parses `--build-number`.
pub(crate) fn build_number(text: &str) -> Result<u64, Fault> {
    number("--build-number", text)
}

fn number(from: &str, text: &str) -> Result<u64, Fault> {
    text.trim().parse().map_err(|_| not_a_build(from, text))
}

impl Build {
    /// The build that deploys, if builds have an order here.
    ///
    /// A number in the environment counts only within a named job: every job, and every other tool that sets the
    /// variable, starts its own count. A number that is given always counts.
    fn of(given: Option<u64>, number: Option<&str>, name: Option<&str>) -> Result<Option<Build>, Fault> {
        let number = match (given, number, name) {
            (Some(given), ..) => given,
            (None, Some(number), Some(_)) => self::number("BUILD_NUMBER", number)?,
            (None, ..) => return Ok(None),
        };
        Ok(Some(Build { job: job(name.unwrap_or_default()), number }))
    }
}

impl Label {
    /// The label of a deployment of this build. Within one Jenkins build the same `content` has the same token: a step that
    /// runs again finds its deployment.
    pub(crate) fn of_build(
        build_number: Option<u64>,
        resume: bool,
        words: &str,
        content: &[&str],
    ) -> Result<Label, Fault> {
        let [number, name] = ["BUILD_NUMBER", "JOB_NAME"].map(variable);
        let build = Build::of(build_number, number.as_deref(), name.as_deref())?;
        let maker = match variable("BUILD_TAG").or_else(|| variable("BUILD_URL")) {
            Some(build) => build,
            None if resume => return Err(no_build_to_resume()),
            None => unique(),
        };
        Ok(Label { token: token(&[content, &[&maker]].concat()), build, words: words.to_owned() })
    }

    /// A label that no other deployment has.
    pub(crate) fn unique() -> Label {
        Label { token: token(&[&unique()]), build: None, words: String::new() }
    }

    #[cfg(test)]
    pub(crate) fn for_tests(token: &str, build: Option<Build>) -> Label {
        Label { token: token.to_owned(), build, words: String::new() }
    }

    /// The description. What must not be cut comes first.
    pub(crate) fn description(&self) -> String {
        let build = self.build.as_ref().map(|build| format!(" [build:{}#{}]", build.job, build.number));
        format!("{}{} {}", self.token, build.unwrap_or_default(), self.words).trim_end().to_owned()
    }
}

#[expect(clippy::disallowed_methods, reason = "Jenkins names its build in the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn unique() -> String {
    format!("{} {} {}", clock::chance(), clock::chance(), std::process::id())
}

fn token(parts: &[&str]) -> String {
    let digest = sha256_hex(parts.join("\n").as_bytes());
    format!("[token:{}]", digest.get(..TOKEN).unwrap_or(&digest))
}

/// The build that a description names.
pub(crate) fn build_in(description: &str) -> Option<Build> {
    let (_, rest) = description.split_once("[build:")?;
    let (job, number) = rest.split_once(']')?.0.rsplit_once('#')?;
    Some(Build { job: job.to_owned(), number: number.parse().ok()? })
}

/// Hexadecimal digits of a token.
const TOKEN: usize = 20;

/// The maximum length of a job name in a description, in characters.
const JOB: usize = 100;

/// A job name for a description. One that is too long, or has characters that would end it early, is cut and gets a
/// part of its digest, so that two jobs never get the same name.
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
    use codedeploy_core::deployment::without_token;

    #[test]
    fn a_number_of_the_environment_counts_only_within_a_named_job() {
        let check = |given: Option<&str>,
                     number: Option<&str>,
                     name: Option<&str>,
                     expect: Result<Option<&str>, ()>| {
            let parsed = given.map(build_number).transpose();
            let build = parsed.and_then(|given| Build::of(given, number, name));
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
    fn no_two_labels_are_the_same() {
        let [one, other] = [(); 2].map(|()| Label::unique().token);
        assert_ne!(one, other);
        assert_eq!(one.len(), "[token:]".len() + TOKEN);
    }

    #[test]
    fn people_see_no_token() {
        let build = Some(Build { job: "shop".to_owned(), number: 7 });
        let label = Label { build, words: "1.6".to_owned(), ..Label::unique() };
        assert_eq!(without_token(&label.description()), "[build:shop#7] 1.6");
        assert_eq!(without_token(&Label::unique().description()), "");
        for other in ["by hand", "see [token:1]", "[token:1", ""] {
            assert_eq!(without_token(other), other);
        }
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
