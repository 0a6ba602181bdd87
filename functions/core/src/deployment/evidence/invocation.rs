//! The log of one invocation of a Lambda function.

use super::LogLine;

/// The lines of the invocation that handled a deployment, from the events of a log group with their streams.
///
/// One environment of the function writes one stream, and one invocation after the other. AWS Lambda marks the beginning
/// and the end of each, as text or as JSON:
/// <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html>. The invocation is the one that
/// logged the ID of the deployment; if none did, it is known only if there was no other one, and all lines are returned
/// otherwise.
pub fn invocation(events: &[(String, LogLine)], deployment: &str) -> Vec<LogLine> {
    let mut streams: Vec<&str> = Vec::new();
    for (stream, _) in events {
        if !streams.contains(&stream.as_str()) {
            streams.push(stream);
        }
    }
    let mut invocations: Vec<Vec<LogLine>> = Vec::new();
    for stream in streams {
        let lines = events.iter().filter(|(of, _)| of == stream).map(|(_, line)| line);
        let mut open: Vec<LogLine> = Vec::new();
        for line in lines {
            if begins(&line.text) && !open.is_empty() {
                invocations.push(std::mem::take(&mut open));
            }
            open.push(line.clone());
        }
        invocations.push(open);
    }
    let its = invocations.iter().rev().find(|lines| lines.iter().any(|line| line.text.contains(deployment)));
    match its {
        Some(lines) => lines.clone(),
        None => events.iter().map(|(_, line)| line.clone()).collect(),
    }
}

/// Whether a line is the first one of an invocation. That of the initialization of the environment comes before it.
fn begins(line: &str) -> bool {
    line.starts_with("START RequestId: ") || line.contains("\"platform.start\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(lines: &[(&str, &str)]) -> Vec<(String, LogLine)> {
        let event =
            |(stream, text): &(&str, &str)| ((*stream).to_owned(), LogLine { at_ms: None, text: (*text).to_owned() });
        lines.iter().map(event).collect()
    }

    fn check(lines: &[(&str, &str)], expected: &[&str]) {
        let found = invocation(&events(lines), "d-1");
        assert_eq!(found.iter().map(|line| line.text.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_invocation_is_the_one_that_names_the_deployment() {
        check(
            &[
                ("a", "START RequestId: 1 Version: 4"),
                ("b", "START RequestId: 2 Version: 4"),
                ("a", "event d-0"),
                ("b", "event d-1"),
                ("a", "END RequestId: 1"),
                ("b", "GET / 502"),
                ("b", "END RequestId: 2"),
                ("b", "START RequestId: 3 Version: 4"),
                ("b", "event d-2"),
            ],
            &["START RequestId: 2 Version: 4", "event d-1", "GET / 502", "END RequestId: 2"],
        );
        check(
            &[
                ("a", r#"{"type":"platform.start","record":{"requestId":"1"}}"#),
                ("a", r#"{"message":"d-1"}"#),
                ("a", r#"{"type":"platform.start","record":{"requestId":"2"}}"#),
            ],
            &[r#"{"type":"platform.start","record":{"requestId":"1"}}"#, r#"{"message":"d-1"}"#],
        );
    }

    #[test]
    fn without_the_deployment_all_lines_stay() {
        check(&[("a", "START RequestId: 1"), ("a", "x"), ("b", "y")], &["START RequestId: 1", "x", "y"]);
        check(&[], &[]);
    }
}
