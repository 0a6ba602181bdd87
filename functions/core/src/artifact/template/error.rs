//! What can be wrong with a template or with what it is filled with.

use super::Format;
use crate::artifact::appspec::AppSpecError;
use crate::document::DocumentError;
use crate::fault::{Explain, Kind, shown};

/// What is wrong. Variables are named, their values are not shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// `TPL01`
    #[error("{} line {line}: unknown variable \"{}\"{}", shown(file), shown(name), suggestion(near.as_deref()))]
    Unknown {
        /// Name of the file.
        file: String,
        /// Counted from 1.
        line: usize,
        /// As the template has it.
        name: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// `TPL02`
    #[error("variable \"{}\" is given, but no template uses it", shown(.0))]
    Unused(String),
    /// `TPL03`
    #[error("variable \"{}\" is built in and cannot be given", shown(.0))]
    BuiltIn(String),
    /// `TPL04`
    #[error("\"{}\" is not the name of a variable", shown(.0))]
    Name(String),
    /// `TPL04`
    #[error("variable \"{}\" is given twice", shown(.0))]
    Twice(String),
    /// `TPL04`; holds how many.
    #[error("{0} variables given, at most {limit} are possible", limit = super::MAX_VARIABLES)]
    TooMany(usize),
    /// `TPL05`
    #[error("{} line {line}: Terraform directives (%{{) are not supported", shown(file))]
    Directive {
        /// Name of the file.
        file: String,
        /// Counted from 1.
        line: usize,
    },
    /// `TPL06`
    #[error(
        "{} line {line}: \"${{{}}}\" is an expression, only a variable can be filled in",
        shown(file),
        shown(expression)
    )]
    Expression {
        /// Name of the file.
        file: String,
        /// Counted from 1.
        line: usize,
        /// What stands between the braces.
        expression: String,
    },
    /// `TPL07`
    #[error("{} line {line}: \"${{\" without a closing brace on the same line", shown(file))]
    Unclosed {
        /// Name of the file.
        file: String,
        /// Counted from 1.
        line: usize,
    },
    /// `TPL08`
    #[error("{}: longer than {limit} bytes", shown(file))]
    TooLarge {
        /// Name of the file.
        file: String,
        /// The most that is allowed, before and after it is filled.
        limit: usize,
    },
    /// `TPL09`
    #[error("{}: the value of \"{}\" would change the structure of the file", shown(file), shown(name))]
    Value {
        /// Name of the file.
        file: String,
        /// Of the variable.
        name: String,
        /// As which the template was read.
        format: Format,
    },
    /// `TPL10`
    #[error("{}: the values of {} would change the structure of the file", shown(file), shown(&names.join(", ")))]
    Values {
        /// Name of the file.
        file: String,
        /// All variables that the template uses.
        names: Vec<String>,
    },
    /// A code of the AppSpec, or `TD05`: the template is no document whatever it is filled with.
    #[error("{}", error.within(file))]
    Document {
        /// Name of the file.
        file: String,
        /// What it should be.
        format: Format,
        /// What is wrong; columns count a long marker in place of each variable.
        error: DocumentError,
    },
}

fn suggestion(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean \"{near}\"?")).unwrap_or_default()
}

impl Explain for TemplateError {
    fn code(&self) -> &'static str {
        match self {
            TemplateError::Unknown { .. } => "TPL01",
            TemplateError::Unused(_) => "TPL02",
            TemplateError::BuiltIn(_) => "TPL03",
            TemplateError::Name(_) | TemplateError::Twice(_) | TemplateError::TooMany(_) => "TPL04",
            TemplateError::Directive { .. } => "TPL05",
            TemplateError::Expression { .. } => "TPL06",
            TemplateError::Unclosed { .. } => "TPL07",
            TemplateError::TooLarge { .. } => "TPL08",
            TemplateError::Value { .. } => "TPL09",
            TemplateError::Values { .. } => "TPL10",
            TemplateError::Document { format: Format::Json, .. } => "TD05",
            TemplateError::Document { format: Format::Yaml, file, error } => {
                AppSpecError::Syntax { file: file.clone(), error: error.clone() }.code()
            }
        }
    }

    fn kind(&self) -> Kind {
        match self {
            TemplateError::BuiltIn(_)
            | TemplateError::Name(_)
            | TemplateError::Twice(_)
            | TemplateError::TooMany(_)
            | TemplateError::Unused(_)
            | TemplateError::Value { .. }
            | TemplateError::Values { .. } => Kind::Configuration,
            _ => Kind::Input,
        }
    }

    fn hint(&self) -> String {
        match self {
            TemplateError::Unknown { name, near, .. } => {
                let instead = near.as_ref().map_or_else(String::new, |near| format!("write ${{{}}}, or ", shown(near)));
                return format!(
                    "{instead}add `\"variables\": {{\"{}\": \"VALUE\"}}`, or write $${{ for a literal ${{",
                    shown(name)
                );
            }
            TemplateError::Unused(_) => "remove it from `variables`, or use it in the template",
            TemplateError::BuiltIn(_) => "choose another name",
            TemplateError::Name(_) => "use letters, digits and underscores, and no digit first",
            TemplateError::Twice(_) => "keep one of the two",
            TemplateError::TooMany(_) => "write constant values into the template",
            TemplateError::Directive { .. } => "write the lines out, or write %%{ for a literal %{",
            TemplateError::Expression { .. } => "compute the value before and give it as a variable",
            TemplateError::Unclosed { .. } => "close it with }, or write $${ for a literal ${",
            TemplateError::TooLarge { .. } => "make the template or the values shorter",
            TemplateError::Value { format: Format::Yaml, .. } => {
                "put the whole value that the placeholder is a part of in double quotes; it is escaped there"
            }
            TemplateError::Value { format: Format::Json, .. } => {
                "put the placeholder in double quotes, or give a number, true or false as its value"
            }
            TemplateError::Values { .. } => {
                "put the whole values that the placeholders are parts of in double quotes; they are escaped there"
            }
            TemplateError::Document { error, .. } => return error.kind.hint(),
        }
        .to_owned()
    }
}
