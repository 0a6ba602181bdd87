//! Prints every AppSpec that is hard to write, one a line, so that other YAML readers can be asked what they understand.
//!
//! Without an argument a line is JSON: `{"yaml": text, "expected": value}`. With `--base64` it is the YAML text and the
//! canonical form of the expected value, both in base64, for readers without a JSON parser. The canonical form:
//! `s<UTF-16 length>:<text>`, `n<number>`, `[` items `]`, `{` key and value in turn `}`.

use codedeploy_core::artifact::appspec::{AppSpec, CapacityProvider, Hook, Network, write, write_json};
use serde_json::{Value, json};

#[path = "../src/artifact/appspec/nasty.rs"]
mod nasty;
#[path = "../src/random.rs"]
mod random;

use random::Random;

const COUNT: u64 = 2_000;

#[expect(clippy::print_stdout, reason = "printing is what this program is for")]
fn main() -> Result<(), serde_json::Error> {
    let base64_lines = std::env::args().nth(1).as_deref() == Some("--base64");
    for number in 0..COUNT {
        let spec = nasty::nasty_appspec(number);
        let yaml = write(&spec);
        let expected: Value = serde_json::from_str(&write_json(&spec))?;
        if base64_lines {
            println!("{} {}", base64(yaml.as_bytes()), base64(canonical(&expected).as_bytes()));
        } else {
            println!("{}", json!({ "yaml": yaml, "expected": expected }));
        }
    }
    Ok(())
}

fn canonical(value: &Value) -> String {
    let text = |text: &str| format!("s{}:{text}", text.encode_utf16().count());
    match value {
        Value::String(string) => text(string),
        Value::Number(number) => format!("n{number}"),
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<String>()),
        Value::Object(members) => {
            let members = members.iter().map(|(key, value)| text(key) + &canonical(value));
            format!("{{{}}}", members.collect::<String>())
        }
        Value::Null | Value::Bool(_) => value.to_string(),
    }
}

fn base64(bytes: &[u8]) -> String {
    let digits: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').chain(['+', '/']).collect();
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = (0..3).fold(0, |group, index| group << 8 | usize::from(chunk.get(index).copied().unwrap_or(0)));
        for place in 0..4 {
            let digit = digits.get(group >> (18 - 6 * place) & 63).filter(|_| place <= chunk.len());
            text.push(digit.copied().unwrap_or('='));
        }
    }
    text
}
