//! An inspection as SARIF 2.1.0, which code scanning of GitHub, GitLab, Azure DevOps and editors read.
//!
//! [Specification](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html)

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::Inspection;
use crate::codes;
use crate::fault::finding::{Finding, Location};
use crate::text::json_document;

impl Inspection {
    /// One run with all rules and findings; what was ignored is suppressed. `version` is that of the program.
    pub fn sarif(&self, version: &str) -> String {
        let rules: Vec<Value> = self.rules.iter().map(|code| rule(code)).collect();
        let found = self.findings.iter().map(|finding| self.result(finding, None));
        let ignored = self.ignored.iter().flat_map(|ignored| {
            let reason = ignored.reason.as_deref();
            ignored.findings.iter().map(move |finding| self.result(finding, Some(suppression(reason))))
        });
        let results: Vec<Value> = found.chain(ignored).collect();
        json_document(&json!({
            "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": { "name": "codedeploy-artifact", "semanticVersion": version, "rules": rules } },
                "columnKind": "unicodeCodePoints",
                "results": results,
            }],
        }))
    }

    fn result(&self, finding: &Finding, suppression: Option<Value>) -> Value {
        let mut result = json!({
            "ruleId": finding.code,
            "level": finding.severity.name(),
            "message": { "text": format!("{}; {}", finding.in_its_file(), finding.hint) },
            "locations": finding.place.iter().map(location).collect::<Value>(),
        });
        let index = self.rules.iter().position(|code| *code == finding.code);
        if let (Some(index), Some(members)) = (index, result.as_object_mut()) {
            members.insert("ruleIndex".to_owned(), index.into());
        }
        if let (Some(suppression), Some(members)) = (suppression, result.as_object_mut()) {
            members.insert("suppressions".to_owned(), json!([suppression]));
        }
        result
    }
}

/// What the user has decided to ignore: by a flag or a file of settings, not in the file that was checked.
fn suppression(reason: Option<&str>) -> Value {
    let mut suppression = Map::new();
    suppression.insert("kind".to_owned(), "external".into());
    suppression.insert("status".to_owned(), "accepted".into());
    if let Some(reason) = reason {
        suppression.insert("justification".to_owned(), reason.into());
    }
    Value::Object(suppression)
}

fn rule(code: &str) -> Value {
    let mut rule = Map::new();
    rule.insert("id".to_owned(), code.into());
    rule.insert("help".to_owned(), json!({ "text": format!("codedeploy-artifact explain {code}") }));
    if let Some(page) = codes::page(code) {
        rule.insert("helpUri".to_owned(), page.into());
    }
    Value::Object(rule)
}

fn location(at: &Location) -> Value {
    let mut physical = json!({ "artifactLocation": { "uri": uri(&at.file) } });
    if let (Some(place), Some(members)) = (at.place, physical.as_object_mut()) {
        members.insert("region".to_owned(), json!({ "startLine": place.line, "startColumn": place.column }));
    }
    let mut location = json!({ "physicalLocation": physical });
    if let (false, Some(members)) = (at.path.is_empty(), location.as_object_mut()) {
        members.insert("logicalLocations".to_owned(), json!([{ "fullyQualifiedName": at.path }]));
    }
    location
}

/// A path as a reference of RFC 3986; a file in a zip is shown below the zip.
fn uri(file: &str) -> String {
    let mut uri = String::new();
    for byte in file.replace("::", "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}
