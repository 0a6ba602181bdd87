//! What can be wrong with a template or its variables. Messages name variables, but never show their values.

use super::format::Format;
use crate::artifact::{appspec, task_definition};
use crate::document::DocumentError;
use crate::fault::{Fault, shown};
use crate::faults;
use crate::text::suggest::or_did_you_mean;

faults! {
    /// The faults of templates.
    pub const FORMS;

    pub(super) fn unknown(file, line: usize, name, near: Option<&str>) [
        did_you_mean = or_did_you_mean(near),
        instead = near.map(|near| format!("write ${{{}}}, or ", shown(near))).unwrap_or_default(),
    ] =>
        "TPL01" Input "{file} line {line}: unknown variable \"{name}\"{did_you_mean}",
        "{instead}add `\"variables\": {{\"{name}\": \"VALUE\"}}`, or write $${{ for a literal ${{";

    pub(super) fn unused(name) =>
        "TPL02" Configuration "variable \"{name}\" is given, but no template uses it",
        "remove it from `variables`, or use it in the template";

    pub(super) fn built_in(name) =>
        "TPL03" Configuration "variable \"{name}\" is built in and cannot be set", "choose another name";

    pub(super) fn name(name) =>
        "TPL04" Configuration "\"{name}\" is not the name of a variable",
        "use letters, digits and underscores, not starting with a digit";
    pub(super) fn twice(name) => "TPL04" Configuration "variable \"{name}\" is given twice", "remove one of them";
    pub(super) fn too_many(count: usize, most: usize) =>
        "TPL04" Configuration "{count} variables are set, but at most {most} are allowed",
        "write constant values directly in the template";

    pub(super) fn directive(file, line: usize) =>
        "TPL05" Input "{file} line {line}: Terraform directives (%{{) are not supported",
        "write out the lines, or write %%{{ for a literal %{{";

    pub(super) fn expression(file, line: usize, expression) =>
        "TPL06" Input "{file} line {line}: \"${{{expression}}}\" is an expression; only variables are supported",
        "compute the value beforehand and set it as a variable";

    pub(super) fn unclosed(file, line: usize) =>
        "TPL07" Input "{file} line {line}: \"${{\" without a closing brace on the same line",
        "close it with }}, or write $${{ for a literal ${{";

    pub(super) fn too_large(file, limit: usize) =>
        "TPL08" Input "{file}: longer than {limit} bytes", "make the template or the values shorter";

    fn value_in_yaml(file, name) =>
        "TPL09" Configuration "{file}: the value of \"{name}\" would change the structure of the file",
        "put the entire value that contains the placeholder in double quotes, where it is escaped";
    fn value_in_json(file, name) =>
        "TPL09" Configuration "{file}: the value of \"{name}\" would change the structure of the file",
        "put the placeholder in double quotes, or set its value to a number, true or false";

    fn values(file, names) =>
        "TPL10" Configuration "{file}: the values of {names} would change the structure of the file",
        "put the entire values that contain the placeholders in double quotes, where they are escaped";
}

/// The fault of values, one of which changes the structure of the template, which was read as `format`.
pub(super) fn breaking(file: &str, names: &[&str], format: Format) -> Fault {
    match (names, format) {
        ([name], Format::Yaml) => value_in_yaml(file, name),
        ([name], Format::Json) => value_in_json(file, name),
        (several, _) => values(file, &several.join(", ")),
    }
}

/// The fault of a template that does not parse, whatever its values. Columns count a long marker in place of each
/// variable.
pub(super) fn syntax(file: &str, format: Format, error: &DocumentError) -> Fault {
    match format {
        Format::Yaml => appspec::syntax(file, error),
        Format::Json => task_definition::syntax(file, error),
    }
}
