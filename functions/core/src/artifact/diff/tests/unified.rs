//! The unified form: the numbers of its hunks, and what it escapes.

use super::*;

/// A task definition with these values of `tags`, which are the last lines but one of it.
fn tagged(tags: &[(&str, &str)]) -> Side {
    let tags: Vec<Value> = tags.iter().map(|(key, value)| json!({ "key": key, "value": value })).collect();
    side("x", &json!({ "containerDefinitions": [{ "name": "web", "image": "i" }], "tags": tags }))
}

fn hunks(before: &Side, after: &Side) -> Vec<String> {
    let text = unified(before, after, Values::Shown);
    text.lines().filter(|line| line.starts_with("@@")).map(str::to_owned).collect()
}

/// `diff` and `patch` count from the line before an empty side.
#[test]
fn an_empty_side_begins_at_line_0() {
    let (none, some) = (side("a", &json!({})), side("b", &json!({ "cpu": "256", "memory": "512" })));
    assert_eq!(hunks(&none, &some), ["@@ -0,0 +1,2 @@"]);
    assert_eq!(hunks(&some, &none), ["@@ -1,2 +0,0 @@"]);
    assert_eq!(hunks(&some, &side("c", &json!({ "cpu": "256" }))), ["@@ -1,2 +1,1 @@"]);
}

/// Each side has its own numbers, which drift apart by what the hunks before added and removed.
#[test]
fn the_second_hunk_counts_on_both_sides() {
    let tags = |first: &[&'static str], last: &'static str| -> Vec<(&'static str, &'static str)> {
        let middle = ["c", "d", "e", "f", "g", "h", "i", "j"].map(|key| (key, "same"));
        first.iter().map(|key| (*key, "new")).chain(middle).chain([("z", last)]).collect()
    };
    let (none, three) = (tagged(&tags(&[], "old")), tagged(&tags(&["a", "aa", "b"], "new")));
    // 2 lines of the container, 2 of each tag: 16 of the middle, 2 of the last.
    assert_eq!(hunks(&none, &three), ["@@ -1,5 +1,11 @@", "@@ -17,4 +23,4 @@"]);
    assert_eq!(hunks(&three, &none), ["@@ -1,11 +1,5 @@", "@@ -23,4 +17,4 @@"]);
    // With six lines between two changes there is one hunk, with seven there are two.
    let between = |count: usize| -> Vec<String> {
        let middle: Vec<(String, &str)> = (0..count).map(|number| (format!("m{number:02}"), "same")).collect();
        let with = |value: &'static str| {
            let all: Vec<(&str, &str)> = [("a", value)]
                .into_iter()
                .chain(middle.iter().map(|(key, value)| (key.as_str(), *value)))
                .chain([("z", value)])
                .collect();
            tagged(&all)
        };
        hunks(&with("old"), &with("new"))
    };
    // Between the values of "a" and "z" are two lines for each tag, and the key of "z".
    assert_eq!((between(2).len(), between(3).len()), (1, 2));
    let flat = |count: usize| -> Vec<String> {
        let with = |value: &str| {
            let middle = (0..count).map(|number| (format!("m{number}"), json!("same")));
            let ends = [("a".to_owned(), json!(value)), ("z".to_owned(), json!(value))];
            side("x", &Value::Object(middle.chain(ends).collect()))
        };
        hunks(&with("old"), &with("new"))
    };
    assert_eq!((flat(6).len(), flat(7).len()), (1, 2));
}

#[test]
fn control_characters_of_names_and_paths_are_escaped() {
    let hostile = "a\u{1b}[2J\nb";
    let of = |value: &str| {
        let environment = json!([{ "name": hostile, "value": value }]);
        let containers = json!([{ "name": "web", "image": "i", "environment": environment }]);
        side(hostile, &json!({ "containerDefinitions": containers }))
    };
    let text = unified(&of("1"), &of("2"), Values::Shown);
    assert!(!text.contains('\u{1b}'), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.iter().all(|line| line.starts_with(['-', '+', ' ', '@'])), "{text}");
    assert_eq!(lines.iter().filter(|line| line.contains("environment[a")).count(), 3, "{text}");
}
