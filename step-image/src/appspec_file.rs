//! An AppSpec on disk, ready to be given to CodeDeploy itself: a file, or a file of an artifact zip or folder.

use std::path::{Path, PathBuf};

use clap::{Arg, ArgMatches, ValueHint, value_parser};
use codedeploy_core::artifact::appspec::{self, AppSpec, TASK_DEFINITION_PLACEHOLDER};
use codedeploy_core::artifact::archive;
use codedeploy_core::artifact::template::{GivenFile, advise};
use codedeploy_core::document::is_json;
use codedeploy_core::fault::{Explain, Fault, Kind, shown};
use codedeploy_core::names::RevisionArn;

use crate::files;
use crate::print;

/// The largest AppSpec that is read, in bytes; its reader has a narrower limit.
const LIMIT: u64 = 1024 * 1024;

/// What an artifact of ours calls it, and what people call it; the first one that is there is taken.
const NAMES: [&str; 3] = ["appspec.yml", "appspec.yaml", "appspec.json"];

/// An AppSpec that names a task definition by its ARN.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AppSpecFile {
    /// Where it comes from, for messages.
    pub(crate) name: String,
    /// The text to deploy.
    pub(crate) text: String,
    /// The same, understood.
    pub(crate) spec: AppSpec,
}

impl AppSpecFile {
    /// Whether it is written in JSON.
    pub(crate) fn is_json(&self) -> bool {
        is_json(&self.text)
    }
}

/// The flags that [`read`] takes.
pub(crate) fn flags() -> [Arg; 2] {
    [
        Arg::new("appspec-path")
            .long("appspec-path")
            .value_name("NAME")
            .help("Name of the AppSpec in a zip or folder [default: appspec.yml, appspec.yaml or appspec.json]"),
        Arg::new("task-definition")
            .long("task-definition")
            .value_name("ARN")
            .help("Task definition to put into the AppSpec, by its ARN with revision"),
    ]
}

/// The argument that says where the AppSpec is.
pub(crate) fn path_argument() -> Arg {
    Arg::new("path")
        .value_name("PATH")
        .required(true)
        .value_hint(ValueHint::AnyPath)
        .value_parser(value_parser!(PathBuf))
        .help("An AppSpec in YAML or JSON, or an artifact (zip or folder) that has one")
}

/// Reads and checks the AppSpec that the flags name, and puts `--task-definition` in.
///
/// Without that flag the text stays as it is, comments included.
pub(crate) fn read(flags: &ArgMatches) -> Result<AppSpecFile, Fault> {
    let path = flags.get_one::<PathBuf>("path").cloned().unwrap_or_default();
    let inside = flags.get_one::<String>("appspec-path").map(String::as_str);
    let (name, bytes) = bytes(&path, inside)?;
    let text = appspec::decode(&bytes, &name)?;
    let given = GivenFile { name: &name, text, parameter: "appspec_template", is_template: false };
    let file = fill(name.clone(), text, flags.get_one::<String>("task-definition").map(String::as_str))
        .map_err(|error| advise(error, given))?;
    print::warnings(file.spec.version_warning(&file.name).as_slice());
    Ok(file)
}

fn fill(name: String, text: &str, task_definition: Option<&str>) -> Result<AppSpecFile, Fault> {
    let mut spec = appspec::read(text, &name)?;
    let Some(arn) = task_definition else {
        return match spec.task_definition.as_str() {
            TASK_DEFINITION_PLACEHOLDER => Err(AppSpecFileError::Placeholder { file: name }.into()),
            named if named.parse::<RevisionArn>().is_err() => {
                Err(AppSpecFileError::NotArn { file: name, named: named.to_owned() }.into())
            }
            _ => Ok(AppSpecFile { name, text: text.to_owned(), spec }),
        };
    };
    if arn.parse::<RevisionArn>().is_err() {
        return Err(AppSpecFileError::Flag { got: arn.to_owned() }.into());
    }
    arn.clone_into(&mut spec.task_definition);
    spec.version = Some(appspec::VERSION.to_owned());
    let text = if is_json(text) { appspec::write_json(&spec) } else { appspec::write(&spec) };
    Ok(AppSpecFile { name, text, spec })
}

fn bytes(path: &Path, inside: Option<&str>) -> Result<(String, Vec<u8>), Fault> {
    let shown_path = path.display().to_string();
    if path.is_dir() {
        let found = if let Some(inside) = inside {
            archive::check_name(inside)?;
            path.join(inside)
        } else {
            let there = NAMES.iter().map(|name| path.join(name)).find(|file| file.is_file());
            there.ok_or(AppSpecFileError::NotThere { artifact: shown_path })?
        };
        return Ok((found.display().to_string(), files::read(&found, LIMIT)?));
    }
    if !path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
        return match inside {
            Some(_) => Err(AppSpecFileError::NoArtifact { path: shown_path }.into()),
            None => Ok((shown_path, files::read(path, LIMIT)?)),
        };
    }
    let of_zip = |name: &str| {
        let zip = files::open_zip(path)?;
        Ok((format!("{shown_path}::{name}"), archive::file(zip, &shown_path, name, LIMIT)?))
    };
    let Some(inside) = inside else {
        let mut first_error = None;
        for name in NAMES {
            match of_zip(name) {
                Ok(found) => return Ok(found),
                // The first name is the usual one, so its error is the one to show.
                Err(error) => first_error = first_error.or(Some(error)),
            }
        }
        return Err(first_error.unwrap_or_else(|| AppSpecFileError::NotThere { artifact: shown_path.clone() }.into()));
    };
    of_zip(inside)
}

/// An AppSpec that CodeDeploy could not deploy, or that is not where it was said to be.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AppSpecFileError {
    /// Only CodePipeline fills it in.
    #[error(
        "{}: TaskDefinition is {TASK_DEFINITION_PLACEHOLDER}, which CodeDeploy itself does not fill in",
        shown(file)
    )]
    Placeholder {
        /// The AppSpec.
        file: String,
    },
    /// A family, or an ARN without a revision.
    #[error("{}: TaskDefinition \"{}\" is not the ARN of a revision", shown(file), shown(named))]
    NotArn {
        /// The AppSpec.
        file: String,
        /// What it names.
        named: String,
    },
    /// The same of the flag.
    #[error("--task-definition \"{}\" is not the ARN of a revision", shown(got))]
    Flag {
        /// As given.
        got: String,
    },
    /// A folder without one.
    #[error("no {} in {}", NAMES.join(", "), shown(artifact))]
    NotThere {
        /// The artifact.
        artifact: String,
    },
    /// A name inside something that has no inside.
    #[error("--appspec-path is for a zip or a folder, and {} is neither", shown(path))]
    NoArtifact {
        /// As given.
        path: String,
    },
}

impl Explain for AppSpecFileError {
    fn code(&self) -> &'static str {
        match self {
            AppSpecFileError::Placeholder { .. } => "UPL01",
            AppSpecFileError::NotArn { .. } => "UPL02",
            AppSpecFileError::Flag { .. } => "UPL03",
            AppSpecFileError::NotThere { .. } => "UPL04",
            AppSpecFileError::NoArtifact { .. } => "UPL05",
        }
    }

    fn kind(&self) -> Kind {
        match self {
            AppSpecFileError::Placeholder { .. }
            | AppSpecFileError::NotArn { .. }
            | AppSpecFileError::NotThere { .. } => Kind::Input,
            AppSpecFileError::Flag { .. } | AppSpecFileError::NoArtifact { .. } => Kind::Configuration,
        }
    }

    fn hint(&self) -> String {
        match self {
            AppSpecFileError::Placeholder { .. } => {
                "add --task-definition ARN, or generate the artifact with --appspec-task-definition arn"
            }
            AppSpecFileError::NotArn { .. } => {
                "write arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION, or add \
                                                --task-definition ARN"
            }
            AppSpecFileError::Flag { .. } => "give arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION",
            AppSpecFileError::NotThere { .. } => "name the AppSpec in the artifact with --appspec-path",
            AppSpecFileError::NoArtifact { .. } => "remove --appspec-path, or name the artifact",
        }
        .to_owned()
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    const ARN: &str = "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7";

    fn yaml(task_definition: &str) -> String {
        appspec::write(&AppSpec::new(task_definition, "web", 8080))
    }

    fn check(text: &str, task_definition: Option<&str>, expect: &Expect) {
        let shown = match fill("appspec.yml".to_owned(), text, task_definition) {
            Ok(file) => file.text,
            Err(error) => error.report(),
        };
        expect.assert_eq(&shown);
    }

    #[test]
    fn a_text_that_can_be_deployed_stays_as_it_is() {
        let text = format!("# why\n{}", yaml(ARN));
        assert_eq!(fill("a".to_owned(), &text, None).unwrap().text, text);
    }

    #[test]
    fn a_task_definition_is_put_in() {
        let file = fill("a".to_owned(), &yaml("<TASK_DEFINITION>"), Some(ARN)).unwrap();
        assert_eq!((file.text.as_str(), file.is_json()), (yaml(ARN).as_str(), false));
        let json = appspec::write_json(&AppSpec::new("<TASK_DEFINITION>", "web", 8080));
        let file = fill("a".to_owned(), &json, Some(ARN)).unwrap();
        assert!(file.is_json() && file.text.contains(ARN), "{}", file.text);
    }

    #[test]
    fn what_codedeploy_would_refuse_is_refused() {
        check(
            &yaml("<TASK_DEFINITION>"),
            None,
            &expect![[r#"
            UPL01: appspec.yml: TaskDefinition is <TASK_DEFINITION>, which CodeDeploy itself does not fill in
            hint: add --task-definition ARN, or generate the artifact with --appspec-task-definition arn"#]],
        );
        check(
            &yaml("web:7"),
            None,
            &expect![[r#"
            UPL02: appspec.yml: TaskDefinition "web:7" is not the ARN of a revision
            hint: write arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION, or add --task-definition ARN"#]],
        );
        check(
            &yaml(ARN),
            Some("web"),
            &expect![[r#"
            UPL03: --task-definition "web" is not the ARN of a revision
            hint: give arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION"#]],
        );
    }
}
