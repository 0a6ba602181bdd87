//! An AppSpec as CodeDeploy deploys it: with the ARN of a task definition.

use codedeploy_core::artifact::appspec::{self, AppSpec, TASK_DEFINITION_PLACEHOLDER};
use codedeploy_core::document::is_json;
use codedeploy_core::fault::Fault;
use codedeploy_core::names::RevisionArn;

use super::source::{SourceFile, advised};

/// An AppSpec, and the text that it was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AppSpecFile {
    /// Where it comes from, for messages.
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) spec: AppSpec,
}

/// What an AppSpec names as its task definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names<'a> {
    /// A revision, by its ARN.
    Revision,
    /// The placeholder that CodePipeline fills in.
    Placeholder,
    /// Something else, such as a family, which CodeDeploy accepts and fails on later.
    Other(&'a str),
}

impl AppSpecFile {
    /// Reads a file.
    pub(crate) fn read(file: &SourceFile) -> Result<AppSpecFile, Fault> {
        AppSpecFile::parse(&file.name, appspec::decode(&file.bytes, &file.name)?)
    }

    /// Reads a text. `name` stands for it in messages.
    pub(crate) fn parse(name: &str, text: &str) -> Result<AppSpecFile, Fault> {
        let spec = advised(name, text, "appspec_template", || appspec::read(text, name))?;
        Ok(AppSpecFile { name: name.to_owned(), text: text.to_owned(), spec })
    }

    /// The same AppSpec with another task definition, in its own language. Without one, the text stays as it is,
    /// including comments.
    #[must_use]
    pub(crate) fn naming(self, task_definition: Option<&str>) -> AppSpecFile {
        let Some(arn) = task_definition else { return self };
        let version = Some(appspec::VERSION.to_owned());
        let spec = AppSpec { task_definition: arn.to_owned(), version, ..self.spec };
        let text = if is_json(&self.text) { appspec::write_json(&spec) } else { appspec::write(&spec) };
        AppSpecFile { text, spec, ..self }
    }

    /// What it names as its task definition.
    pub(crate) fn names(&self) -> Names<'_> {
        match self.spec.task_definition.as_str() {
            TASK_DEFINITION_PLACEHOLDER => Names::Placeholder,
            arn if arn.parse::<RevisionArn>().is_ok() => Names::Revision,
            other => Names::Other(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:ecs:eu-west-1:123456789012:task-definition/web:7";

    fn yaml(task_definition: &str) -> String {
        appspec::write(&AppSpec::new(task_definition, "web", 8080))
    }

    fn file(text: &str) -> AppSpecFile {
        AppSpecFile::parse("a", text).unwrap()
    }

    #[test]
    fn a_text_that_can_be_deployed_stays_as_it_is() {
        let text = format!("# why\n{}", yaml(ARN));
        assert_eq!(file(&text).naming(None).text, text);
    }

    #[test]
    fn a_task_definition_is_put_in() {
        assert_eq!(file(&yaml("<TASK_DEFINITION>")).naming(Some(ARN)).text, yaml(ARN));
        let json = |arn| appspec::write_json(&AppSpec::new(arn, "web", 8080));
        assert_eq!(file(&json("<TASK_DEFINITION>")).naming(Some(ARN)).text, json(ARN));
    }

    #[test]
    fn only_a_revision_can_be_deployed() {
        assert_eq!(file(&yaml(ARN)).names(), Names::Revision);
        assert_eq!(file(&yaml("<TASK_DEFINITION>")).names(), Names::Placeholder);
        assert_eq!(file(&yaml("web:7")).names(), Names::Other("web:7"));
    }
}
