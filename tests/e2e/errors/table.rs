//! `ERRORS.md` of the library: every code with its message, hint, exit code and failure type.

use std::{fmt::Write as _, sync::LazyLock};

use codedeploy_aws::codepipeline::failure_type;
use codedeploy_core::{
    artifact::appspec,
    codes::{self, PAGE},
    fault::{Fault, Form, Severity},
};
use expect_test::expect_file;

const BEGIN: &str = "UPDATE_EXPECT=1 cargo test --locked --test e2e errors::table -->\n";
const END: &str = "<!-- end of the table -->";

/// One row of the table.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row {
    pub(super) code: String,
    severity: &'static str,
    /// Exit code of the command line; none of a warning or of what only the function meets.
    exit: String,
    /// Failure type that the function reports to CodePipeline; none of a warning or of what only the command line meets.
    failure: String,
    message: String,
    hint: String,
}

/// Who can report a code.
#[derive(Clone, Copy, PartialEq)]
enum By {
    Both,
    CommandLine,
    Function,
}

impl Row {
    fn of(form: &Form, by: By) -> Row {
        let fault = Fault::new(form.code, form.kind, "", "");
        let (exit, failure) = (step_image::exit_code(&fault).to_string(), failure_type(form.kind).as_str().to_owned());
        let ends = form.severity == Severity::Error;
        let if_error = |text: String, by_them: bool| if ends && by_them { text } else { String::new() };
        Row {
            code: form.code.to_owned(),
            severity: form.severity.name(),
            exit: if_error(exit, by != By::Function),
            failure: if_error(failure, by != By::CommandLine),
            message: with_subject(plain(form.message)),
            hint: plain(form.hint),
        }
    }

    /// The row of a fault that has no form: it is shown as an example.
    fn example(fault: &Fault) -> Row {
        let form = Form { code: fault.code(), severity: Severity::Error, kind: fault.kind(), message: "", hint: "" };
        Row { message: fault.message(), hint: fault.hint(), ..Row::of(&form, By::Both) }
    }

    fn line(&self) -> String {
        let Row { code, severity, exit, failure, message, hint } = self;
        format!("| `{code}` | {severity} | {exit} | {failure} | {} | {} |\n", cell(message), cell(hint))
    }
}

/// A form with the braces that are doubled for `format!`.
fn plain(form: &str) -> String {
    form.replace("{{", "{").replace("}}", "}")
}

/// A message that continues the name of a file, member or archive, with `…` in place of that name.
fn with_subject(message: String) -> String {
    const VERBS: [&str; 8] = ["is ", "of ", "must ", "has ", "appears ", "uses ", "does ", "overlaps "];
    let continues = VERBS.iter().any(|verb| message.starts_with(verb)) || message.starts_with("cannot be ");
    match message.as_str() {
        "{problem}" => format!("…: {message}"),
        _ if continues => format!("… {message}"),
        _ => message,
    }
}

/// A text as one cell of a table in Markdown.
fn cell(text: &str) -> String {
    let mut cell = String::new();
    for (number, part) in text.split('`').enumerate() {
        let (mark, escaped) = match number % 2 {
            0 => ("", part.replace('<', "&lt;").replace('*', "\\*").replace("__", "\\_\\_")),
            _ => ("`", part.to_owned()),
        };
        let _ = write!(cell, "{mark}{}{mark}", escaped.replace('|', "\\|"));
    }
    cell
}

/// The faults of files that are not valid documents: an AppSpec for each reason.
fn documents() -> Vec<Fault> {
    let texts = [
        "Resources:\n\t- a: b",
        "version: 0.0\nversion: 0.0",
        "version: 0.0\n---\nversion: 0.0",
        "version: !Sub x",
        "%YAML 1.1\n---\nversion: 0.0",
        "version: [",
        "{\"version\": 0.0,}",
        "{\"version\": 0.0 // new\n}",
        "a: &a {b: c}\nd: {<<: *a}",
        "1: a",
        "version: 010",
    ];
    let mut faults: Vec<Fault> = texts.iter().map(|text| appspec::read(text, "appspec.yml").unwrap_err()).collect();
    let large =
        [format!("a: &a {}\nb: [{}]", "x".repeat(40_000), "*a,".repeat(99)), "[".repeat(65), "x".repeat(70_000)];
    faults.extend(large.iter().map(|text| appspec::read(text, "appspec.yml").unwrap_err()));
    faults.extend([&b"\xff\xfev\0"[..], b"\xff"].map(|bytes| appspec::decode(bytes, "appspec.yml").unwrap_err()));
    faults
}

/// All rows in the order of their codes.
pub(super) static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let aws = codedeploy_aws::FORMS.iter().copied().flatten().copied();
    let both = codes::forms().into_iter().chain(aws).map(|form| Row::of(&form, By::Both));
    let function = generate_codedeploy_artifact::FORMS.iter().copied().flatten();
    let function = function.map(|form| Row::of(form, By::Function));
    // Its faults are in its log and in no job.
    let gate = deployment_gate::FORMS.iter().copied().flatten();
    let gate = gate.map(|form| Row { failure: String::new(), ..Row::of(form, By::Function) });
    let command_line = step_image::forms().into_iter().map(|form| Row::of(form, By::CommandLine));
    let examples = documents().iter().map(Row::example).collect::<Vec<_>>();
    let mut rows: Vec<Row> = both.chain(function).chain(gate).chain(command_line).chain(examples).collect();
    rows.sort();
    rows.dedup();
    rows
});

#[test]
fn the_page_lists_every_code() {
    let rows: String = ROWS.iter().map(Row::line).collect();
    let table =
        format!("| code | severity | exit code | failure type | message | hint |\n|---|---|---|---|---|---|\n{rows}");
    let (before, rest) = PAGE.split_once(BEGIN).expect("the beginning of the table");
    let (_, after) = rest.split_once(END).expect("the end of the table");
    expect_file!["../../../functions/core/ERRORS.md"].assert_eq(&format!("{before}{BEGIN}\n{table}\n{END}{after}"));
}
