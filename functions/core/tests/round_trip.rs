//! What ECS describes is what ECS is given to register: every value stays, to the last digit and character.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "helpers fail the test that uses them")]

use codedeploy_core::artifact::task_definition::TaskDefinition;
use random::Random;
use serde_json::{Map, Value, json};

#[path = "../src/random.rs"]
mod random;

const TEXTS: [&str; 20] = [
    "a", " ", "\n", "\t", "\"", "\\", "\u{1}", "\u{7f}", "é", "😀", "\u{2028}", "\u{feff}", "\u{202e}", "$", "${", "<",
    "<<", "no", "null", "0",
];

/// As JSON writes them; a reader that counts in 64 bits changes most.
const NUMBERS: [&str; 12] = [
    "0",
    "-1",
    "80",
    "1.50",
    "0.1",
    "1.0",
    "18446744073709551616",
    "-9223372036854775809",
    "1783760400.123456789",
    "0.1234567890123456789012345678901",
    "100000000000000000000000000",
    "-0.000",
];

fn text(random: &mut Random) -> String {
    (0..random.below(6)).map(|_| TEXTS[random.below(TEXTS.len())]).collect()
}

/// Anything but null, which is left out.
fn value(random: &mut Random, depth: usize) -> Value {
    match random.below(if depth > 4 { 4 } else { 6 }) {
        0 => Value::Bool(random.below(2) == 0),
        1 => NUMBERS[random.below(NUMBERS.len())].parse().map(Value::Number).unwrap(),
        2 | 3 => Value::String(text(random)),
        4 => (0..random.below(4)).map(|_| value(random, depth + 1)).collect(),
        _ => Value::Object(members(random, depth + 1)),
    }
}

fn members(random: &mut Random, depth: usize) -> Map<String, Value> {
    (0..random.below(5)).map(|number| (format!("{number}{}", text(random)), value(random, depth))).collect()
}

fn texts(random: &mut Random) -> Value {
    (0..random.below(5)).map(|number| (format!("{number}{}", text(random)), Value::String(text(random)))).collect()
}

fn container(number: usize, random: &mut Random) -> Value {
    let pairs = |random: &mut Random| -> Value {
        (0..random.below(4)).map(|it| json!({ "name": format!("N{it}"), "value": text(random) })).collect()
    };
    json!({
        "name": format!("c{number}"),
        "image": "registry.example/app:1",
        "cpu": random.below(1_000),
        "environment": pairs(random),
        "dockerLabels": texts(random),
        "command": (0..random.below(4)).map(|_| text(random)).collect::<Vec<_>>(),
        "logConfiguration": { "logDriver": "awslogs", "options": texts(random) },
        "memberOfTomorrow": value(random, 0),
    })
}

/// `ROUND_TRIPS` asks for more of them.
#[test]
#[expect(clippy::disallowed_methods, reason = "how much to test is asked for there")]
fn every_value_of_a_described_task_definition_stays() {
    let wanted: u64 = std::env::var("ROUND_TRIPS").ok().and_then(|count| count.parse().ok()).unwrap_or(1_000);
    for seed in 0..wanted {
        let mut random = Random::new(seed);
        let containers: Vec<Value> = (0..=random.below(3)).map(|number| container(number, &mut random)).collect();
        let registered = json!({
            "family": "web",
            "networkMode": "awsvpc",
            "containerDefinitions": containers,
            "volumes": [{ "name": text(&mut random), "tomorrow": value(&mut random, 0) }],
            "tomorrow": value(&mut random, 0),
            "alsoTomorrow": Value::Object(members(&mut random, 0)),
        });
        let mut described = registered.clone();
        let arn = "arn:aws:ecs:eu-west-1:111111111111:task-definition/web:7";
        for (name, value) in [
            ("taskDefinitionArn", json!(arn)),
            ("revision", json!(7)),
            ("status", json!("ACTIVE")),
            ("registeredAt", value(&mut random, 5)),
            ("requiresAttributes", json!([{ "name": text(&mut random) }])),
            ("pidMode", Value::Null),
        ] {
            described[name] = value;
        }
        let answer = json!({ "taskDefinition": described, "tags": [] }).to_string();
        let read =
            TaskDefinition::parse(&answer, "web:7").unwrap_or_else(|error| panic!("seed {seed}: {error}\n{answer}"));
        let kept: Value = serde_json::from_str(&read.to_json()).unwrap();
        assert_eq!(kept.to_string(), registered.to_string(), "seed {seed}");
        // And again, as the file of the next action.
        let again = TaskDefinition::parse(&read.to_json(), "taskdef.json").unwrap();
        assert_eq!(again.to_json(), read.to_json(), "seed {seed}");
    }
}
