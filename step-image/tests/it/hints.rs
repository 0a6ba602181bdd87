//! Every hint with a concrete change leads on: the change that it names, applied to the letter, makes the error disappear.

mod appspec;
mod check;
mod deploy;
mod diff;
mod files;
mod request;
mod task_definition;
mod template;
mod usage;

use std::collections::BTreeSet;
use std::path::Path;

use crate::folder::Folder;

/// A task definition and an AppSpec without a fault: `base.json` and `base.yml` of every call.
const TASK_DEFINITION: &str = include_str!("hints/taskdef.json");
const APPSPEC: &str = include_str!("hints/appspec.yml");

/// One call and the files it finds.
struct Call {
    /// Separated by blanks; `~` stands for a blank and `¶` for a line break within an argument.
    args: String,
    files: Vec<(&'static str, Vec<u8>)>,
}

fn call(args: &str) -> Call {
    Call { args: args.to_owned(), files: Vec::new() }
}

/// `generate` with the faultless task definition, and these flags more.
fn generate(args: &str) -> Call {
    call(&format!("generate --artifact made --task-definition-file base.json --container-name web {args}"))
}

impl Call {
    fn file(mut self, name: &'static str, content: impl Into<Vec<u8>>) -> Call {
        self.files.push((name, content.into()));
        self
    }

    /// Whether it succeeds, and what it prints: `check` has its findings on standard output.
    fn run(&self) -> (bool, String) {
        let folder = Folder::new();
        folder.write("base.json", TASK_DEFINITION);
        folder.write("base.yml", APPSPEC);
        for (name, content) in &self.files {
            folder.write(name, content);
        }
        let args: Vec<String> =
            self.args.split_whitespace().map(|arg| arg.replace('~', " ").replace('¶', "\n")).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        // Nothing beyond this machine is asked for credentials.
        let output = folder.command(&args).env("AWS_EC2_METADATA_DISABLED", "true").output().unwrap();
        (output.status.success(), String::from_utf8([output.stderr, output.stdout].concat()).unwrap())
    }
}

/// A code, the call that shows it, what its hint must say, and the call that has followed the hint.
struct Row {
    code: &'static str,
    failing: Call,
    hint: &'static str,
    followed: Call,
    /// The code that comes after; empty if the call succeeds.
    later: &'static str,
}

fn row(code: &'static str, failing: Call, hint: &'static str, followed: Call) -> Row {
    Row { code, failing, hint, followed, later: "" }
}

impl Row {
    /// Followed by this code: what is missing then can be had online only.
    fn then(mut self, later: &'static str) -> Row {
        self.later = later;
        self
    }

    fn fault(&self) -> Option<String> {
        let shown = format!("{}: ", self.code);
        let (_, before) = self.failing.run();
        let hints: String = before.lines().filter(|line| line.trim_start().starts_with("hint: ")).collect();
        let (done, after) = self.followed.run();
        let after: String = after.lines().filter(|line| !line.starts_with("note: ")).collect();
        let later = format!("{}: ", self.later);
        if !before.contains(&shown) {
            Some(format!("is not shown: {before}"))
        } else if !hints.contains(self.hint) {
            Some(format!("has another hint: {before}"))
        } else if after.contains(&shown) {
            Some(format!("is still there: {after}"))
        } else if self.later.is_empty() != done || !self.later.is_empty() && !after.contains(&later) {
            Some(format!("is followed by: {after}"))
        } else {
            None
        }
        .map(|fault| format!("{} (`{}`) {fault}", self.code, self.failing.args.chars().take(200).collect::<String>()))
    }
}

/// Fails with all rows that do not hold.
fn check(rows: &[Row]) {
    let faults: Vec<String> = rows.iter().filter_map(Row::fault).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Codes without a row, and why they have none.
const WITHOUT: [(&str, &[&str]); 10] = [
    ("for the function only: the command line has no UserParameters", &["PAR01", "PAR06", "PAR09"]),
    (
        "shown after an answer of AWS; the tests of the deployments in tests/e2e cover them",
        &[
            "AWS01", "AWS02", "CON01", "CON02", "CON03", "DEP01", "DEP05", "DEP20", "DEP22", "DEP23", "DEP30", "DEP31",
            "DEP32", "DEP33", "DEP35", "DEP36", "RBK01", "RBK02", "RBK03", "RBK04", "RBK05", "RBK06", "RBK07", "RBK08",
            "RBK09", "STP01", "SVC04", "SVC05", "SVC06", "SVC08", "SVC09", "SVC10", "SVC11", "SVC12", "SVC13",
        ],
    ),
    (
        "of check --online; tests/e2e/deployment/online.rs and verify.rs have them",
        &[
            "ACC01", "ACC02", "ACC03", "ACC04", "ACC05", "ACC06", "ACC07", "ACC08", "ACC09", "ACC10", "ACC11", "ACC12",
            "ACC13", "ACC14", "ACC15", "ACC16", "ACC17", "ACC18", "ACC19", "ACC20", "ACC21",
        ],
    ),
    ("needs a variable of the environment; tests/e2e/deployment/notify.rs has it", &["NTF02"]),
    ("of rotate, whose refusals follow an answer of AWS", &["ROT02", "ROT03"]),
    (
        "needs a disk that is full, a terminal or a machine without memory",
        &["CLI02", "CLI05", "CLI06", "CLI08", "ZIP13"],
    ),
    (
        "a defect of the program, or prevented by an earlier check",
        &["APP17", "BUG01", "CHK00", "TD07", "USE10", "ZIP11", "ZIP12"],
    ),
    ("needs an archive of 256 MB", &["ZIP09"]),
    ("an argument that is not UTF-8, in usage.rs", &["USE09"]),
    ("archives that no tool makes; functions/core/src/artifact/archive/read/tests.rs has them", &["ZIP07", "ZIP08"]),
];

/// The codes in the sources below a folder, test code left out: quoted words such as `"PAR03"`.
fn codes_in(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            codes_in(&path, found);
        } else if path.is_file() && !path.ends_with("tests.rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let source = text.split("#[cfg(test)]").next().unwrap_or_default();
            let code = source.lines().filter(|line| !line.trim_start().starts_with("//"));
            found.extend(code.flat_map(|line| line.split('"')).filter(|word| is_code(word)).map(str::to_owned));
        }
    }
}

fn is_code(word: &str) -> bool {
    let Some((letters, digits)) = word.split_at_checked(word.len().saturating_sub(2)) else { return false };
    (2..=3).contains(&letters.len())
        // A processor, and the code of an example.
        && !["ARM", "EXA"].contains(&letters)
        && letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[test]
fn every_code_has_a_row_or_a_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut codes = BTreeSet::new();
    codes_in(&root.join("step-image/src"), &mut codes);
    codes_in(&root.join("functions/core/src"), &mut codes);
    assert!(codes.len() > 150, "only {} codes were found", codes.len());
    let themes = [
        appspec::rows(),
        check::rows(),
        deploy::rows(),
        diff::rows(),
        files::rows(),
        request::rows(),
        task_definition::rows(),
        template::rows(),
        usage::rows(),
    ];
    assert!(themes.iter().flatten().all(|row| !row.hint.is_empty()), "a row without a hint");
    let rows: BTreeSet<String> = themes.iter().flatten().map(|row| row.code.to_owned()).collect();
    let without: Vec<String> = WITHOUT.iter().flat_map(|(_, codes)| *codes).map(|code| (*code).to_owned()).collect();
    let missing: Vec<&String> = codes.iter().filter(|code| !rows.contains(*code) && !without.contains(code)).collect();
    assert!(missing.is_empty(), "neither a row nor a reason: {missing:?}");
    let stale: Vec<&String> = without.iter().filter(|code| !codes.contains(*code) || rows.contains(*code)).collect();
    assert!(stale.is_empty(), "listed as without a row: {stale:?}");
}
